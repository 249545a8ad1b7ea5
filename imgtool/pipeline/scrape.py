"""From class names to folders of real, unique pictures: the library's first verb."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypedDict, TypeVar, Unpack, cast

from curate.bounds import BOUNDS, Bounds
from curate.examiners import Examiners
from imgtool.dataset import Dataset, clean
from imgtool.dataset.folders import folder
from imgtool.errors import UsageError
from imgtool.pipeline.browse import Browsing
from imgtool.pipeline.harvest import Harvest, Tools
from imgtool.pipeline.pages import Pages
from imgtool.pipeline.plan import EVERYTHING, Browser, ClassPlan, Event, List, Plan
from imgtool.pipeline.sources import Sources, engine_named, first_requests
from imgtool.records import ClassReport, Filters, Outcome, Reason, ScrapeReport
from imgtool.settings import Settings, load
from imgtool.settings.places import cache_folder
from scraper.crew import Crew
from scraper.fetch import Fetcher
from scraper.files import affordable
from scraper.redact import redacted
from scraper.search.asking import Asking
from scraper.search.resting import Rests
from scraper.transport import AiohttpTransport

T = TypeVar("T")
Watch = Callable[[Event], None]


class Options(TypedDict, total=False):
    """What `scrape` and `collect` take beside the class names."""

    n: int  # pictures to keep, each class; 100, or everything that a list names
    out: str | Path  # the dataset's folder; data
    query: str | Iterable[str]  # words to search instead of the class's name
    engine: str | Iterable[str]  # auto, bing, google, duckduckgo, openverse, wikimedia, flickr
    filters: Filters
    lists: Iterable[List]  # files of URLs, saved pages, HAR files; then no engine is asked unless named
    min_size: int  # pixels of the shorter side
    retry: Iterable[Reason | str]  # reasons for which earlier failures are tried again
    refresh: bool  # ask the engines again although their pages of today are remembered
    browser: Browser
    settings: Settings  # default: from the files and the environment, as for the command


def scrape(*labels: str, watch: Watch | None = None, **options: Unpack[Options]) -> ScrapeReport:
    """Collect unique, decodable pictures of each class; what became of it. Also inside a running loop."""
    return run(plan(labels, options), watch)


async def collect(
    label: str, *, watch: Watch | None = None, **options: Unpack[Options]
) -> AsyncGenerator[Outcome, None]:
    """The same as a stream: the fate of each picture, `Kept` or `Skipped`, as it is decided."""
    async with aclosing(_Run(plan((label,), options), watch or _unwatched).outcomes()) as outcomes:
        async for outcome in outcomes:
            yield outcome


def plan(labels: Iterable[str], options: Options) -> Plan:
    """Options as people give them in, a checked plan out."""
    settings = options.get("settings") or load(environ=os.environ, folder=Path.cwd()).settings
    lists = tuple(options.get("lists", ()))
    n = options.get("n", EVERYTHING if lists else 100)
    queries = _words(options.get("query", ()))
    engines = _words(options.get("engine", () if lists else settings.engines))
    for name in engines:
        if name != "auto":
            engine_named(name)
    return Plan(
        classes=tuple(ClassPlan(clean(label), queries, n) for label in labels),
        out=Path(options.get("out", settings.out)),
        engines=engines,
        filters=options.get("filters", Filters(safe=settings.safe, market=settings.market, licence=settings.licence)),
        lists=lists,
        min_size=options.get("min_size", settings.min_size),
        retry=frozenset(_reason(reason) for reason in options.get("retry", ())),
        refresh=options.get("refresh", False),
        browser=options.get("browser", cast("Browser", settings.browser)),
        settings=settings,
    )


def run(plan: Plan, watch: Watch | None = None) -> ScrapeReport:
    """Carry a plan out, from synchronous code."""
    return _synchronously(_Run(plan, watch or _unwatched).report)


def preview(plan: Plan) -> list[str]:
    """What a run would do first, a sentence each; nothing is asked of anybody, nothing is written."""
    lines = []
    for planned in plan.classes:
        n = "every picture of the lists" if planned.n == EVERYTHING else f"{planned.n} pictures"
        lines.append(f"{planned.label}: {n} into {plan.out / folder(planned.label)}")
        lines += [f"  reads {path}" for path in plan.lists]
        lines += [f"  asks {name}: {redacted(url)}" for name, url in first_requests(plan, planned)]
    return lines


class _Run:
    """One scrape: the tools are made once, the classes come one after the other."""

    def __init__(self, plan: Plan, watch: Watch) -> None:
        self.plan = plan
        self.watch = watch
        self.reports: list[ClassReport] = []

    async def report(self) -> ScrapeReport:
        started = time.monotonic()
        async with aclosing(self.outcomes()) as outcomes:
            async for _ in outcomes:
                pass
        seconds = round(time.monotonic() - started, 3)
        return ScrapeReport(str(self.plan.out), tuple(self.reports), seconds)

    async def outcomes(self) -> AsyncGenerator[Outcome, None]:
        async with AsyncExitStack() as stack:
            dataset = stack.enter_context(Dataset.open(self.plan.out, create=True))
            stack.enter_context(dataset.writing())
            dataset.begin("scrape", _config(self.plan))
            transport = await stack.enter_async_context(AiohttpTransport(self.plan.limits))
            examiners = await stack.enter_async_context(Examiners(self.plan.settings.workers, self._bounds()))
            limits = replace(self.plan.limits, concurrency=affordable(self.plan.limits.concurrency))
            crew = Crew(limits)
            tools = Tools(dataset, Fetcher(transport, limits, crew), crew, examiners, self.watch)
            browsing = await stack.enter_async_context(Browsing(self.plan, self.watch))
            asking = Asking(
                transport,
                Pages(dataset, self.plan.refresh),
                browse=browsing.page,
                unhurried=transport.own_server,
            )
            for planned in self.plan.classes:
                async with aclosing(self._class(planned, tools, asking)) as outcomes:
                    async for outcome in outcomes:
                        self.watch(outcome)
                        yield outcome
            dataset.end({"classes": [asdict(report) for report in self.reports]})

    def _bounds(self) -> Bounds:
        return replace(BOUNDS, min_size=self.plan.min_size)

    async def _class(self, planned: ClassPlan, tools: Tools, asking: Asking) -> AsyncGenerator[Outcome, None]:
        rests = Rests(cache_folder(os.environ) / "resting.json")
        named, search = Sources(self.plan, planned, asking, rests, self.watch).open()
        harvest = Harvest(self.plan, planned, tools, named, search)
        async with aclosing(harvest.outcomes()) as outcomes:
            async for outcome in outcomes:
                yield outcome
        self.reports.append(harvest.report())


def _config(plan: Plan) -> dict[str, object]:
    """The plan as the catalogue remembers it: no keys, no passwords."""
    settings = replace(plan.settings, proxy="set" if plan.settings.proxy else "")
    shown = {name: getattr(settings, name) for name in ("allow_private", "ignore_robots", "honour_opt_outs", "proxy")}
    return {
        "classes": [asdict(planned) for planned in plan.classes],
        "engines": plan.engines,
        "filters": asdict(plan.filters),
        "lists": [str(path) for path in plan.lists],
        "min_size": plan.min_size,
        "settings": shown,
    }


def _reason(name: str) -> Reason:
    try:
        return Reason(name)
    except ValueError:
        message = f"There is no reason {name!r} to try again for."
        raise UsageError(message, hint=f"Known are {', '.join(Reason)}.") from None


def _words(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _unwatched(_: Event) -> None:
    """For those who only want the report."""


def _synchronously(start: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end: here, or (where a loop runs already, as in a notebook) in a thread with a loop of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(start())
    box: list[T | BaseException] = []

    def target() -> None:
        try:
            box.append(asyncio.run(start()))
        except BaseException as error:  # noqa: BLE001 - carried to the thread that waits
            box.append(error)

    thread = threading.Thread(target=target, name="imgtool-scrape")
    thread.start()
    thread.join()
    if isinstance(box[0], BaseException):
        raise box[0]
    return box[0]
