"""A real browser for result pages, started when the first page needs one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from imgtool.pipeline.plan import Event, Note, Plan
from scraper.browser import BrowserPages, Missing, available
from scraper.doorway import Unreachable
from scraper.reply import Reply

SCROLLS = 8  # Google names about 100 pictures a screenful of scrolls, and ends near 800


class Browsing:
    """The browser of one run; nothing is started before it is needed."""

    def __init__(self, plan: Plan, watch: Callable[[Event], None]) -> None:
        self._plan = plan
        self._watch = watch
        self._stack = AsyncExitStack()
        self._pages: BrowserPages | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
