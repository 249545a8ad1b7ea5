"""One box of many that mean the same thing: whom the others back, what they agree on, and what lies within what.

A classifier likes parts of a thing, and its thing with much around it, nearly as well as the thing: the likeliest box
is seldom the tightest. Detectors average (Gidaris & Komodakis 2015, "box voting"); the weighted median of every side
heeds strays less. Measured in benchmarks/locate.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from curate.boxes.choice import OVERLAP
from curate.boxes.geometry import Boxes, Shares, area, iou

POWER = 6.0  # of a score: who is hardly sure of a box hardly has a say
BACKING = 2.0  # the same, of those that back another
INSIDE = 0.8  # of a box, from here on it lies within another: a part of the same thing


def backing(some: Boxes, scores: ArrayLike, power: float = BACKING) -> NDArray[np.float64]:
    """How much all boxes together speak for each: the scores of all, as far as they overlap it."""
    backed: NDArray[np.float64] = iou(some, some) @ np.asarray(scores, np.float64) ** power
    return backed


def agreed(seeds: Boxes, some: Boxes, scores: ArrayLike, overlap: float = OVERLAP, power: float = POWER) -> Boxes:
    """Each seed as the boxes that overlap it so far agree: side by side their median, the better the heavier."""
    weights, near = np.asarray(scores, np.float64) ** power, iou(seeds, some) >= overlap
    found = [
        medians(some[own], weights[own]) if weights[own].any() else seed for seed, own in zip(seeds, near, strict=True)
    ]
    return np.array(found, np.float64).reshape(-1, 4)


def medians(some: Boxes, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each side the place that half of the weight has reached."""
    order = np.argsort(some, axis=0, kind="stable")
    reached = np.cumsum(weights[order], axis=0)
    half = (reached >= reached[-1] / 2).argmax(axis=0)
    middle: NDArray[np.float64] = np.take_along_axis(some, np.take_along_axis(order, half[None], 0), 0)[0]
    return middle


def within(some: Boxes, others: Boxes) -> Shares:
    """How much of each lies in each other: 0 = nothing, 1 = all of it. A box without area lies in nothing."""
    corner, end = np.maximum(some[:, None, :2], others[None, :, :2]), np.minimum(some[:, None, 2:], others[None, :, 2:])
    inner = np.prod(np.maximum(end - corner, 0), axis=2)
    whole = np.broadcast_to(area(some)[:, None], inner.shape)
    shares: Shares = np.divide(inner, whole, out=np.zeros_like(inner), where=whole > 0)
    return shares


def distinct(some: Boxes, scores: ArrayLike, overlap: float = OVERLAP, inside: float = INSIDE) -> NDArray[np.int64]:
    """As `best`; and of two of which one lies within the other, too, the better one alone stays."""
    left = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    kept: list[int] = []
    while len(left):
        first, rest = some[left[:1]], some[left[1:]]
        kept.append(int(left[0]))
        nested = np.maximum(within(first, rest)[0], within(rest, first)[:, 0]) >= inside
        left = left[1:][~nested & (iou(first, rest)[0] < overlap)]
    return np.array(kept, np.int64)
