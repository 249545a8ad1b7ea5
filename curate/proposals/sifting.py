"""Which boxes are told: large and square enough, and each thing once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.boxes import Boxes, area
from curate.proposals.strategies import Search

BLOCK = 256  # boxes that are compared at once with all before them

Pairs: TypeAlias = NDArray[np.bool_]


def sifted(found: Boxes, width: int, height: int, search: Search) -> Boxes:
    """Those that may be told, in their order; the whole picture where there are none."""
    sides = found[:, 2:] - found[:, :2]
    fit = (area(found) >= search.least * width * height) & (sides.max(axis=1) <= search.aspect * sides.min(axis=1))
    kept = distinct(found[fit], search.near, search.most)
    return kept if len(kept) else np.array([[0.0, 0.0, width, height]])


def distinct(found: Boxes, near: float, most: int) -> Boxes:
    """Without those that overlap an earlier one that much."""
    rows, kept = found.astype(np.float32), np.zeros(0, np.intp)
    for start in range(0, len(rows), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(rows)))
        block = block[~alike(rows[block], rows[kept], near).any(axis=1)]
        kept = np.concatenate([kept, block[firsts(alike(rows[block], rows[block], near))]])
        if len(kept) >= most:
            break
    return found[kept[:most]]


def firsts(same: Pairs) -> NDArray[np.bool_]:
    """Of those that are the same, the first."""
    left = np.ones(len(same), bool)
    for place, row in enumerate(same):
        if left[place]:
            left[place + 1 :] &= ~row[place + 1 :]
    return left


def alike(some: NDArray[np.float32], others: NDArray[np.float32], near: float) -> Pairs:
    """Which of some overlap which of the others that much: `iou` for millions of pairs, none of them empty."""
    left, top, right, bottom = (some[:, None, side] for side in range(4))
    a, b, c, d = (others[None, :, side] for side in range(4))
    inner = np.maximum(np.minimum(right, c) - np.maximum(left, a), 0) * (np.minimum(bottom, d) - np.maximum(top, b))
    both = (right - left) * (bottom - top) + (c - a) * (d - b)
    pairs: Pairs = inner * (1 + near) >= both * near
    return pairs
