"""A drawing brought to the form of MNIST's digits: 20 px in a frame of 28, white on black, its mass in the middle.

MNIST's makers scaled each digit to fit 20 × 20, keeping its shape, and moved its centre of mass to the centre of
28 × 28 (LeCun, Bottou, Bengio, Haffner 1998, §III-A). Theirs were all written with one kind of pen; here a pen may
be a hair or a marker, so strokes are first brought to a width that MNIST has.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.digits.ink import Drawing, Ink, boxed, grown, ink, strong

Digit: TypeAlias = NDArray[np.uint8]  # 28 × 28
Weights: TypeAlias = NDArray[np.float32]

SIDE, INNER = 28, 20  # px
MIDDLE = (
    14.0  # px from the frame's first pixel to the centre of mass: so it is in every digit of MNIST, within half a px
)
BRIGHT = 250  # grey that the brightest pixel of a digit of MNIST exceeds
FINE = 5  # fine pixels for each of MNIST's: strokes are made wider and narrower on these
THIN, USUAL, THICK = 1.25, 1.9, 3.0  # px of INNER: nine tenths of MNIST's strokes are between, half below the middle
SET = 1 / 4  # ink that counts as ink where a box is drawn around it
PASSES = 2  # widths are measured again after they were changed: crossings mislead


def read(drawing: Drawing) -> NDArray[np.uint8]:
    """What a model of digits is shown of one drawing: a batch of one, 1 × 28 × 28 × RGB."""
    return coloured(normalised(drawing)[None])


def coloured(digits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey digits as RGB, which is what every model is shown."""
    return np.repeat(digits[..., None], 3, axis=-1)


def all_normalised(drawings: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Many grey drawings of one size, count × rows × columns, as count × 28 × 28."""
    if drawings.shape[1:] != (SIDE, SIDE):
        return np.stack([normalised(drawing) for drawing in drawings])
    ready = drawings.copy()
    for place in np.flatnonzero(~formed(drawings)):
        ready[place] = normalised(drawings[place])
    return ready


def formed(digits: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which pictures, count × 28 × 28, have the form already?"""
    inked = digits > 0
    long = np.maximum(*(_extent(np.asarray(inked.any(axis=axis))) for axis in (1, 2)))
    mass = digits.astype(np.float64)
    whole = np.maximum(mass.sum(axis=(1, 2)), 1)
    aside = [np.abs(mass.sum(axis=axis) @ np.arange(SIDE) / whole - MIDDLE) for axis in (1, 2)]
    return np.asarray((long == INNER) & (np.maximum(*aside) <= 1 / 2) & (digits.max(axis=(1, 2)) >= BRIGHT))


def normalised(drawing: Drawing) -> Digit:
    """The digit as MNIST would have it: 28 × 28, white on black. All black where nothing is drawn."""
    if drawing.shape == (SIDE, SIDE) and formed(drawing[None])[0]:
        return drawing
    wet = boxed(ink(drawing), SET)
    if not wet.any():
        return np.zeros((SIDE, SIDE), np.uint8)
    small = full(scaled(written(wet), INNER))
    return centred((small * 255).round().clip(0, 255).astype(np.uint8))


def written(wet: Ink) -> Ink:
    """The drawing with strokes of a width that MNIST knows; itself, where they are so already."""
    for _ in range(PASSES):
        fine = full(scaled(wet, INNER * FINE))
        steps = round(FINE * off(width(fine > 1 / 2) / FINE) / 2)
        if not steps:
            return wet
        changed = boxed(widened(fine, steps), SET)
        if not changed.size:
            return wet  # a blot, not a stroke
        wet = changed
    return wet


def off(wide: float) -> float:
    """How much wider (or, below 0, narrower) a stroke should be."""
    return 0.0 if THIN <= wide <= THICK else USUAL - wide


def full(wet: Ink) -> Ink:
    """With full ink in the middle of its strokes."""
    return np.asarray((wet / (strong(wet) or 1)).clip(0, 1), np.float32)


def width(mask: NDArray[np.bool_]) -> float:
    """The usual width of the strokes: twice their area over the length of their edges."""
    inside = ~grown(np.pad(~mask, 1, constant_values=True))[1:-1, 1:-1]
    area = int(mask.sum())
    rim = area - int(inside.sum())
    return 2 * area / rim if rim else 0.0


def widened(fine: Ink, steps: int) -> Ink:
    """Strokes wider by that many fine pixels on each side, or narrower."""
    wide = np.pad(fine, max(steps, 0) + 1)
    for step in range(abs(steps)):
        wide = highest(wide, corners=step % 2 == 1) if steps > 0 else 1 - highest(1 - wide, corners=step % 2 == 1)
    return wide


def highest(wet: Ink, *, corners: bool) -> Ink:
    """The most ink of each pixel and its neighbours: a cross and a square in turn make nearly a disc."""
    around = np.pad(wet, 1, mode="edge")
    down = np.maximum(np.maximum(around[:-2], around[1:-1]), around[2:])
    if corners:
        return np.maximum(np.maximum(down[:, :-2], down[:, 1:-1]), down[:, 2:])
    return np.maximum(down[:, 1:-1], np.maximum(around[1:-1, :-2], around[1:-1, 2:]))


def scaled(wet: Ink, side: int) -> Ink:
    """The picture so that its longer side is `side`, its shape kept."""
    rows, columns = (max(1, round(each * side / max(wet.shape))) for each in wet.shape)
    return np.asarray(weights(wet.shape[0], rows) @ wet @ weights(wet.shape[1], columns).T, np.float32)


def weights(old: int, new: int) -> Weights:
    """How much of each old pixel is in each new one: by the area that they share, or, upwards, by nearness."""
    if new > old:
        place = (np.arange(new)[:, None] + 0.5) * old / new - 0.5
        near = 1 - np.abs(place.clip(0, old - 1) - np.arange(old)[None, :])
        return near.clip(0).astype(np.float32)
    edges = np.arange(new + 1) * old / new
    left, right = edges[:-1, None], edges[1:, None]
    shared = np.minimum(right, np.arange(1, old + 1)) - np.maximum(left, np.arange(old))
    return (shared.clip(0) * new / old).astype(np.float32)


def centred(small: Digit) -> Digit:
    """In the frame, its centre of mass on the frame's centre, as far as it stays within."""
    mass = small.astype(np.float64)
    mass /= mass.sum() or 1.0
    frame = np.zeros((SIDE, SIDE), np.uint8)
    corner = []
    for axis, long in enumerate(small.shape):
        centre = float((mass.sum(axis=1 - axis) * np.arange(long)).sum())
        corner.append(min(max(round(MIDDLE - centre), 0), SIDE - long))
    frame[corner[0] : corner[0] + small.shape[0], corner[1] : corner[1] + small.shape[1]] = small
    return frame


def _extent(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """From the first mark of each row to its last."""
    first, last = marked.argmax(axis=1), marked.shape[1] - marked[:, ::-1].argmax(axis=1)
    return np.where(marked.any(axis=1), last - first, 0)
