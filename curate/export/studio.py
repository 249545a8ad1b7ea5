"""The pool that makes an export's pictures: units in, their pictures out in the same order, from all cores."""

from __future__ import annotations

import selectors
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from curate.darkroom.order import opening, order
from curate.darkroom.render import Shot
from curate.export.options import ExportOptions
from curate.export.plan import Item, Plan, Unit
from curate.relay import TICK
from curate.team import DEPTH, Rules, Team, processors
from imgtool.records import Reason, Refusal

PATIENCE = 60.0  # s for one unit: eight variants of a 50 Mpx picture take 10


@dataclass(frozen=True, slots=True)
class Print:
    """One picture of the export, made."""

    unit: Unit
    item: Item
    shot: Shot


@dataclass(slots=True, eq=False)
class Slot:
    """A unit's place in the order, and its answer when it has come."""

    unit: Unit
    answer: object = None
    done: bool = False


@dataclass(slots=True)
class Studio:
    """Where an export's pictures are made. `lost` is filled on the way."""

    root: Path
    options: ExportOptions
    lost: dict[str, Refusal] = field(default_factory=dict)

    def prints(self, units: Iterable[Unit]) -> Iterator[Print]:
        """Every picture as a file, in order."""
        first = opening(self.options.treatment)
        for unit, answer in self._answers(((unit, 0) for unit in units), first):
            if isinstance(answer, list):
                made = zip(unit.items, answer, strict=True)
                yield from (Print(unit, item, Shot(*values)) for item, values in made)

    def fill(self, plan: Plan, path: Path, start: int) -> None:
        """Every picture's pixels into their row of a file, whose rows begin at `start`."""
        first = opening(self.options.treatment, str(path.absolute()), start)
        for _ in self._answers(numbered(plan.units), first):
            pass

    def _answers(self, orders: Iterable[tuple[Unit, int]], first: object) -> Iterator[tuple[Unit, object]]:
        """What became of each unit, in order; what was refused is noted."""
        rules = Rules("curate.darkroom.hand", first, self.options.workers, PATIENCE)
        for unit, answer in in_order(self._orders(orders), rules):
            if not isinstance(answer, list):
                self.lost[unit.entry.path] = refused(answer)
            yield unit, answer

    def _orders(self, units: Iterable[tuple[Unit, int]]) -> Iterator[tuple[Unit, object]]:
        root = self.root.absolute()
        for unit, row in units:
            entry, copies = unit.entry, tuple(item.copy for item in unit.items)
            flip = entry.label not in self.options.no_flip
            path = str(root / entry.path)
            yield unit, order(path, entry.picture.sha256, copies, flip=flip, row=row)


def numbered(units: Iterable[Unit]) -> Iterator[tuple[Unit, int]]:
    """Each unit with its first row."""
    row = 0
    for unit in units:
        yield unit, row
        row += len(unit.items)


def in_order(orders: Iterable[tuple[Unit, object]], rules: Rules) -> Iterator[tuple[Unit, object]]:
    """Each unit with its answer, in the order of the orders; few are held, so that memory stays flat."""
    window = 2 * DEPTH * (rules.workers or processors())
    waiting, queue = iter(orders), deque[Slot]()
    with pool(rules) as (team, selector):
        while True:
            for unit, order in islice(waiting, window - len(queue)):
                queue.append(Slot(unit))
                team.submit(queue[-1], order)
            if not queue:
                return
            listen(team, selector)
            while queue and queue[0].done:
                slot = queue.popleft()
                yield slot.unit, slot.answer


@contextmanager
def pool(rules: Rules) -> Iterator[tuple[Team[Slot], selectors.BaseSelector]]:
    """A team, and what tells which of its workers has something to say."""
    with selectors.DefaultSelector() as selector:
        team: Team[Slot] = Team(
            rules,
            watch=lambda worker: selector.register(worker.line, selectors.EVENT_READ, worker),
            unwatch=lambda worker: selector.unregister(worker.line),
        )
        try:
            yield team, selector
        finally:
            team.close()


def listen(team: Team[Slot], selector: selectors.BaseSelector) -> None:
    """What the workers say next, to its slots."""
    told = [answer for key, _ in selector.select(TICK) for answer in team.heard(key.data)]
    team.hurry()
    for slot, answer in told:
        slot.answer, slot.done = answer, True


def refused(answer: object) -> Refusal:
    """Why a unit has no pictures; OSError when it was the disk that failed, not the picture."""
    if isinstance(answer, Refusal):
        return answer
    assert isinstance(answer, tuple)
    reason, detail, *number = answer
    if number:
        raise OSError(number[0], detail)
    return Refusal(Reason(reason), detail)
