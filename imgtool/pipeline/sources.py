"""Where a class's pictures are looked for: lists first, then engines, as one stream of refs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from imgtool.errors import UsageError
from imgtool.pipeline.plan import ClassPlan, Event, Note, PageRead, Plan
from imgtool.records import Filters, ImageRef, Query, Reason, Skipped
from imgtool.settings import Settings
from scraper.engines import ENGINES
from scraper.engines.base import Ask, Engine, Page, Verdict
from scraper.licences import allowed
from scraper.lists import BadLine, read_list
from scraper.search import Search, Seen, Walk
from scraper.search.asking import Asking
from scraper.search.resting import Rests

FRONT = ("bing", "google")
RESERVE = ("duckduckgo", "openverse", "wikimedia", "flickr")
DEFAULTS = Filters()


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of one class."""

    plan: Plan
    planned: ClassPlan
    asking: Asking
    rests: Rests
    watch: Callable[[Event], None]

    def open(self) -> tuple[AsyncIterator[ImageRef | Skipped], Search]:
        """The stream of refs, and the search behind it, that tells afterwards what each engine did."""
        front, reserve = self._walks()
        seen = Seen()
        search = Search(front, reserve, self.asking, seen, self._seen)
        return self._stream(search, seen), search

    async def _stream(self, search: Search, seen: Seen) -> AsyncIterator[ImageRef | Skipped]:
        for path in self.plan.lists:
            for entry in read_list(path, self.planned.label, say=self._mended):
                named = self._licensed(_listed(entry, self.planned.label, str(path)))
                again = isinstance(named, ImageRef) and not seen.add(named)
                yield Skipped(named, Reason.DUPLICATE_URL) if again and isinstance(named, ImageRef) else named
        async for ref in search.refs():
            yield self._licensed(ref)

    def _licensed(self, ref: ImageRef | Skipped) -> ImageRef | Skipped:
        wanted = self.plan.filters.licence
        if not wanted or isinstance(ref, Skipped):
            return ref
        return ref if allowed(ref.licence, wanted) else Skipped(ref, Reason.LICENCE, ref.licence or "unknown")

    def _walks(self) -> tuple[list[Walk], list[Walk]]:
        chosen = self.plan.engines
        if "auto" not in chosen:
            return [self._walk(name) for name in chosen], []
        front = [*FRONT, *(name for name in chosen if name not in (*FRONT, "auto"))]
        reserve = [n for n in RESERVE if n not in front and (not ENGINES[n].key_env or self._key(n))]
        return [self._walk(name) for name in front], [self._walk(name) for name in reserve]

    def _walk(self, name: str) -> Walk:
        engine, base = engine_named(name), self.plan.settings.base(name)
        self._say_what_is_ignored(engine)
        start = partial(_first, engine, base, self._key(name))
        walk = Walk(engine, self.plan.searches(self.planned), start, self.planned.label)
        if engine.key_env and not self._key(name):
            walk.fail(Verdict.DENIED, f"needs a key: set {engine.key_env}")
        elif why := self.rests.why(name, base):
            walk.fail(Verdict(why.partition(";")[0]), why)
        return walk

    def _key(self, name: str) -> str:
        return key_of(self.plan.settings, ENGINES[name])

    def _seen(self, walk: Walk, page: Page, new: int) -> None:
        name = walk.engine.name
        self.rests.lay_down(name, self.plan.settings.base(name), page.verdict)
        self.watch(PageRead(self.planned.label, name, page.verdict.value, len(page.refs), new))

    def _mended(self, number: int, words: str) -> None:
        self.watch(Note(f"line {number}: {words}"))

    def _say_what_is_ignored(self, engine: Engine) -> None:
        asked = {name for name in Filters.__slots__ if getattr(self.plan.filters, name) != getattr(DEFAULTS, name)}
        if ignored := sorted(asked - engine.filters):
            self.watch(Note(f"{engine.name} cannot filter by {', '.join(ignored)}"))


def first_requests(plan: Plan, planned: ClassPlan) -> list[tuple[str, str]]:
    """Each engine that would be asked at once, with the address of its first page."""
    names = FRONT if "auto" in plan.engines else plan.engines
    query = plan.searches(planned)[0]
    found = [(name, engine_named(name)) for name in names]
    return [(name, _first(engine, plan.settings.base(name), "", query).url) for name, engine in found]


def engine_named(name: str) -> Engine:
    """The engine of that name."""
    if name not in ENGINES:
        message = f"There is no engine {name!r}."
        raise UsageError(message, hint=f"Known engines: auto, {', '.join(ENGINES)}.")
    return ENGINES[name]


def key_of(settings: Settings, engine: Engine) -> str:
    """The engine's key; "" if it needs none or has none."""
    return settings.keys.get(engine.key_env) if engine.key_env else ""


def _first(engine: Engine, base: str, key: str, query: Query) -> Ask:
    return engine.first(query, base, key)


def _listed(entry: ImageRef | BadLine, label: str, origin: str) -> ImageRef | Skipped:
    if isinstance(entry, ImageRef):
        return replace(entry, query=origin) if not entry.query else entry
    ref = ImageRef(url=f"{Path(origin).name}:{entry.number}", label=label, engine="urls", query=origin)
    return Skipped(ref, Reason.BAD_URL, entry.reason)
