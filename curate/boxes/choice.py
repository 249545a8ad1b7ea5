"""Of boxes that overlap, the best: non-maximum suppression."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from curate.boxes.geometry import Boxes, iou

OVERLAP = 0.3  # from here on two boxes are of one thing: what detectors of single classes commonly take


def best(some: Boxes, scores: ArrayLike, overlap: float = OVERLAP, most: int = 0) -> NDArray[np.int64]:
    """The numbers of the boxes that stay, the best score first; of equal scores the earlier. `most` 0 = all."""
    values = np.asarray(scores, np.float64)
    left = np.argsort(-values, kind="stable")
    kept: list[int] = []
    while len(left) and (not most or len(kept) < most):
        kept.append(int(left[0]))
        apart = iou(some[left[:1]], some[left[1:]])[0] < overlap
        left = left[1:][apart]
    return np.array(kept, np.int64)
