"""Overlaps and distances of every box with every other, at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgtool.errors import UsageError

Boxes: TypeAlias = NDArray[np.float64]  # n × (left, top, right, bottom)
Shares: TypeAlias = NDArray[np.float64]  # of n boxes with m others

ORDER = "left, top, right, bottom"


def boxes(given: ArrayLike | Sequence[Sequence[float]]) -> Boxes:
    """Rows of four numbers as boxes; UsageError for what is none."""
    rows = np.asarray(given, np.float64)
    if rows.size == 0:
        return np.zeros((0, 4))
    if rows.ndim != 2 or rows.shape[1] != 4:
        raise UsageError(f"Boxes are rows of four numbers ({ORDER}); received {' × '.join(map(str, rows.shape))}.")
    if strange := _rows(~np.isfinite(rows)):
        raise UsageError(f"Box {strange[0]} has a number that is none (NaN or infinity).")
    if wrong := _rows(rows[:, 2:] < rows[:, :2]):
        hint = "Its right or bottom lies before its left or top; widths and heights have to be added first."
        raise UsageError(f"Box {wrong[0]} is not in the order {ORDER}.", hint=hint)
    return rows


def area(some: Boxes) -> NDArray[np.float64]:
    """Pixels of each; a line and a point have none."""
    sides = some[:, 2:] - some[:, :2]
    product: NDArray[np.float64] = sides[:, 0] * sides[:, 1]
    return product


def clipped(some: Boxes, width: float, height: float) -> Boxes:
    """What of each lies in a picture of that size."""
    return np.clip(some, 0, np.array([width, height, width, height], np.float64))


def iou(some: Boxes, others: Boxes) -> Shares:
    """Intersection over union: 0 = apart, 1 = the same. Boxes without area overlap nothing but their equals."""
    return _share(*_parts(some, others), _same(some, others))


def within(some: Boxes, others: Boxes) -> Shares:
    """How much of each lies in each other: 0 = nothing, 1 = all of it. A box without area lies in nothing."""
    inner, whole = _parts(some, others)[0], area(some)[:, None]
    shares: Shares = np.divide(inner, whole, out=np.zeros_like(inner), where=whole > 0)
    return shares


def giou(some: Boxes, others: Boxes) -> Shares:
    """The same, and below 0 the farther apart they are (Rezatofighi et al. 2019): -1 … 1."""
    inner, union = _parts(some, others)
    hull = _product(_hull(some, others))
    empty = np.divide(hull - union, hull, out=np.zeros_like(hull), where=hull > 0)
    less: Shares = _share(inner, union, _same(some, others)) - np.maximum(empty, 0)
    return less


def diou(some: Boxes, others: Boxes) -> Shares:
    """The same, less the squared distance of the centres by that of the hull's corners (Zheng et al. 2020): -1 … 1."""
    apart = ((_centres(some)[:, None] - _centres(others)[None]) ** 2).sum(axis=2)
    across = (_hull(some, others) ** 2).sum(axis=2)
    less: Shares = iou(some, others) - np.divide(apart, across, out=np.zeros_like(apart), where=across > 0)
    return less


def _parts(some: Boxes, others: Boxes) -> tuple[Shares, Shares]:
    """What each pair shares, and what it covers together."""
    corner, end = np.maximum(some[:, None, :2], others[None, :, :2]), np.minimum(some[:, None, 2:], others[None, :, 2:])
    inner = _product(np.maximum(end - corner, 0))
    return inner, area(some)[:, None] + area(others)[None] - inner


def _share(inner: Shares, union: Shares, same: NDArray[np.bool_]) -> Shares:
    shares = np.divide(inner, union, out=np.zeros_like(inner), where=union > 0)
    bounded: Shares = np.where(same, 1.0, np.clip(shares, 0, 1))
    return bounded


def _same(some: Boxes, others: Boxes) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = (some[:, None] == others[None]).all(axis=2)
    return equal


def _hull(some: Boxes, others: Boxes) -> NDArray[np.float64]:
    """Width and height of the smallest box around each pair."""
    corner, end = np.minimum(some[:, None, :2], others[None, :, :2]), np.maximum(some[:, None, 2:], others[None, :, 2:])
    sides: NDArray[np.float64] = end - corner
    return sides


def _product(sides: NDArray[np.float64]) -> Shares:
    product: Shares = sides[..., 0] * sides[..., 1]
    return product


def _centres(some: Boxes) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = (some[:, :2] + some[:, 2:]) / 2
    return middle


def _rows(wrong: NDArray[np.bool_]) -> list[int]:
    """The numbers of rows with something wrong in them, as people count."""
    return [number for number, row in enumerate(wrong.tolist(), 1) if any(row)]
