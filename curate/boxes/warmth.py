"""Boxes around what is hot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from curate.boxes.geometry import Boxes

LEAST = 0.002  # of the grid, parts that count: a proposal's least share, too


def warm(heat: NDArray[np.floating], level: float) -> Boxes:
    """Around each connected part of a grid that is so hot, in its cells; the largest first. Parts touch at corners."""
    from scipy import ndimage

    parts, count = ndimage.label(heat >= level, structure=np.ones((3, 3)))
    sizes = np.bincount(parts.ravel(), minlength=count + 1)[1:]
    edges = [(across.start, down.start, across.stop, down.stop) for down, across in ndimage.find_objects(parts)]
    order = [int(at) for at in np.argsort(-sizes, kind="stable") if sizes[at] >= LEAST * heat.size]
    return np.array([edges[at] for at in order], np.float64).reshape(-1, 4)
