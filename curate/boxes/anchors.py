"""Anchors: the boxes that a detector begins with at every place of its map, and which of them stand for what.

Generation and assignment are those of Faster R-CNN (Ren et al. 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curate.boxes.geometry import Boxes, iou
from imgtool.errors import UsageError

OBJECT, BACKGROUND = 0.7, 0.3  # overlap with a true box: from here on it is one; below, it is none
IGNORED, NOTHING = -2, -1


@dataclass(frozen=True, slots=True)
class Assigned:
    """What each anchor stands for."""

    truth: NDArray[np.int64]  # the number of its true box; -1 = background, -2 = between the two, not learnt from
    overlap: NDArray[np.float64]  # with the true box that it overlaps most

    @property
    def objects(self) -> NDArray[np.bool_]:
        """Which anchors stand for a true box."""
        return self.truth >= 0


def anchors(rows: int, columns: int, stride: float, scales: Sequence[float], ratios: Sequence[float]) -> Boxes:
    """For each place of a map, row by row, a box of each scale (px, its square's side) and ratio (height by width).

    All boxes of a scale have one area, and a place's boxes have the middle of its cell.
    """
    if min(rows, columns, stride, *scales, *ratios) <= 0:
        raise UsageError("Rows, columns, stride, scales and ratios are above 0.")
    roots, sides = np.sqrt(np.asarray(ratios, np.float64)), np.asarray(scales, np.float64)
    halves = np.stack([sides[:, None] / roots, sides[:, None] * roots], axis=-1).reshape(-1, 2) / 2
    across, down = (np.arange(count) * stride + stride / 2 for count in (columns, rows))
    middles = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 1, 2)
    return np.concatenate([middles - halves, middles + halves], axis=-1).reshape(-1, 4)


def assigned(some: Boxes, truth: Boxes, least: float = OBJECT, most: float = BACKGROUND) -> Assigned:
    """The true box that each anchor stands for.

    An anchor stands for the box that it overlaps most, from `least` on. Every true box has the anchors that overlap it
    most, however little that is, unless nothing overlaps it at all.
    """
    if not len(truth) or not len(some):
        return Assigned(np.full(len(some), NOTHING), np.zeros(len(some)))
    shares = iou(some, truth)
    nearest, overlap = shares.argmax(axis=1), shares.max(axis=1)
    chosen = np.where(overlap >= least, nearest, np.where(overlap < most, NOTHING, IGNORED))
    highest = shares.max(axis=0)
    for number in np.flatnonzero(highest > 0):
        own = np.isclose(shares[:, number], highest[number], rtol=0, atol=1e-9)
        chosen[own & ((chosen < 0) | (nearest == number))] = number
    return Assigned(chosen.astype(np.int64), overlap)
