"""One box of many that mean the same thing: whom the others back, what they agree on, and what lies within what.

A classifier likes parts of a thing, and its thing with much around it, nearly as well as the thing: the likeliest box
is seldom the tightest. Detectors average (Gidaris & Komodakis 2015, "box voting"); the weighted median of every side
heeds strays less. Measured in benchmarks/locate.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from curate.boxes.choice import OVERLAP, picked
from curate.boxes.geometry import Boxes, iou, within

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


def distinct(some: Boxes, scores: ArrayLike, overlap: float = OVERLAP, inside: float = INSIDE) -> NDArray[np.int64]:
    """As `best`; and of two of which one lies within the other, too, the better one alone stays."""

    def apart(first: Boxes, rest: Boxes) -> NDArray[np.bool_]:
        nested = np.maximum(within(first, rest)[0], within(rest, first)[:, 0]) >= inside
        others: NDArray[np.bool_] = ~nested & (iou(first, rest)[0] < overlap)
        return others

    return picked(some, scores, apart)
