"""A set of numbers below 2^64 in twelve to twenty-four bytes each, where Python's own takes a hundred."""

from __future__ import annotations

from array import array

EMPTY = 0
SMALLEST = 1024  # slots


class Marks:
    """Open addressing: a number lies at its own place, or in the next free one after it."""

    def __init__(self) -> None:
        self._slots = _slots(SMALLEST)
        self._count = 0

    def __contains__(self, mark: int) -> bool:
        return self._slots[self._place(mark)] != EMPTY

    def __len__(self) -> int:
        return self._count

    def add(self, mark: int) -> None:
        """From now on it is in."""
        place = self._place(mark)
        if self._slots[place] == EMPTY:
            self._slots[place] = mark or 1
            self._count += 1
            if 3 * self._count > 2 * len(self._slots):
                self._grow()

    def _place(self, mark: int) -> int:
        """Where it lies, or would."""
        mark, slots = mark or 1, self._slots  # one number stands for two: of 2^64 nobody misses it
        most = len(slots) - 1
        place = mark & most
        while slots[place] not in (EMPTY, mark):
            place = (place + 1) & most
        return place

    def _grow(self) -> None:
        before, self._slots = self._slots, _slots(2 * len(self._slots))
        for mark in before:
            if mark != EMPTY:
                self._slots[self._place(mark)] = mark


def _slots(many: int) -> array[int]:
    return array("Q", bytes(8 * many))
