"""Neighbouring regions joined, the most alike first, until one is left: every region on the way is a proposal."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from curate.boxes import Boxes
from curate.proposals.graph import Labels
from curate.proposals.looks import Looks

T = TypeVar("T", bound=np.floating)

LIKENESSES = ("colour", "texture", "size", "fill")


class Hierarchy:
    """Regions as they join; each new one has the next number."""

    def __init__(self, first: Looks, pixels: int, by: tuple[str, ...] = LIKENESSES) -> None:
        count = len(first.sizes)
        self.pixels, self.by, self.count = pixels, by, count
        self.sizes, self.boxes = grown(first.sizes), grown(first.boxes)
        self.bins = [grown(getattr(first, name)) for name in ("colour", "texture") if name in by]

    def likeness(self, one: int, others: list[int]) -> list[float]:
        """Of a region with others: 0 … as many as it is measured by."""
        total = np.zeros(len(others))
        for table in self.bins:
            total += np.minimum(table[one], table[others]).sum(axis=1)
        together = self.sizes[one] + self.sizes[others]
        if "size" in self.by:
            total += 1 - together / self.pixels
        if "fill" in self.by:
            total += 1 - (self._hull(one, others) - together) / self.pixels
        likeness: list[float] = total.tolist()
        return likeness

    def join(self, one: int, other: int) -> int:
        """The number of the region that they become."""
        new, self.count = self.count, self.count + 1
        a, b = self.sizes[one], self.sizes[other]
        self.sizes[new] = a + b
        self.boxes[new, :2] = np.minimum(self.boxes[one, :2], self.boxes[other, :2])
        self.boxes[new, 2:] = np.maximum(self.boxes[one, 2:], self.boxes[other, 2:])
        for table in self.bins:
            table[new] = (table[one] * a + table[other] * b) / (a + b)
        return new

    def _hull(self, one: int, others: list[int]) -> NDArray[np.float64]:
        """Pixels of the box around each pair."""
        start = np.minimum(self.boxes[one, :2], self.boxes[others, :2])
        sides = np.maximum(self.boxes[one, 2:], self.boxes[others, 2:]) - start
        room: NDArray[np.float64] = sides[:, 0] * sides[:, 1]
        return room


def grown(table: NDArray[T]) -> NDArray[T]:
    """With room for every region that is to come."""
    return np.concatenate([table, np.zeros((max(0, len(table) - 1), *table.shape[1:]), table.dtype)])


def grouped(first: Looks, near: list[set[int]], pixels: int, by: tuple[str, ...] = LIKENESSES) -> Boxes:
    """The boxes of all regions of the hierarchy, the smallest parts first, the whole picture last."""
    tree, near = Hierarchy(first, pixels, by), [set(some) for some in near]
    heap = [
        (-like, one, other)
        for one, some in enumerate(near)
        if (later := sorted(other for other in some if other > one))
        for other, like in zip(later, tree.likeness(one, later), strict=True)
    ]
    heapify(heap)
    gone: set[int] = set()
    while heap:
        _, one, other = heappop(heap)
        if one in gone or other in gone:
            continue
        new = tree.join(one, other)
        gone |= {one, other}
        near.append((near[one] | near[other]) - {one, other})
        beside = sorted(near[new])
        for number in beside:
            near[number] -= {one, other}
            near[number].add(new)
        for number, like in zip(beside, tree.likeness(new, beside) if beside else (), strict=True):
            heappush(heap, (-like, number, new))
    found: Boxes = tree.boxes[: tree.count]
    return found


def neighbours(labels: Labels, count: int) -> list[set[int]]:
    """The regions that touch each, side by side or at a corner."""
    near: list[set[int]] = [set() for _ in range(count)]
    sides = (
        (labels[:, 1:], labels[:, :-1]),
        (labels[1:], labels[:-1]),
        (labels[1:, 1:], labels[:-1, :-1]),
        (labels[1:, :-1], labels[:-1, 1:]),
    )
    keys = np.unique(np.concatenate([(np.minimum(a, b) * count + np.maximum(a, b)).ravel() for a, b in sides]))
    for key in keys.tolist():
        one, other = divmod(key, count)
        if one != other:
            near[one].add(other)
            near[other].add(one)
    return near
