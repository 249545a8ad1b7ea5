"""All engines of one class together: a stream of pictures that nobody has named before, in a fixed order."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import chain, zip_longest

from imgtool.records import EngineReport, ImageRef
from scraper.engines.base import Page
from scraper.search.asking import Asking
from scraper.search.walk import Walk
from scraper.urls import canonical

FAINT = 5.0  # new pictures a request, below which the engines in reserve are called in

Watch = Callable[[Walk, Page, int], None]


class Search:
    """The engines at the front go together, a page each in turn; the reserve joins when the front runs thin."""

    def __init__(self, front: Sequence[Walk], reserve: Sequence[Walk], asking: Asking, watch: Watch) -> None:
        self._front = list(front)
        self._reserve = list(reserve)
        self._asking = asking
        self._watch = watch
        self._seen = _Seen()

    async def refs(self) -> AsyncIterator[ImageRef]:
        """Pictures until every way is dry. The consumer stops when it has enough."""
        while walks := self._active():
            pages = await asyncio.gather(*(self._read(walk) for walk in walks))
            columns = [self._take(walk, page) for walk, page in zip(walks, pages, strict=True) if page is not None]
            for ref in chain.from_iterable(zip_longest(*columns)):
                if ref is not None:
                    yield ref

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


class _Seen:
    """Pictures that were named already: by URL, and by the engine's own key. Eight bytes each."""

    def __init__(self) -> None:
        self._marks: set[int] = set()

    def add(self, ref: ImageRef) -> bool:
        """Is this one new? From now on it is not."""
        marks = {_mark(canonical(ref.url))} | ({_mark(f"key {ref.key}")} if ref.key else set())
        if not self._marks.isdisjoint(marks):
            return False
        self._marks |= marks
        return True


def _mark(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
