"""The other ways to see a picture: a part of it, its mirror, a quarter turn; and the phash of each.

A phash looks at a 32 × 32 picture, which the catalogue keeps; so the phash that a crop of a picture would
have can be told from its thumbnail, without the file. If the full hash of one picture is near the hash of a
view of another, the one may be a crop of the other, or the other a bordered copy of the one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.hashing import COSINES, KEPT, SIDE
from curate.twins.tables import Hashes

Thumbs: TypeAlias = NDArray[np.uint8]  # n × 32 × 32
Span: TypeAlias = tuple[float, float]  # from, to: shares of a side

CHUNK = 1024  # pictures hashed at a time: 4 MB as floats
WHOLE: Span = (0.0, 1.0)

# EXIF's orientations: what brings such a picture the right way up
TURNS: dict[int, Callable[[NDArray[np.float32]], NDArray[np.float32]]] = {
    1: lambda grey: grey,
    2: lambda grey: grey[..., ::-1],
    3: lambda grey: grey[..., ::-1, ::-1],
    4: lambda grey: grey[..., ::-1, :],
    5: lambda grey: np.swapaxes(grey, -1, -2),
    6: lambda grey: np.swapaxes(grey, -1, -2)[..., ::-1],
    7: lambda grey: np.swapaxes(grey, -1, -2)[..., ::-1, ::-1],
    8: lambda grey: np.swapaxes(grey, -1, -2)[..., ::-1, :],
}


@dataclass(frozen=True, slots=True)
class View:
    """A way to see a picture: turned, then this part of it."""

    across: Span = WHOLE
    down: Span = WHOLE
    turn: int = 1

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Scale and shift down, scale and shift across, where a side goes from -1 to 1."""
        (left, right), (top, bottom) = self.across, self.down
        return bottom - top, bottom + top - 1, right - left, right + left - 1

    @property
    def how(self) -> str:
        """In a word."""
        if self.turn == 1:
            return "looks"
        return "turned" if self.turn in (3, 6, 8) else "mirrored"


def part(size: float, place: float = 0.5) -> Span:
    """So much of a side: from its start (0), its middle (0.5), its end (1)."""
    start = (1 - size) * place
    return start, start + size


# What people cut off: a margin all around; a corner; one side (a caption, a watermark); all but the middle
# square of 4:3 and 3:2. phash bears what lies between: docs/duplicates.md has the recall of crops at random.
MARGINS = [View(part(size), part(size)) for size in (0.95, 0.9, 0.85, 0.8)]
CORNERS = [View(part(0.9, x), part(0.9, y)) for x, y in product((0, 1), (0, 1))]
SIDES = [View(part(0.9, x), WHOLE) for x in (0, 1)] + [View(WHOLE, part(0.9, y)) for y in (0, 1)]
SQUARES = [view for size in (3 / 4, 2 / 3) for view in (View(part(size), WHOLE), View(WHOLE, part(size)))]
UPRIGHT = View()
PARTS = (*MARGINS, *CORNERS, *SIDES, *SQUARES)
TURNED = tuple(View(turn=turn) for turn in TURNS if turn != 1)


def hashes(thumbs: Thumbs, views: Sequence[View]) -> Hashes:
    """The phashes of these views: pictures × views."""
    out = np.empty((len(thumbs), len(views)), np.uint64)
    for start in range(0, len(thumbs), CHUNK):
        grey = thumbs[start : start + CHUNK].astype(np.float32)
        for column, view in enumerate(views):
            out[start : start + CHUNK, column] = hashed(grey, view)
    return out


def hashed(grey: NDArray[np.float32], view: View) -> Hashes:
    """The phashes of one view of many pictures."""
    low = cosines(view.down) @ (TURNS[view.turn](grey) @ cosines(view.across).T)
    flat = low.reshape(len(grey), KEPT * KEPT)
    middle = np.partition(flat, (31, 32), axis=1)[:, 31:33].mean(axis=1)
    return np.packbits(flat > middle[:, None], axis=1).view(">u8").ravel().astype(np.uint64)


def cosines(span: Span) -> NDArray[np.float32]:
    """The lowest frequencies of a part of 32 pixels, as a matrix on all of them."""
    low, high = span
    scale, shift = np.array([high - low]), np.array([high + low - 1])
    out: NDArray[np.float64] = COSINES @ sampling(scale, shift)[0]
    return out.astype(np.float32)


def sampling(scale: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float32]:
    """Matrices that resample 32 pixels as seen through such a frame, in straight lines between neighbours."""
    place = ((scale[:, None] * CENTRES + shift[:, None]) + 1) / 2 * SIDE - 0.5
    place = place.clip(0, SIDE - 1.001)
    pixel = place.astype(np.int64)
    share = (place - pixel).astype(np.float32)
    out = np.zeros((len(scale), SIDE, SIDE), np.float32)
    which, row = np.arange(len(scale))[:, None], np.arange(SIDE)[None]
    out[which, row, pixel] = 1 - share
    out[which, row, pixel + 1] = share
    return out


CENTRES = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1  # of the pixels, from -1 to 1
