"""What a form is asked before it is written, and how far its answers may be from Keras's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.file.lite import Unfit
from classify.nouns import Pixels

EXACT = 1e-4  # of a probability: 32-bit sums in another order
PICTURES = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """How a form answered."""

    pictures: int
    same: int  # of them, whose likeliest name is the same
    far: float  # the largest difference of a probability
    tolerance: float  # what was allowed


def asked(size: int, channels: int) -> Pixels:
    """Pictures drawn by chance: fields of colour from four to as many as fit, the same every time."""
    chance = np.random.default_rng(0)
    return np.stack([fields(chance, 2 ** (1 + number % 6), size, channels) for number in range(PICTURES)])


def fields(chance: np.random.Generator, cells: int, size: int, channels: int) -> Pixels:
    """A picture of so many fields a side."""
    colours = chance.integers(0, 256, (cells, cells, channels), dtype=np.uint8)
    place = np.arange(size) * cells // size
    return colours[place][:, place]


def proven(ours: NDArray[np.floating], theirs: object, tolerance: float) -> Proof:
    """How the form answered; Unfit when that is not what Keras says."""
    said = np.asarray(theirs, np.float32)
    if said.shape != ours.shape or not np.isfinite(said).all():
        raise Unfit(f"its answers are {said.shape} numbers, not {ours.shape}.")
    far = float(np.abs(said - ours).max())
    if far > tolerance:
        raise Unfit(f"a probability differs by {far:.2g}, and {tolerance:g} is allowed.")
    return Proof(len(ours), int(alike(ours, said, tolerance).sum()), far, tolerance)


def alike(ours: NDArray[np.floating], said: NDArray[np.floating], tolerance: float) -> NDArray[np.bool_]:
    """Is the likeliest name the same? Of two that are as likely within the tolerance, either is."""
    chosen = np.take_along_axis(ours, said.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.asarray(ours.max(axis=1) - chosen <= 2 * min(tolerance, EXACT))
