"""A real browser for result pages, started when the first page needs one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from imgtool.pipeline.plan import Event, Note, Plan
from scraper.browser import BrowserPages, Missing, available
from scraper.reply import Reply

SCROLLS = 10  # Google names about 100 pictures a screenful and ends after some hundreds


class Browsing:
    """The browser of one run; nothing is started before it is needed."""

    def __init__(self, plan: Plan, watch: Callable[[Event], None]) -> None:
        self._plan = plan
        self._watch = watch
        self._stack = AsyncExitStack()
        self._pages: BrowserPages | None = None
        found = Missing("switched off", "") if plan.browser == "never" else available()
        self.there = not isinstance(found, Missing)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def page(self, url: str) -> Reply:
        """The page as a browser shows it, scrolled to its end. Raises Unreachable."""
        if self._pages is None:
            self._watch(Note("plain HTTP is answered with a shell; opening a real browser"))
            headed = self._plan.browser == "headed"
            pages = BrowserPages(headed=headed, limits=self._plan.limits, say=lambda text: self._watch(Note(text)))
            self._pages = await self._stack.enter_async_context(pages)
        return await self._pages.page(url, scrolls=SCROLLS)
