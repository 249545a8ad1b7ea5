"""What a cut is: a part of a picture, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from curate.bounds import BOUNDS
from imgtool.records import Picture

Rectangle: TypeAlias = tuple[int, int, int, int]  # whole px: left, top, right, bottom

TRUE, OBJECT, HARD, BACKGROUND = KINDS = ("true", "object", "hard", "background")
LEAST = BOUNDS.min_size  # px, shorter side: a smaller file is no picture for any other command


@dataclass(frozen=True, slots=True)
class Truth:
    """A box that somebody drew."""

    box: tuple[float, float, float, float]
    number: int  # of its label: boxes of equal numbers are of one class
    more: int = 0  # proposals that may stand for it too


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of every picture."""

    seed: int = 0
    objects: int = 8  # proposals that stand for objects, at most
    negatives: int = 8  # parts that are no object, at most
    strategy: str = "fast"
    quality: int = 95  # of the JPEGs


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a picture."""

    box: Rectangle
    kind: str  # true object hard background
    truth: int  # the place of the true box that it overlaps most; -1 = there is none
    overlap: float


@dataclass(frozen=True, slots=True)
class Piece:
    """It as a file."""

    cut: Cut
    data: bytes
    picture: Picture
