"""One class from its first page to its last picture: named → fetched → decoded → decided, as one stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from curate.examiners import Examiners
from imgtool.dataset import Arrival, Dataset, Past, SkippedBefore
from imgtool.pipeline.order import Order, Result
from imgtool.pipeline.plan import EVERYTHING, Began, ClassPlan, Event, Note, Plan
from imgtool.pipeline.uniqueness import Uniqueness
from imgtool.records import ClassReport, Fetched, ImageRef, Outcome, Picture, Refusal, Skipped
from scraper.crew import Crew
from scraper.fetch import Fetcher
from scraper.search import Search

Job: TypeAlias = tuple[int, ImageRef]
Named: TypeAlias = ImageRef | Skipped
NUDGE: Job = (-1, ImageRef("", "", ""))  # a job of nothing: its result wakes whoever decides
FRUITLESS = 1000  # an engine's pictures in a row of which none was kept: more than a real query is deep
LEAST = 0.2  # the share of pictures that come out good is never guessed lower: it bounds what is fetched for nothing


@dataclass(frozen=True, slots=True)
class Tools:
    """What all classes of a run share."""

    dataset: Dataset
    fetcher: Fetcher
    crew: Crew
    examiners: Examiners
    watch: Callable[[Event], None]


class Harvest:
    """One class of a run."""

    def __init__(
        self, plan: Plan, planned: ClassPlan, tools: Tools, named: AsyncIterator[Named], search: Search
    ) -> None:
        self.label = planned.label
        self._plan = plan
        self._tools = tools
        self._named = named
        self._search = search
        self._wanted = planned.n
        self._folder = tools.dataset.folder(planned.label)
        self._unique = Uniqueness(planned.label, tools.dataset.thumb)
        self._order = Order(tools.dataset, self._unique, planned.n)
        self._room = asyncio.Event()
        self._started = time.monotonic()
        self._good = self._done = 1  # of what this run fetched; from one, so that there is a rate at the start

    async def outcomes(self) -> AsyncGenerator[Outcome, None]:
        """Every picture's fate, in the order of the search; ends when the class is full or the search is dry."""
        await self._look_around()
        self._tools.watch(Began(self.label, self._wanted, self._unique.kept))
        if self._order.enough:
            return  # nobody is asked for anything
        try:
            async with aclosing(self._tools.crew.run(self._jobs(), self._work, host_of)) as results:
                async for number, result in results:
                    if result is not None:
                        self._note(number, result)
                    if self._order.due():
                        for outcome in await self._order.settle():
                            yield outcome
                        self._leave_the_fruitless()
                        self._room.set()
                    if self._order.enough:
                        break
            for outcome in await self._order.settle():
                yield outcome
        finally:
            await self._order.save()

    def report(self) -> ClassReport:
        """What became of the class."""
        order, dataset = self._order, self._tools.dataset
        return ClassReport(
            label=self.label,
            folder=self._folder,
            wanted=None if self._wanted == EVERYTHING else self._wanted,
            kept=dataset.count(self.label),
            new=order.new,
            spare=dataset.count(self.label, "waiting"),
            skipped=dict(order.skipped.most_common()),
            engines=self._search.reports(order.kept_by),
            seconds=round(time.monotonic() - self._started, 3),
        )

    async def _look_around(self) -> None:
        """What a person put into the folder counts, and is looked at once."""
        dataset, found = self._tools.dataset, self._tools.dataset.unexamined(self.label)
        if found:
            self._tools.watch(Note(f"{self._folder}/ holds {len(found)} files new to imgtool; looking at them"))
        for start in range(0, len(found), 256):
            paths = found[start : start + 256]
            seen = [await self._tools.examiners.examine(dataset.root / path) for path in paths]
            dataset.adopt(self.label, list(zip(paths, seen, strict=True)))
        self._unique.load(dataset.hashes(self.label), dataset.refused(self.label))

    async def _jobs(self) -> AsyncIterator[Job]:
        async for named in self._named:
            if isinstance(named, Skipped):
                self._order.put(self._order.number(), named)
                continue
            while self._fed():
                self._room.clear()
                if not self._order.under_way:
                    yield NUDGE  # nobody else will make the consumer look at what waits
                await self._room.wait()
            if self._order.enough:
                return
            past = self._past(named)
            number = self._order.number()
            if past is None:
                yield number, named
            else:
                self._order.put(number, past)

    def _leave_the_fruitless(self) -> None:
        """An engine may name new addresses of the same few pictures for ever."""
        for engine, many in self._order.fruitless.items():
            if many >= FRUITLESS:
                self._search.leave(engine, f"none of its last {many} pictures could be kept")

    def _fed(self) -> bool:
        """Is enough under way?"""
        rate = max(LEAST, self._good / self._done)
        return not self._order.enough and (self._order.jammed or self._order.short(rate) <= 0)

    def _past(self, ref: ImageRef) -> Past | None:
        past = self._tools.dataset.past(ref.label, ref.url)
        retried = isinstance(past, SkippedBefore) and past.reason in self._plan.retry
        return None if retried else past

    def _note(self, number: int, result: Result) -> None:
        self._done += 1
        self._good += isinstance(result, Arrival)
        self._order.put(number, result)
        self._room.set()

    async def _work(self, job: Job) -> tuple[int, Result | None]:
        """One picture, from its address to its looks."""
        number, ref = job
        if job is NUDGE:
            return number, None
        sink = self._tools.dataset.scratch()
        fetched = await self._tools.fetcher.fetch(ref, sink)
        if isinstance(fetched, Skipped):
            return number, fetched
        seen = await self._tools.examiners.examine(sink)
        return number, self._arrival(fetched, sink, seen)

    def _arrival(self, fetched: Fetched, sink: Path, seen: Picture | Refusal) -> Result:
        if isinstance(seen, Refusal):
            sink.unlink(missing_ok=True)
            return Skipped(fetched.ref, seen.reason, seen.detail)
        return Arrival(fetched.ref, seen, self._tools.dataset.relative(sink), fetched.final_url, fetched.notes)


def host_of(job: Job) -> str:
    """The part of the address whose turn a picture takes."""
    return job[1].url.partition("://")[2].partition("/")[0].lower()
