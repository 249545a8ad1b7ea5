"""True boxes moved a little: what selective search seldom offers, and what teaches how tight is tight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from curate.boxes import Boxes, boxes, clipped
from curate.cuts.dice import chance

# How far each side of a copy may move, as a share of the box: so far most still show the object, and so far most do not
REACHES = (0.14, 0.5)
COPIES = 30  # of each true box and reach: more than are ever cut


def moved(truths: Sequence[Sequence[float]], size: tuple[int, int], seed: int) -> Boxes:
    """Copies of true boxes, every side moved by chance, within a picture of that size (width, height)."""
    known = boxes(truths)
    drawn = chance(seed, size, known).uniform(-1, 1, (len(known), len(REACHES), COPIES, 4))
    sides = np.tile(known[:, 2:] - known[:, :2], 2)[:, None, None]
    copies = known[:, None, None] + drawn * np.array(REACHES)[None, :, None, None] * sides
    inside = clipped(copies.reshape(-1, 4), *size)
    return inside[(inside[:, 2:] > inside[:, :2]).all(axis=1)]
