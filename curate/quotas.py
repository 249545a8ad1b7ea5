"""Which split a unit goes to: a draw among those that still lack pictures of its classes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import accumulate

from curate.units import Unit

HOME = 0.5  # a split of more than this share takes the first unit of every class: nothing else is learnt from
NOTHING = 1e-6  # of a picture: sums of shares are rounded, a lack of less is none


class Quotas:
    """What each split has of each class, and what it should have.

    A split is drawn only while it lacks pictures of the class, so it never has more than its share and one
    unit; one that is a whole unit behind over all classes is served before any draw. Units come one by one
    and none is moved for a later one.
    """

    def __init__(self, shares: Mapping[str, float]) -> None:
        self._shares = {name: share for name, share in shares.items() if share > 0}
        self._largest = max(self._shares, key=self._shares.__getitem__)
        self._have: dict[str, Counter[str]] = defaultdict(Counter)  # class → split → pictures
        self._all: Counter[str] = Counter()  # split → pictures

    def place(self, unit: Unit) -> str:
        """The split for the next unit."""
        name = self._home(unit) or self._late(unit) or self._drawn(unit)
        self.take(unit, name)
        return name

    def take(self, unit: Unit, name: str) -> None:
        """The unit is in that split."""
        self._all[name] += unit.size
        for label, count in unit.labels.items():
            self._have[label][name] += count

    def _home(self, unit: Unit) -> str:
        is_new = any(not self._have[label] for label in unit.labels)
        return self._largest if is_new and self._shares[self._largest] > HOME else ""

    def _late(self, unit: Unit) -> str:
        behind = self._lacks(self._all, unit.size)
        name = max(self._lacking(unit), key=behind.__getitem__)
        return name if behind[name] > unit.size - NOTHING else ""

    def _drawn(self, unit: Unit) -> str:
        lacking = self._lacking(unit)
        steps = list(accumulate(lacking.values()))
        return next(name for name, step in zip(lacking, steps, strict=True) if unit.draw * steps[-1] <= step)

    def _lacking(self, unit: Unit) -> dict[str, float]:
        """Splits with what they lack of the unit's classes; never empty, for together they lack the unit."""
        have = sum((self._have[label] for label in unit.labels), Counter[str]())
        return {name: lack for name, lack in self._lacks(have, unit.size).items() if lack > NOTHING}

    def _lacks(self, have: Counter[str], coming: int) -> dict[str, float]:
        """What each split will lack of its share when the unit has come, wherever it goes."""
        total = have.total() + coming
        return {name: share * total - have[name] for name, share in self._shares.items()}
