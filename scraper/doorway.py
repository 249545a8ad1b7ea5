"""The shape of the only doorway to the network. `transport` is the real one; a test's fake is a few lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol, TypeAlias

from imgtool.records import Reason, Refusal
from scraper.addresses import Address
from scraper.reply import Reply

Before: TypeAlias = Callable[[Address], Awaitable[None]]  # asked at every hop of a redirect; raises Unreachable
Check: TypeAlias = Callable[[bytes], Refusal | None]  # looks at the first bytes of a body


class Unreachable(Exception):
    """No whole answer came: the reason is what the picture's `Skipped` will say."""

    def __init__(self, reason: Reason, detail: str = "", *, status: int = 0) -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.detail = detail
        self.status = status


class Crowded(OSError):
    """This machine has no room for one more socket or file just now. Says nothing about the picture."""


class Stream(Protocol):
    """An answer whose head has arrived and whose body has not been read."""

    reply: Reply  # body empty
    guard: str  # the IP address that was vetted and connected to, or the proxy that did so in our place

    async def save(self, sink: Path, check: Check | None = None) -> int:
        """Write the body to `sink` within the limits; the number of bytes. Raises Unreachable; OSError for the disk."""
        ...


class Transport(Protocol):
    """Requests out, answers in, every bound kept."""

    async def page(self, url: str, headers: Mapping[str, str] | None = None, *, cut: int = 0) -> Reply:
        """A whole small answer, whatever its status; of a longer one the first `cut` bytes. Raises Unreachable."""
        ...

    def open(
        self, url: str, headers: Mapping[str, str] | None = None, *, before: Before | None = None
    ) -> AbstractAsyncContextManager[Stream]:
        """The head of an answer after vetted redirects; its body on demand. Raises Unreachable, Crowded."""
        ...
