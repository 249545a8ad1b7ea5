"""Neighbouring regions joined, the most alike first, until one is left: every region on the way is a proposal.

How alike two are is the sum of up to four measures of Uijlings et al. (2013): colour and texture, by what their
histograms share; size, so that small ones join first; fill, so that what lies in another's bay joins it.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import TypeAlias

import numpy as np

from curate.boxes import Boxes
from curate.proposals.graph import Numbers
from curate.proposals.looks import Histograms, Looks

Pair: TypeAlias = tuple[float, int, int]  # how unlike they are, and which


class Hierarchy:
    """Regions as they join; each new one has the next number."""

    def __init__(self, first: Looks, by: frozenset[str]) -> None:
        self.by, self.pixels = by, float(first.sizes.sum())
        self.sizes: list[float] = first.sizes.tolist()
        self.boxes: list[list[float]] = first.boxes.tolist()
        self.bins = histograms(first, by)

    def unlike(self, ones: list[int], others: list[int]) -> Iterator[Pair]:
        """Pairs of regions: the less, the more alike."""
        shared = np.minimum(self.bins[ones], self.bins[others]).sum(axis=1).tolist()
        for one, other, like in zip(ones, others, shared, strict=True):
            yield self.room(one, other) - like, one, other

    def room(self, one: int, other: int) -> float:
        """The share of the picture that the two have, and that they would have without filling it."""
        together = self.sizes[one] + self.sizes[other]
        taken = together if "size" in self.by else 0.0
        if "fill" in self.by:
            left, top, right, bottom = self.hull(one, other)
            taken += (right - left) * (bottom - top) - together
        return taken / self.pixels

    def hull(self, one: int, other: int) -> list[float]:
        """The box around two; written out, for it is asked for ten thousand times a picture."""
        a, b = self.boxes[one], self.boxes[other]
        return [
            a[0] if a[0] < b[0] else b[0],  # noqa: FURB136 - a call takes three times as long
            a[1] if a[1] < b[1] else b[1],  # noqa: FURB136 - a call takes three times as long
            a[2] if a[2] > b[2] else b[2],  # noqa: FURB136 - a call takes three times as long
            a[3] if a[3] > b[3] else b[3],  # noqa: FURB136 - a call takes three times as long
        ]

    def join(self, one: int, other: int) -> int:
        """The number of the region that they become."""
        new, together = len(self.sizes), self.sizes[one] + self.sizes[other]
        share = self.sizes[one] / together
        self.bins[new] = self.bins[one] * share + self.bins[other] * (1 - share)
        self.boxes.append(self.hull(one, other))
        self.sizes.append(together)
        return new


def histograms(first: Looks, by: frozenset[str]) -> Histograms:
    """Those that are compared, side by side, with room for the regions that are to come."""
    measured = {"colour": first.colour, "texture": first.texture}
    wanted = [table for name, table in measured.items() if name in by]
    count = len(first.sizes)
    bins = np.concatenate([np.zeros((count, 0), np.float32), *wanted], axis=1)
    return np.concatenate([bins, np.zeros_like(bins)])


def grouped(first: Looks, near: list[set[int]], by: frozenset[str]) -> Boxes:
    """The boxes of all regions of the hierarchy, the smallest parts first, the whole picture last."""
    tree, near = Hierarchy(first, by), [set(some) for some in near]
    pairs = [(one, other) for one, beside in enumerate(near) for other in beside if other > one]
    heap = list(tree.unlike([one for one, _ in pairs], [other for _, other in pairs]))
    heapify(heap)
    gone: set[int] = set()
    while heap:
        _, one, other = heappop(heap)
        if one not in gone and other not in gone:
            gone |= {one, other}
            new = tree.join(one, other)
            introduced(near, one, other)
            for pair in tree.unlike([new] * len(near[new]), list(near[new])):
                heappush(heap, pair)
    return np.array(tree.boxes)


def introduced(near: list[set[int]], one: int, other: int) -> None:
    """What two regions have become takes their place among their neighbours."""
    pair = {one, other}
    beside = (near[one] | near[other]) - pair
    for number in beside:
        near[number] -= pair
        near[number].add(len(near))
    near.append(beside)


def neighbours(labels: Numbers, count: int) -> list[set[int]]:
    """The regions that touch each, side by side or at a corner."""
    touch = np.zeros(count * count, bool)
    for a, b in (
        (labels[:, 1:], labels[:, :-1]),
        (labels[1:], labels[:-1]),
        (labels[1:, 1:], labels[:-1, :-1]),
        (labels[1:, :-1], labels[:-1, 1:]),
    ):
        touch[(a * count + b).ravel()] = True
    table = touch.reshape(count, count)
    return [set(np.flatnonzero(row).tolist()) - {one} for one, row in enumerate(table | table.T)]
