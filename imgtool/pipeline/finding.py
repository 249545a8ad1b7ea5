"""What a model says of many boxes in, the few things that it found out: pure, and the same every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from curate.boxes import Boxes, iou
from curate.boxes.agreement import INSIDE, agreed, backing, distinct
from curate.boxes.choice import OVERLAP
from imgtool.errors import UsageError
from imgtool.pipeline.located import BACKGROUND

SAME = 0.7  # overlap from which on boxes of two classes are of one thing, and the likelier name stays
NEAR = 0.5  # overlap from which on a box is of a find, and vouches for it
EVEN = 0.5  # the threshold of a model that knows a background: likelier than all else together; "sure" is about names

Shares = NDArray[np.float64]  # of boxes by classes


@dataclass(frozen=True, slots=True)
class Locating:
    """How things are looked for."""

    quick: bool = False  # by the heat of the whole picture, not box by box
    threshold: float | None = None  # the probability from which on something is found; None = as `bars` says
    thresholds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # of single classes
    overlap: float = OVERLAP  # from here on two boxes of a class are of one thing
    most: int = 0  # finds in a picture; 0 = all


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Boxes, and what the model says of each."""

    boxes: Boxes
    shares: Shares


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Boxes of things, the likeliest first."""

    boxes: Boxes
    numbers: NDArray[np.int64]  # of their classes
    shares: NDArray[np.float64]


def bars(labels: Sequence[str], sure: float, how: Locating) -> NDArray[np.float64]:
    """The threshold of each class; none is ever above that of the background. UsageError for what makes no sense.

    None said, it is even odds for a model that knows a background, and where it is sure for any other.
    """
    known = [label for label in labels if label != BACKGROUND]
    even = BACKGROUND in labels or not sure
    usual = how.threshold if how.threshold is not None else EVEN if even else sure
    for name, value in [("", usual), *how.thresholds.items()]:
        if name and name not in known:
            hint = f"It knows: {', '.join(known[:20])}."
            raise UsageError(f"The model cannot find {name!r}.", hint=hint)
        if not 0 < value <= 1:
            raise UsageError(f"A threshold is a probability above 0, at most 1; received {value:g}.")
    return np.array([np.inf if label == BACKGROUND else how.thresholds.get(label, usual) for label in labels])


def found(heard: Heard, limits: NDArray[np.float64], how: Locating) -> Found:
    """Every class's finds; of two at one place the likelier.

    A cat's ear may look like a dog, and only a model that knows a background has learnt what a part is: of any other,
    what lies within a better find is none.
    """
    parts = [of_class(heard, number, bar, how) for number, bar in enumerate(limits) if np.isfinite(bar)]
    boxes, shares = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    numbers = np.repeat(np.flatnonzero(np.isfinite(limits)), [len(part[1]) for part in parts])
    kept = distinct(boxes, shares, SAME, INSIDE if np.isfinite(limits).all() else np.inf)[: how.most or None]
    return Found(boxes[kept], numbers[kept].astype(np.int64), shares[kept])


def of_class(heard: Heard, number: int, bar: float, how: Locating) -> tuple[Boxes, NDArray[np.float64]]:
    """One class's: begun where all boxes together back one most, each as its neighbours agree."""
    shares = heard.shares[:, number]
    own = np.flatnonzero(shares >= bar)
    if not len(own):
        return np.zeros((0, 4)), np.zeros(0)
    held = heard.boxes[own]
    seeds = held[distinct(held, backing(held, shares[own]), how.overlap)]
    boxes = agreed(seeds, heard.boxes, shares)
    vouched = np.where(iou(boxes, heard.boxes) >= NEAR, shares, 0).max(axis=1)
    sure = vouched >= bar
    boxes, vouched = boxes[sure], vouched[sure]
    kept = distinct(boxes, vouched, how.overlap)
    return boxes[kept], vouched[kept]


def nearest(heard: Heard, limits: NDArray[np.float64]) -> tuple[int, int] | None:
    """The box and the class that come nearest to the class's threshold; None where there is no class to find."""
    short = heard.shares - limits
    if not np.isfinite(short).any():
        return None
    row, number = np.unravel_index(int(short.argmax()), short.shape)
    return int(row), int(number)
