"""One engine's way through one class: which request next, where new pictures come from, when to stop.

Pure: it sees pages, never the network. What it decides depends on the pages alone, so the same pages
give the same order of pictures, whatever arrives when.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from imgtool.records import EngineReport, ImageRef, Query
from scraper.engines.base import Ask, Engine, Page, Verdict

BARREN = 8  # queries in a row without anything new that end a kind of expansion
STALE = 2  # pages in a row without anything new that end a path: engines repeat themselves for ever
HOPE = {"query": 1.0, "related": 0.6, "part": 0.4}  # of a page, before any page of that kind was read
FULL = 35.0  # pictures on a page, before one was read (Bing's number)


@dataclass(slots=True)
class _Way:
    """One kind of expansion: what is left to try, and what it brought so far."""

    queries: Iterator[Query | None]
    pages: int = 0
    new: int = 0
    barren: int = 0  # queries in a row that brought nothing
    dry: bool = False


@dataclass(slots=True)
class Walk:
    """The state of one engine for one class."""

    engine: Engine
    queries: Sequence[Query]
    start: Callable[[Query], Ask]
    label: str
    verdict: str = "not asked"
    stopped: str = ""
    pages: int = 0
    seen: int = 0
    new: int = 0
    repeated: int = 0
    _ways: dict[str, _Way] = field(default_factory=dict)
    _related: list[Query] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _next: Ask | None = None
    _kind: str = "query"
    _stale: int = 0

    def __post_init__(self) -> None:
        self._known = {plain(query.text) for query in self.queries}
        self._ways = {
            "query": _Way(iter(self.queries)),
            "related": _Way(self._proposals()),
            "part": _Way(part for query in self.queries for part in self.engine.partitions(query)),
        }

    def next(self) -> Ask | None:
        """The request with the best prospects; None when every way is dry."""
        if self.stopped:
            return None
        if self._next is not None:
            return self._next
        for kind in self._by_hope():
            query = next(self._ways[kind].queries, None)
            if query is not None:
                self._kind, self._stale = kind, 0
                self._next = self.start(query)
                return self._next
            self._ways[kind].dry = kind != "related"
        self.stopped = "every query, related query and filter was tried"
        return None

    def read(self, page: Page, is_new: Callable[[ImageRef], bool]) -> list[ImageRef]:
        """Take a page in; the pictures on it that nobody has named before."""
        fresh = [ref for ref in page.refs if is_new(ref)]
        self.pages += 1
        self.seen += len(page.refs)
        self.new += len(fresh)
        self.repeated += len(page.refs) - len(fresh)
        self._settle(page)
        self._learn(page, len(fresh))
        return fresh

    def fail(self, verdict: Verdict, why: str) -> None:
        """The engine is out: it refuses us, or cannot be reached."""
        self.verdict, self.stopped, self._next = verdict.value, why, None

    def leave(self, why: str) -> None:
        """Enough of it, although it would go on."""
        self.stopped, self._next = self.stopped or why, None

    def hope(self) -> float:
        """New pictures that the next request should bring."""
        return max((self._prospect(kind) for kind, way in self._ways.items() if not way.dry), default=0.0)

    def opened(self) -> bool:
        """Has the plain query been read to its end?"""
        return bool(self.stopped) or (self._ways["query"].dry and self._next is None) or self._kind != "query"

    def report(self, kept: int = 0) -> EngineReport:
        """What it did, as a value."""
        stopped = self.stopped or "enough was found"
        counts = (self.pages, self.seen, self.new, self.repeated, kept)
        return EngineReport(self.engine.name, self.verdict, *counts, stopped=stopped)

    def _settle(self, page: Page) -> None:
        useful = page.verdict is Verdict.OK
        if useful or self.verdict in {"not asked", Verdict.NO_RESULTS}:
            self.verdict = page.verdict.value
        if page.verdict.blocked or page.verdict in {Verdict.LAYOUT_CHANGED, Verdict.ERROR}:
            self.fail(page.verdict, page.detail or page.verdict.value)

    def _learn(self, page: Page, fresh: int) -> None:
        way = self._ways[self._kind]
        way.pages += bool(page.refs) or page.next is None  # a token page costs a request but promises nothing
        way.new += fresh
        self._stale = 0 if fresh else self._stale + bool(page.refs)
        self._next = page.next if self._stale < STALE and not self.stopped else None
        way.barren = 0 if fresh else way.barren + (self._next is None)
        way.dry = way.dry or (self._kind != "query" and way.barren >= BARREN)
        for text in page.related:
            if plain(text) not in self._known and on_topic(text, self.label):
                self._known.add(plain(text))
                self._related.append(Query(self.label, text, self.queries[0].filters))

    def _proposals(self) -> Iterator[Query | None]:
        while True:  # never over: a later page may propose more
            yield self._related.pop(0) if self._related else None

    def _by_hope(self) -> list[str]:
        return sorted((kind for kind, way in self._ways.items() if not way.dry), key=lambda k: -self._prospect(k))

    def _prospect(self, kind: str) -> float:
        way = self._ways[kind]
        if kind == "query" and not way.dry:
            return 2 * FULL  # the user's own words come first
        if kind == "related" and not self._related:
            return 0.0
        # one imagined page at the starting hope keeps a single poor page from condemning a way
        return (HOPE[kind] * FULL + way.new) / (1 + way.pages)


def plain(text: str) -> str:
    """Words without case, order kept: "Red  Panda" and "red panda" are one query."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def on_topic(text: str, label: str) -> bool:
    """Does a proposed query still speak of the class? All the class's words must be there."""
    words = set(plain(text).split())
    return all(word in words or f"{word}s" in words for word in plain(label).split())
