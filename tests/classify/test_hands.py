"""Digits in other hands: still digits, never twice the same, and the same again for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from classify.digits.frame import normalised
from classify.digits.learn import Hands, course
from classify.digits.warp import Hand, rewritten
from tests.written import drawn

STILL = Hand(turn=0, slant=0, size=0, shift=0, waver=0, pen=0)
DIGITS = np.stack([normalised(drawn(digit)) for digit in range(10)])
LABELS = np.arange(10)


def dice(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def mass(digits: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(digits.astype(float).sum(axis=(1, 2)))


def test_a_hand_that_does_not_stray_writes_the_same() -> None:
    assert np.abs(rewritten(DIGITS, dice(), STILL).astype(int) - DIGITS).max() <= 1


@pytest.mark.parametrize(
    "hand",
    [Hand(12, 0, 0, 0, 0, 0), Hand(0, 0.2, 0, 0, 0, 0), Hand(0, 0, 0, 1.5, 0, 0), Hand(0, 0, 0, 0, 1, 0), Hand()],
    ids=["turned", "slanted", "moved", "wavering", "all of it"],
)
def test_a_hand_strays_and_stays_in_the_frame(hand: Hand) -> None:
    other = rewritten(DIGITS, dice(), hand)
    assert (np.abs(other.astype(int) - DIGITS).mean(axis=(1, 2)) > 1).all()
    assert (mass(other) > 0.6 * mass(DIGITS)).all()
    assert (mass(other) < 1.7 * mass(DIGITS)).all()


def test_a_pen_is_broader_or_finer() -> None:
    many = np.repeat(DIGITS, 20, axis=0)
    changed = mass(rewritten(many, dice(), Hand(0, 0, 0, 0, 0, 0.6))) / mass(many)
    assert changed.min() < 0.85
    assert changed.max() > 1.15


def test_an_epoch_is_the_same_whenever_it_is_asked_for_and_no_other_is() -> None:
    lesson = course(DIGITS, LABELS)
    first, again = Hands(lesson, 7), Hands(lesson, 7)
    second = first.epoch(2).copy()

    assert (first.epoch(1) != second).any()
    assert (again.epoch(2) == second).all()
    assert (Hands(lesson, 8).epoch(2) != second).any()


def test_each_digit_is_asked_for_by_its_bytes() -> None:
    lesson = course(DIGITS, LABELS)
    hands = Hands(lesson, 0)
    for row, key in enumerate(lesson.keys):
        shown = hands(lesson.pixels[row], key, 3)
        assert shown.shape == (28, 28, 3)
        assert (shown[..., 0] == hands.epoch(3)[row]).all()
