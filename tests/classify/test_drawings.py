"""Drawings of any kind become digits as MNIST has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from classify.digits.frame import all_normalised, formed, normalised, read
from classify.digits.ink import labelled, unspecked
from tests.written import cut_out, drawn

DIGITS = range(10)
WAYS: dict[str, dict[str, Any]] = {
    "on a large canvas": {"side": 900},
    "on a small one": {"side": 60, "height": 0.9},
    "off the centre": {"at": (0.2, 0.75), "height": 0.35},
    "white on black": {"ink": "white", "paper": "black"},
    "red on blue": {"ink": (220, 40, 40), "paper": (40, 60, 200)},
    "pencil on grey": {"ink": (120, 120, 120), "paper": (190, 190, 190)},
    "grey": {"mode": "L"},
    "with a fine pen": {"pen": 0.02},
    "with a marker": {"pen": 0.18},
}


def far(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Share of the ink that is elsewhere, at the best of nine places."""
    moved = (np.roll(one, (down, across), (0, 1)).astype(int) for down in (-1, 0, 1) for across in (-1, 0, 1))
    return float(min(np.abs(each - other).sum() for each in moved) / (one.sum() + other.astype(int).sum()))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_however_it_was_drawn_it_is_the_same_digit(way: dict[str, Any]) -> None:
    usual = [normalised(drawn(digit)) for digit in DIGITS]
    seen = [normalised(drawn(digit, **way)) for digit in DIGITS]
    assert max(far(one, other) for one, other in zip(usual, seen, strict=True)) < 0.3
    nearest = [min(DIGITS, key=lambda other: far(seen[digit], usual[other])) for digit in DIGITS]
    assert nearest == list(DIGITS)


@pytest.mark.parametrize("ink", [0, 255], ids=["black", "white"])
def test_strokes_on_nothing_are_ink_whatever_their_colour(ink: int) -> None:
    for digit in DIGITS:
        assert far(normalised(cut_out(digit, ink)), normalised(drawn(digit))) < 0.05


def test_a_sheet_with_nothing_around_it_is_a_sheet() -> None:
    sheet = np.dstack([drawn(3), np.full((280, 280), 255, np.uint8)])
    around = np.zeros((400, 400, 4), np.uint8)
    around[50:330, 60:340] = sheet
    assert (normalised(around) == normalised(drawn(3))).all()


def test_noise_and_crumbs_are_no_ink() -> None:
    rng = np.random.default_rng(0)
    for digit in DIGITS:
        shown = drawn(digit).astype(float) + rng.normal(0, 8, (280, 280, 3))
        shown[8:12, 8:12] = shown[-12:-9, 100:104] = 0
        assert far(normalised(shown.clip(0, 255).astype(np.uint8)), normalised(drawn(digit))) < 0.25


def test_every_digit_has_the_form_of_mnist() -> None:
    for way in WAYS.values():
        digits = np.stack([normalised(drawn(digit, **way)) for digit in DIGITS])
        assert formed(digits).all()


@settings(max_examples=50, deadline=None)
@given(some.integers(0, 9), some.floats(0.01, 0.25), some.integers(30, 400), some.floats(0.3, 0.7), some.booleans())
def test_what_has_the_form_is_left_alone(digit: int, pen: float, side: int, at: float, dark: bool) -> None:
    ink, paper = ("black", "white") if dark else ("white", "black")
    once = normalised(drawn(digit, side, pen, at=(at, 1 - at), ink=ink, paper=paper))
    assert (normalised(once) == once).all()


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, some.tuples(some.integers(0, 40), some.integers(0, 40), some.sampled_from([1, 3, 4]))))
def test_any_pixels_at_all_give_a_digit_or_nothing(pixels: NDArray[np.uint8]) -> None:
    digit = normalised(pixels)
    assert digit.shape == (28, 28)
    assert digit.dtype == np.uint8


@pytest.mark.parametrize("pixels", [np.zeros((9, 9, 3)), np.full((300, 200, 3), 255), np.zeros((40, 40, 4))], ids=str)
def test_where_nothing_is_drawn_all_is_black(pixels: NDArray[np.float64]) -> None:
    assert not normalised(pixels.astype(np.uint8)).any()


def test_a_model_is_shown_a_batch_of_rgb() -> None:
    batch = read(drawn(5))
    assert batch.shape == (1, 28, 28, 3)
    assert (batch[0, :, :, 0] == normalised(drawn(5))).all()


def test_many_at_once_are_as_one_by_one() -> None:
    many = np.stack([normalised(drawn(2)), np.asarray(drawn(7, 28, 0.1, mode="L", height=0.5))])
    assert (all_normalised(many) == np.stack([normalised(each) for each in many])).all()
    larger = np.stack([drawn(digit, 64, mode="L") for digit in (1, 2)])
    assert (all_normalised(larger) == np.stack([normalised(each) for each in larger])).all()


@settings(max_examples=100, deadline=None)
@given(arrays(np.bool_, some.tuples(some.integers(1, 9), some.integers(1, 9))))
def test_pieces_are_numbered_as_flooding_one_by_one_would(mask: NDArray[np.bool_]) -> None:
    pieces = labelled(mask)
    assert ((pieces > 0) == mask).all()
    for start in zip(*np.nonzero(mask), strict=True):
        flood, waiting = set(), [start]
        while waiting:
            row, column = waiting.pop()
            if (row, column) in flood or not (0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]):
                continue
            if mask[row, column]:
                flood.add((row, column))
                waiting += [(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        assert set(zip(*np.nonzero(pieces == pieces[start]), strict=True)) == flood


def test_a_stroke_beside_the_digit_stays_and_a_crumb_goes() -> None:
    wet = np.zeros((40, 40), np.float32)
    wet[5:35, 10:14] = 1
    wet[5:9, 20:30] = 1
    wet[30, 30] = 1
    assert unspecked(wet).sum() == wet.sum() - 1
