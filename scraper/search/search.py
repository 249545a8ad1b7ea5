"""All engines of one class together: a stream of pictures that nobody has named before, in a fixed order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import chain, zip_longest

from imgtool.records import EngineReport, ImageRef
from scraper.engines.base import Page
from scraper.search.asking import Asking
from scraper.search.seen import Seen
from scraper.search.walk import Walk

FAINT = 5.0  # new pictures a request, below which the engines in reserve are called in

Watch = Callable[[Walk, Page, int], None]


class Search:
    """The engines at the front go together, a page each in turn; the reserve joins when the front runs thin."""

    def __init__(
        self, front: Sequence[Walk], reserve: Sequence[Walk], asking: Asking, seen: Seen, watch: Watch
    ) -> None:
        self._front = list(front)
        self._reserve = list(reserve)
        self._asking = asking
        self._watch = watch
        self._seen = seen

    async def refs(self) -> AsyncIterator[ImageRef]:
        """Pictures until every way is dry. The consumer stops when it has enough."""
        while walks := self._active():
            pages = await asyncio.gather(*(self._read(walk) for walk in walks))
            columns = [self._take(walk, page) for walk, page in zip(walks, pages, strict=True) if page is not None]
            for ref in chain.from_iterable(zip_longest(*columns)):
                if ref is not None:
                    yield ref

    def leave(self, engine: str, why: str) -> None:
        """Ask that engine no more; what it said stands."""
        for walk in (*self._front, *self._reserve):
            if walk.engine.name == engine:
                walk.leave(why)

    def reports(self, kept: Mapping[str, int]) -> tuple[EngineReport, ...]:
        """What each engine did; engines that were never needed are left out."""
        walks = (*self._front, *(walk for walk in self._reserve if walk.pages or walk.stopped))
        return tuple(walk.report(kept.get(walk.engine.name, 0)) for walk in walks)

    def _active(self) -> list[Walk]:
        front = [walk for walk in self._front if walk.next() is not None]
        if front and (not all(walk.opened() for walk in front) or max(w.hope() for w in front) >= FAINT):
            return front
        return front + [walk for walk in self._reserve if walk.next() is not None]

    async def _read(self, walk: Walk) -> Page | None:
        ask = walk.next()
        return None if ask is None else await self._asking.read(walk.engine, ask)

    def _take(self, walk: Walk, page: Page) -> list[ImageRef]:
        fresh = walk.read(page, self._seen.add)
        self._watch(walk, page, len(fresh))
        return fresh
