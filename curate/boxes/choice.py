"""Of boxes that overlap, the best: non-maximum suppression."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from curate.boxes.geometry import Boxes, iou

Apart: TypeAlias = Callable[[Boxes, Boxes], NDArray[np.bool_]]  # the box that stays and others: which are of others

OVERLAP = 0.3  # from here on two boxes are of one thing: what detectors of single classes commonly take


def best(some: Boxes, scores: ArrayLike, overlap: float = OVERLAP, most: int = 0) -> NDArray[np.int64]:
    """The numbers of the boxes that stay, the best score first; of equal scores the earlier. `most` 0 = all."""
    return picked(some, scores, lambda first, rest: iou(first, rest)[0] < overlap, most)


def picked(some: Boxes, scores: ArrayLike, apart: Apart, most: int = 0) -> NDArray[np.int64]:
    """The same, of whatever makes two boxes two things."""
    left = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    kept: list[int] = []
    while len(left) and (not most or len(kept) < most):
        kept.append(int(left[0]))
        left = left[1:][apart(some[left[:1]], some[left[1:]])]
    return np.array(kept, np.int64)
