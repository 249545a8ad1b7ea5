"""A picture as a graph, and its parts: those between which something stands out against what is in them.

The rule is that of Felzenszwalb and Huttenlocher (2004): edges come lightest first, and one joins two parts when it is
no heavier than the heaviest that each needed within itself, plus `scale` by the part's pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Planes: TypeAlias = NDArray[np.float32]  # rows × columns × channels, 0 … 255
Labels: TypeAlias = NDArray[np.intp]  # the number of each pixel's part
Numbers: TypeAlias = NDArray[np.intp]

FIRST = 1 / 2  # edges by pixels in the first batch; each later one has as many as all before it
STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))  # to the neighbours of a pixel that come after it


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of neighbours, the most alike first."""

    one: Numbers
    other: Numbers
    weight: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.weight)


def edges(planes: Planes) -> Edges:
    """Every pixel with its eight neighbours, each pair once, weighed by how far their colours are apart."""
    height, width = planes.shape[:2]
    numbers = np.arange(height * width).reshape(height, width)
    one, other, weight = (np.concatenate(parts) for parts in zip(*_pairs(planes, numbers), strict=True))
    order = np.argsort(weight, kind="stable")
    return Edges(one[order], other[order], weight[order])


def _pairs(planes: Planes, numbers: Numbers) -> Iterator[tuple[Numbers, Numbers, NDArray[np.float32]]]:
    height, width = numbers.shape
    for down, across in STEPS:
        here = np.s_[: height - down, max(0, -across) : width - max(0, across)]
        there = np.s_[down:, max(0, across) : width + min(0, across)]
        apart = planes[here] - planes[there]
        yield numbers[here].ravel(), numbers[there].ravel(), np.sqrt(np.einsum("ijk,ijk->ij", apart, apart)).ravel()


class Forest:
    """Parts that grow together."""

    def __init__(self, count: int, scale: float) -> None:
        self.labels: Labels = np.arange(count)
        self.sizes = np.ones(count)
        self.limits = np.full(count, scale)  # the heaviest edge that may still join
        self.scale = scale

    def grow(self, some: Edges) -> None:
        """Joins what the rule lets join. Edges within a part, or at one whose limit lies below, are never looked at."""
        for batch in batches(len(some), round(len(self.labels) * FIRST)):
            weight = some.weight[batch]
            one, other = self.labels[some.one[batch]], self.labels[some.other[batch]]
            open_ = self.limits >= weight[0]
            asked = (one != other) & open_[one] & open_[other]
            self._grow(one[asked], other[asked], weight[asked])

    def _grow(self, one: Numbers, other: Numbers, weight: NDArray[np.float32]) -> None:
        parents, sizes, limits = list(range(len(self.sizes))), self.sizes.tolist(), self.limits.tolist()
        for a, b, heavy in zip(one.tolist(), other.tolist(), weight.tolist(), strict=True):
            a, b = root(parents, a), root(parents, b)  # noqa: PLW2901
            if a != b and heavy <= limits[a] and heavy <= limits[b]:
                parents[b] = a
                sizes[a] += sizes[b]
                limits[a] = heavy + self.scale / sizes[a]
        self._settle(parents, sizes, limits)

    def swallow(self, some: Edges, least: float) -> None:
        """Joins parts of fewer pixels than `least` to their likest neighbours."""
        one, other = self.labels[some.one], self.labels[some.other]
        asked = (one != other) & ((self.sizes[one] < least) | (self.sizes[other] < least))
        parents, sizes = list(range(len(self.sizes))), self.sizes.tolist()
        for a, b in zip(one[asked].tolist(), other[asked].tolist(), strict=True):
            a, b = root(parents, a), root(parents, b)  # noqa: PLW2901
            if a != b and (sizes[a] < least or sizes[b] < least):
                parents[b] = a
                sizes[a] += sizes[b]
        self._settle(parents, sizes, self.limits.tolist())

    def _settle(self, parents: list[int], sizes: list[float], limits: list[float]) -> None:
        """Parts numbered anew, from 0."""
        above = np.array(parents)
        while (above[above] != above).any():
            above = above[above]
        kept = np.flatnonzero(above == np.arange(len(above)))
        anew = np.zeros(len(above), np.intp)
        anew[kept] = np.arange(len(kept))
        self.labels = anew[above][self.labels]
        self.sizes, self.limits = np.array(sizes)[kept], np.array(limits)[kept]


def root(parents: list[int], place: int) -> int:
    """The part that a part has become; the way is shortened for those who come after."""
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place


def batches(count: int, first: int) -> Iterator[slice]:
    """Slices of 0 … count, each as long as all before it."""
    start, end = 0, max(1, first)
    while start < count:
        yield slice(start, min(end, count))
        start, end = end, end * 2


def segments(some: Edges, shape: tuple[int, int], scale: float, least: float) -> Labels:
    """The number of each pixel's part: rows × columns."""
    forest = Forest(shape[0] * shape[1], scale)
    forest.grow(some)
    forest.swallow(some, least)
    return forest.labels.reshape(shape)
