"""The shape of the only doorway to the network. `transport` is the real one; a test's fake is a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from imgtool.records import Reason
from scraper.reply import Reply


class Unreachable(Exception):
    """No whole answer came: the reason is what the picture's `Skipped` will say."""

    def __init__(self, reason: Reason, detail: str = "", *, status: int = 0) -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.detail = detail
        self.status = status


class Stream(Protocol):
    """An answer whose head has arrived and whose body has not been read."""

    reply: Reply  # body empty

    async def save(self, sink: Path) -> int:
        """Write the body to `sink` within the limits; the number of bytes. Raises Unreachable."""
        ...


class Transport(Protocol):
    """Requests out, answers in, every bound kept."""

    async def page(self, url: str, headers: Mapping[str, str] | None = None) -> Reply:
        """A whole small answer (a result page, robots.txt); whatever its status. Raises Unreachable."""
        ...

    def open(self, url: str, headers: Mapping[str, str] | None = None) -> AbstractAsyncContextManager[Stream]:
        """The head of an answer after vetted redirects; its body on demand. Raises Unreachable."""
        ...
