"""An epoch's batches: a function of seed and epoch, made ahead, in order."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.nets.regimen import Regimen
from classify.nouns import Course, Learning, Pixels
from classify.training.ahead import ahead
from classify.training.batches import Batch, dice, feed, mixed, order, reduced
from classify.training.task import Task
from tests.lessons import course

PLAIN = Regimen(epochs=3, rate=1e-3)


def task() -> Task:
    return Task(course(10), course(4, seed=1), 2, Learning(batch=4), numbered)


def numbered(pixels: Pixels, key: str, copy: int) -> Pixels:
    return np.full_like(pixels, copy)


@given(st.integers(1, 300), st.integers(1, 64), st.integers(-5, 5), st.integers(1, 9))
def test_every_picture_has_its_turn_in_batches_of_one_size(count: int, batch: int, seed: int, number: int) -> None:
    rows = order(count, batch, seed, number)
    assert set(rows.ravel()) == set(range(count))
    assert rows.size - count < rows.shape[1] == min(batch, count)


def test_epochs_and_seeds_shuffle_differently_and_the_same_ones_alike() -> None:
    assert (order(50, 8, 0, 1) == order(50, 8, 0, 1)).all()
    assert (order(50, 8, 0, 1) != order(50, 8, 0, 2)).any()
    assert (order(50, 8, 0, 1) != order(50, 8, 1, 1)).any()


def test_an_epoch_comes_out_the_same_however_many_threads_make_it(monkeypatch: pytest.MonkeyPatch) -> None:
    epochs = []
    for count in (2, 9):
        monkeypatch.setattr("classify.training.batches.threads", lambda count=count: count)
        epochs.append(list(feed(task(), replace(PLAIN, mix=0.3)).epoch(2)))
    for one, other in zip(*epochs, strict=True):
        assert all((getattr(one, name) == getattr(other, name)).all() for name in Batch.__slots__)


def test_each_epoch_asks_for_another_copy_of_each_picture() -> None:
    assert {batch.pixels.max() for batch in feed(task(), PLAIN).epoch(7)} == {7.0}


def test_rarer_classes_weigh_more_unless_that_is_not_wanted() -> None:
    rare = Course(course(4).pixels, np.array([0, 0, 0, 1]), tuple("abcd"))
    balanced = feed(Task(rare, rare, 2), PLAIN).weights
    assert balanced == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    assert feed(Task(rare, rare, 2, Learning(balance=False)), PLAIN).weights.tolist() == [1, 1, 1, 1]


def test_mixed_pictures_lie_between_two_and_their_targets_say_in_which_shares() -> None:
    pixels = np.stack([np.full((2, 2, 3), value, np.float32) for value in (0, 100)])
    batch = mixed(Batch(pixels, np.eye(2, dtype=np.float32), np.ones(2, np.float32)), 1.0, dice(3))
    assert batch.targets.sum(axis=1) == pytest.approx([1, 1])
    assert batch.pixels[:, 0, 0, 0] == pytest.approx(100 * batch.targets[:, 1])


@given(st.integers(4, 40), st.integers(2, 40), st.integers(0, 255))
def test_a_plain_picture_is_as_plain_when_smaller(before: int, after: int, grey: int) -> None:
    shown = reduced(np.full((1, before, before, 3), grey, np.uint8), after)
    assert shown.shape == (1, after, after, 3)
    assert shown == pytest.approx(grey, abs=1e-3)


def test_a_smaller_picture_keeps_its_rows_and_columns_apart() -> None:
    ramp = np.tile(np.arange(12, dtype=np.uint8)[None, :, None, None], (1, 1, 12, 3))
    shown = reduced(ramp, 6)[0, ..., 0]
    assert (np.diff(shown, axis=0) > 0).all()
    assert np.ptp(shown, axis=1) == pytest.approx(0, abs=1e-5)


def test_what_is_made_ahead_comes_in_order_and_never_much_of_it_waits() -> None:
    making: list[int] = []

    def make(number: int) -> int:
        making.append(number)
        time.sleep(0.01 * (number % 3))
        return number

    came = ahead((partial(make, number) for number in range(20)), workers=3, depth=4)
    assert next(came) == 0
    time.sleep(0.1)
    assert max(making) <= 5
    assert list(came) == list(range(1, 20))


def test_an_error_ahead_is_raised_in_its_turn_and_leaves_no_thread() -> None:
    came = ahead([lambda: 1, lambda: 1 // 0, lambda: 3], workers=2)
    assert next(came) == 1
    with pytest.raises(ZeroDivisionError):
        next(came)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]
