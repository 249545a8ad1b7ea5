"""A real browser for result pages, started when the first page needs one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from imgtool.pipeline.plan import Event, Note, Plan
from scraper.reply import Reply

if TYPE_CHECKING:
    from scraper.browser import BrowserPages

SCROLLS = 10  # Google names about 100 pictures a screenful and ends after some hundreds


class Browsing:
    """The browser of one run; neither it nor its library is loaded before it is needed."""

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

    @property
    def there(self) -> bool:
        """Is a browser wanted, and on this machine?"""
        if self._plan.browser == "never":
            return False
        from scraper.browser import Missing, available

        return not isinstance(available(), Missing)

    async def page(self, url: str) -> Reply | None:
        """The page as a browser shows it, scrolled to its end; None where there is none. Raises Unreachable."""
        if not self.there:
            return None
        pages = self._pages or await self._open()
        return await pages.page(url, scrolls=SCROLLS)

    async def _open(self) -> BrowserPages:
        from scraper.browser import BrowserPages

        self._watch(Note("plain HTTP is answered with a shell; opening a real browser"))
        headed = self._plan.browser == "headed"
        pages = BrowserPages(headed=headed, limits=self._plan.limits, say=lambda text: self._watch(Note(text)))
        self._pages = await self._stack.enter_async_context(pages)
        return self._pages
