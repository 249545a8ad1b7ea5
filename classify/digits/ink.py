"""What of a drawing is ink: paper and pen of any colour in, 0 for paper and 1 for ink out."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ink: TypeAlias = NDArray[np.float32]  # rows × columns, 0 to 1
Drawing: TypeAlias = NDArray[np.uint8]  # rows × columns, or with 1 (grey), 3 (RGB) or 4 (RGBA) channels

LARGE = 128  # px: what is larger is first averaged down towards this; strokes are judged on 100
EDGE = 0.03  # of the shorter side: the rim that tells what the paper is like
SHEET = 0.9  # share of its own box that is opaque: a sheet with a drawing, not a drawing without a sheet
FAINT = 24.0  # grey levels of 255 between paper and pen below which nothing is drawn: JPEG's noise and more
NOISE = 4.0  # times the paper's own unevenness, below which a pixel is paper
FULL = 90  # percentile of the ink's strength that counts as full: MNIST's own strokes are full in the middle
SPECK = 0.06  # of the largest piece's ink: a smaller one is a speck; the smallest stroke of a 5 has a seventh


def ink(drawing: Drawing) -> Ink:
    """How much ink is on each pixel. All 0 where nothing is drawn."""
    if not drawing.size:
        return np.zeros((1, 1), np.float32)
    opaque = _smaller(flat(drawing))
    away = np.maximum.reduce(list(np.moveaxis(np.abs(opaque - paper(opaque)), 2, 0)))
    full = strong(away)
    if full < FAINT:
        return np.zeros_like(away)
    below = away[away < full / 2]
    floor = NOISE * float(np.median(below)) if len(below) else 0.0
    wet = ((away - floor) / max(full - floor, 1.0)).clip(0, 1)
    return unspecked(wet.astype(np.float32))


def flat(drawing: Drawing) -> NDArray[np.float32]:
    """The drawing on a sheet, rows × columns × 1 or 3; a sheet is put under it where it has none."""
    deep = drawing[..., None] if drawing.ndim == 2 else drawing
    colours: NDArray[np.float32] = deep[..., :3].astype(np.float32)
    if deep.shape[2] < 4:
        return colours
    alpha = deep[..., 3].astype(np.float32) / 255
    rows, columns = box(alpha > 1 / 2)
    inside = alpha[rows, columns]
    if not inside.size:
        return np.zeros((*alpha.shape, 1), np.float32)
    if inside.mean() >= SHEET:
        return colours[rows, columns]
    pen = np.average(colours.mean(axis=2), weights=alpha)
    sheet = 255 if pen < 127.5 else 0
    return np.asarray(sheet + (colours - sheet) * alpha[..., None], np.float32)


def boxed(wet: Ink, least: float) -> Ink:
    """What is inside the box around all ink of that strength."""
    return wet[box(wet >= least)]


def box(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The smallest box around what is marked."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def paper(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """The colour of the sheet: what most of its rim has."""
    rim = max(1, round(EDGE * min(colours.shape[:2])))
    sides = (colours[:rim], colours[-rim:], colours[rim:-rim, :rim], colours[rim:-rim, -rim:])
    around = np.concatenate([side.reshape(-1, colours.shape[2]) for side in sides])
    middle: NDArray[np.float32] = np.median(around, axis=0).astype(np.float32)
    return middle


def strong(away: Ink) -> float:
    """How far from the paper's colour the middle of a stroke is."""
    peak = float(away.max(initial=0))
    return float(np.percentile(away[away > peak / 2], FULL)) if peak else 0.0


def unspecked(wet: Ink) -> Ink:
    """Without crumbs: pieces much smaller than the largest."""
    pieces = labelled(wet > 1 / 4)
    mass = np.bincount(pieces.ravel(), weights=wet.ravel())
    mass[0] = 0  # what belongs to no piece: the soft rims of strokes
    if np.count_nonzero(mass) < 2:
        return wet
    crumbs = mass < SPECK * mass.max()
    crumbs[0] = False
    clean = np.where(grown(crumbs[pieces]), 0, wet) if crumbs[pieces].any() else wet
    return np.asarray(clean, np.float32)


def labelled(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Every piece that hangs together, corners too, with a number of its own; 0 outside.

    Numbers spread to neighbours, and each asks the one whose number it got: a few rounds even for a spiral.
    """
    wide = np.pad(mask, 1)
    places = np.flatnonzero(wide)
    steps = [down * wide.shape[1] + across for down in (-1, 0, 1) for across in (-1, 0, 1) if down or across]
    number = np.zeros(wide.size, np.int64)
    number[places] = places
    while True:
        held = number[places]
        best = np.maximum.reduce([held, *(number[places + step] for step in steps)])
        if (best == held).all():
            break
        np.maximum.at(number, held, best)  # whoever lent its number hears of the better one
        best = np.maximum(best, number[places])
        number[places] = number[best]
    number[places] = 1 + np.unique(number[places], return_inverse=True)[1]
    return np.asarray(number.reshape(wide.shape)[1:-1, 1:-1], np.int64)


def grown(mask: Any) -> NDArray[np.bool_]:
    """One pixel wider each way."""
    wide = np.pad(mask, 1)
    tall = wide[:-2] | wide[1:-1] | wide[2:]
    out: NDArray[np.bool_] = tall[:, :-2] | tall[:, 1:-1] | tall[:, 2:]
    return out


def _smaller(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """Whole blocks averaged, until the longer side is near LARGE."""
    by = max(colours.shape[:2]) // LARGE
    if by < 2 or min(colours.shape[:2]) < by:
        return colours
    rows, columns = (side // by * by for side in colours.shape[:2])
    cut = colours[:rows, :columns].reshape(rows // by, by, columns // by, by, -1)
    return np.asarray(cut.mean(axis=(1, 3)), np.float32)
