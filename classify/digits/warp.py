"""Digits as other hands would have written them: slanted, turned, wavering, with a finer or a broader pen.

A whole batch at once. Every digit draws from the generator that it is given, so an epoch can be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.digits.frame import SIDE

Digits: TypeAlias = NDArray[np.uint8]  # count × 28 × 28
Field: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hand:
    """How far a hand may stray. Chosen on held-out digits: docs/digits.md."""

    turn: float = 12.0  # degrees
    slant: float = 0.2  # of the height
    size: float = 0.12  # share by which each side may grow or shrink
    shift: float = 1.2  # px
    waver: float = 0.9  # px that a stroke leaves its way, on average
    pen: float = 0.6  # of a pixel's width more or less on each side
    knots: int = 5  # of the waver, each way


def rewritten(digits: Digits, dice: np.random.Generator, hand: Hand = Hand()) -> Digits:
    """Each digit in another hand."""
    down, across = way(len(digits), dice, hand)
    shown = sampled(digits, down, across)
    return np.asarray(inked(shown, dice.uniform(-hand.pen, hand.pen, len(digits))).round().clip(0, 255), np.uint8)


def way(count: int, dice: np.random.Generator, hand: Hand) -> tuple[Field, Field]:
    """Where each pixel of each new digit is taken from: rows and columns, count × 28 × 28."""
    turn = np.radians(dice.uniform(-hand.turn, hand.turn, count))
    slant = dice.uniform(-hand.slant, hand.slant, count)
    tall, wide = 1 / dice.uniform(1 - hand.size, 1 + hand.size, (2, count))
    shift = dice.uniform(-hand.shift, hand.shift, (2, count))
    knots = dice.normal(0, hand.waver, (2, count, hand.knots, hand.knots)).astype(np.float32)
    own = (np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2)[None, :]
    sine, cosine = np.sin(turn), np.cos(turn)
    down = _plane(own, tall * cosine, -wide * sine, shift[0]) + _smooth(knots[0])
    across = _plane(own, tall * (sine + slant * cosine), wide * (cosine - slant * sine), shift[1]) + _smooth(knots[1])
    return down + (SIDE - 1) / 2, across + (SIDE - 1) / 2


def sampled(digits: Digits, down: Field, across: Field) -> Field:
    """The digits at these places, between pixels too; black outside."""
    wide = np.pad(digits, ((0, 0), (1, 1), (1, 1))).astype(np.float32)
    side = SIDE + 2
    down, across = (np.clip(place + 1, 0, side - 1.001) for place in (down, across))
    top, left = down.astype(np.int32), across.astype(np.int32)
    low, right = (down - top).astype(np.float32), (across - left).astype(np.float32)
    at = np.arange(len(digits), dtype=np.int32)[:, None, None] * (side * side) + top * side + left
    flat = wide.ravel()
    above = flat[at] * (1 - right) + flat[at + 1] * right
    below = flat[at + side] * (1 - right) + flat[at + side + 1] * right
    return np.asarray(above * (1 - low) + below * low, np.float32)


def inked(shown: Field, more: NDArray[np.float64]) -> Field:
    """With a broader pen (more than 0) or a finer one: drawn to the most, or the least, of each pixel's neighbours."""
    amount = np.abs(more).astype(np.float32)[:, None, None]
    broad = (more > 0)[:, None, None]
    turned = np.where(broad, shown, 255 - shown)
    near = np.pad(turned, ((0, 0), (1, 1), (1, 1)), mode="edge")
    tall = np.maximum(np.maximum(near[:, :-2, 1:-1], turned), near[:, 2:, 1:-1])
    most = np.maximum(np.maximum(near[:, 1:-1, :-2], tall), near[:, 1:-1, 2:])
    mixed = turned + amount * (most - turned)
    return np.asarray(np.where(broad, mixed, 255 - mixed), np.float32)


def _plane(own: Field, down: NDArray[np.float64], across: NDArray[np.float64], shift: NDArray[np.float64]) -> Field:
    """Row and column, weighed and moved."""
    rows, columns = own[:, :, None], own[:, None, :]
    weighed = down[:, None, None] * rows + across[:, None, None] * columns + shift[:, None, None]
    return np.asarray(weighed, np.float32)


def _smooth(knots: Field) -> Field:
    """A field that passes from knot to knot without a corner: cosine between neighbours."""
    place = np.linspace(0, knots.shape[1] - 1, SIDE, dtype=np.float32)[:, None]
    near = (1 - np.abs(place - np.arange(knots.shape[1], dtype=np.float32))).clip(0)
    bell = ((1 - np.cos(np.pi * near)) / 2).astype(np.float32)
    return np.asarray(bell @ knots @ bell.T, np.float32)
