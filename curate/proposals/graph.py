"""A picture as a graph, and its parts: those between which something stands out against what is in them.

The rule is that of Felzenszwalb and Huttenlocher (2004): edges come lightest first, and one joins two parts when it is
no heavier than the limit of either: the heaviest edge that the part needed so far, plus `scale` by its pixels. What has
just joined may join again by an edge as heavy. So of edges of one weight the order is nothing: they join all at once
what they connect, and the loop is over weights, not over edges. (A spanning forest of the edges would not do: what one
edge must not join, a heavier one beside it may.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.pixels.spaces import Planes

Numbers: TypeAlias = NDArray[np.intp]  # of pixels, or of the parts that they are in

STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))  # to the neighbours of a pixel that come after it
# The weights that there are, distances being rounded up to them: each a quarter of a grey level more, then 15 %.
WEIGHTS = np.concatenate([np.arange(8) / 4, 2 * 1.15 ** np.arange(40)])
FINE = 8  # steps of a grey level
LEVELS = (np.searchsorted(WEIGHTS, np.arange(math.ceil(255 * 3**0.5) * FINE + 1) / FINE)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of neighbours, the most alike first."""

    one: Numbers
    other: Numbers
    starts: tuple[int, ...]  # the first of each weight

    def at(self, level: int) -> tuple[Numbers, Numbers]:
        """Those of one weight."""
        batch = slice(self.starts[level], self.starts[level + 1])
        return self.one[batch], self.other[batch]


def edges(planes: Planes) -> Edges:
    """Every pixel with its eight neighbours, each pair once, weighed by how far their colours are apart."""
    one, other, level = (np.concatenate(parts) for parts in zip(*pairs(planes), strict=True))
    order = np.argsort(level, kind="stable")
    starts = np.searchsorted(level[order], np.arange(len(WEIGHTS) + 1))
    return Edges(one[order], other[order], tuple(starts.tolist()))


def pairs(planes: Planes) -> Iterator[tuple[Numbers, Numbers, NDArray[np.uint8]]]:
    """Neighbours in each direction, and the place of their weight."""
    height, width = planes.shape[:2]
    numbers = np.arange(height * width).reshape(height, width)
    for down, across in STEPS:
        here = np.s_[: height - down, max(0, -across) : width - max(0, across)]
        there = np.s_[down:, max(0, across) : width + min(0, across)]
        yield numbers[here].ravel(), numbers[there].ravel(), levels(planes[here] - planes[there])


def levels(apart: Planes) -> NDArray[np.uint8]:
    """The place in WEIGHTS of how far each is apart."""
    distance = np.sqrt(np.einsum("ijk,ijk->ij", apart, apart).ravel())
    found: NDArray[np.uint8] = LEVELS[np.ceil(distance * FINE).astype(np.intp)]
    return found


def segments(some: Edges, shape: tuple[int, int], scale: float, least: float) -> Numbers:
    """The number of each pixel's part: rows × columns."""
    return swallowed(grown(shape[0] * shape[1], some, scale), some, least).reshape(shape)


def grown(count: int, some: Edges, scale: float) -> Numbers:
    """The part of each pixel, by the rule."""
    labels: Numbers = np.arange(count)
    sizes: NDArray[np.float64] = np.ones(count)
    limits = np.full(count, float(scale))
    for level, weight in enumerate(WEIGHTS.tolist()):
        one, other = (labels[ends] for ends in some.at(level))
        may = (one != other) & (limits[one] >= weight) & (limits[other] >= weight)
        if may.any():
            anew = joined(len(sizes), one[may], other[may])
            parts = np.bincount(anew)
            labels, sizes = anew[labels], np.bincount(anew, sizes).astype(float)
            before, limits = limits, weight + scale / sizes
            limits[anew] = np.where(parts[anew] > 1, limits[anew], before)
    return labels


def swallowed(labels: Numbers, some: Edges, least: float) -> Numbers:
    """Parts of fewer pixels than `least` joined to their likest neighbours, until there are none."""
    sizes = np.bincount(labels)
    one, other = labels[some.one], labels[some.other]
    while len(sizes) > 1 and sizes.min() < least:
        apart = (one != other) & (np.minimum(sizes[one], sizes[other]) < least)
        one, other = one[apart], other[apart]
        likest = np.full(len(sizes), -1)
        ends = np.stack([one, other], axis=1).ravel()[::-1]
        likest[ends] = (np.arange(len(ends)) // 2)[::-1]  # of an end that comes often, the last is kept: the lightest
        chosen = likest[sizes < least]
        anew = joined(len(sizes), one[chosen], other[chosen])
        labels, one, other, sizes = anew[labels], anew[one], anew[other], np.bincount(anew, sizes)
    return labels


def joined(count: int, one: Numbers, other: Numbers) -> Numbers:
    """The new number of each part, when these pairs of parts become one."""
    above = np.arange(count)
    while len(one):
        above[np.maximum(one, other)] = np.minimum(one, other)
        while ((top := above[above]) != above).any():
            above = top
        one, other = above[one], above[other]
        apart = one != other
        one, other = one[apart], other[apart]
    anew: Numbers = (np.cumsum(above == np.arange(count)) - 1)[above]
    return anew
