"""Pictures are decided in the order in which the engines named them, whatever order they arrive in.

That makes a run repeatable: of two twins the same one stays, and a run that was killed ends with the
same set. What arrives early waits, on disk and in the catalogue, so that it is never fetched again.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from imgtool.dataset import Arrival, Dataset, Decision, Drop, Keep, KeptBefore, Retract, SkippedBefore, Wait
from imgtool.dataset.store import TMP
from imgtool.pipeline.uniqueness import Uniqueness
from imgtool.records import Kept, Outcome, Skipped

WINDOW = 4096  # pictures that may arrive before one that was named earlier; 3 kB each
BATCH = 256  # decisions in one transaction
QUIET = 0.1  # seconds after which what arrived is written down

Result: TypeAlias = Arrival | Skipped | KeptBefore | SkippedBefore


class Order:
    """The line in which arrivals wait for their turn."""

    def __init__(self, dataset: Dataset, unique: Uniqueness, wanted: int) -> None:
        self.unique = unique
        self.wanted = wanted
        self.skipped: Counter[str] = Counter()
        self.kept_by: Counter[str] = Counter()  # engine
        self.new = 0
        self.fruitless: Counter[str] = Counter()  # by engine: pictures decided since the last one that was kept
        self._dataset = dataset
        self._handed = 0  # the number the next ref gets
        self._turn = 0  # the number whose decision is next
        self._line: dict[int, Result] = {}
        self._good = 0  # arrivals in the line
        self._unwritten: list[int] = []
        self._held: list[Decision] = []
        self._written = time.monotonic()

    @property
    def enough(self) -> bool:
        """Is the class full?"""
        return self.unique.kept >= self.wanted

    @property
    def jammed(self) -> bool:
        """Must the next fetch wait for those before it?"""
        return self._handed - self._turn >= WINDOW

    @property
    def under_way(self) -> int:
        """Pictures that have a number and have not arrived."""
        return self._handed - self._turn - len(self._line)

    def short(self, rate: float) -> float:
        """Pictures still to be fetched, if all that wait are good, and of those under way the share `rate`."""
        return self.wanted - self.unique.kept - self._good - self.under_way * rate

    def number(self) -> int:
        """A place in the line."""
        self._handed += 1
        return self._handed - 1

    def put(self, number: int, result: Result) -> None:
        """Somebody arrived."""
        self._line[number] = result
        if isinstance(result, Arrival):
            self._good += 1
        self._unwritten.append(number)

    def due(self) -> bool:
        """Is it time to write down what arrived?"""
        late = time.monotonic() - self._written >= QUIET
        return late or len(self._unwritten) >= BATCH or self.under_way == 0

    async def settle(self) -> list[Outcome]:
        """Decide on all whose turn has come, write everything down; what was decided."""
        outcomes: list[Outcome] = []
        while True:
            decisions, early = self._decide(), self._early()
            if not decisions and not early:
                self._written = time.monotonic()
                return outcomes
            placed = await self._write(decisions + [_early_word(result) for _, result in early])
            for (number, result), path in zip(early, placed[len(decisions) :], strict=True):
                if isinstance(result, Arrival):
                    self._line[number] = replace(result, path=path)
            outcomes += self._tell(decisions, placed)

    async def save(self) -> None:
        """On the way out: what arrived and was not written down yet waits for the next run."""
        while early := self._early():
            await self._write([_early_word(result) for _, result in early])

    async def _write(self, decisions: Sequence[Decision]) -> list[str]:
        writing = asyncio.ensure_future(asyncio.to_thread(self._dataset.commit, decisions))
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            await writing  # a Ctrl-C must not part the files from their rows
            raise

    def _decide(self) -> list[Decision]:
        decisions, self._held = self._held, []
        while len(decisions) < BATCH and not self.enough and self._turn in self._line:
            result = self._line.pop(self._turn)
            self._turn += 1
            verdict = self._verdict(result)
            self._weigh(result, verdict)
            if decisions and any(isinstance(decision, Retract) for decision in verdict):
                self._held = verdict  # what it takes back must be in its place first
                break
            decisions += verdict
        return decisions

    def _verdict(self, result: Result) -> list[Decision]:
        match result:
            case Arrival():
                self._good -= 1
                return self.unique.decide(result)
            case Skipped():
                return [Drop(result)]
            case KeptBefore() | SkippedBefore():
                self.unique.recall(result.ref, result.sha256)
                return []

    def _weigh(self, result: Result, verdict: Sequence[Decision]) -> None:
        """Count what an engine's picture came to; earlier runs' too, so that a kill changes nothing."""
        engine = result.ref.engine
        fruit = isinstance(result, KeptBefore) or any(isinstance(decision, Keep) for decision in verdict)
        self.fruitless[engine] = 0 if fruit else self.fruitless[engine] + 1

    def _early(self) -> list[tuple[int, Arrival | Skipped]]:
        """Those who arrived, are not written down, and whose turn has not come."""
        line = [(number, self._line.get(number)) for number in self._unwritten[:BATCH]]
        del self._unwritten[:BATCH]
        return [(n, r) for n, r in line if isinstance(r, Skipped) or (isinstance(r, Arrival) and _new(r))]

    def _tell(self, decisions: Sequence[Decision], placed: Sequence[str]) -> list[Outcome]:
        told: list[Outcome] = []
        for decision, path in zip(decisions, placed, strict=False):  # the waiting ones come after
            match decision:
                case Keep(arrival):
                    self.new += 1
                    self.kept_by[arrival.ref.engine] += 1
                    told.append(Kept(arrival.ref, path, arrival.picture))
                case Drop(skipped):
                    self.skipped[skipped.reason] += 1
                    told.append(skipped)
                case Retract():
                    self.new -= 1
        return told


def _early_word(result: Arrival | Skipped) -> Decision:
    return Wait(result) if isinstance(result, Arrival) else Drop(result)


def _new(arrival: Arrival) -> bool:
    return arrival.path.startswith(TMP)
