"""Temperature, reliability and the expected calibration error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from classify.calibrate import ece, nll, probabilities, reliability, temperature
from classify.nouns import Logits, Targets
from imgtool.errors import UsageError


def spoken(count: int, loud: float, seed: int = 0, classes: int = 3) -> tuple[Logits, Targets]:
    """Logits whose honest temperature is `loud`: the truth is drawn from the softmax of logits / loud."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 1.5, (count, classes))
    targets = np.array([rng.choice(classes, p=p) for p in probabilities(honest.astype(np.float32))])
    return (honest * loud).astype(np.float32), targets


@pytest.mark.parametrize("loud", [0.4, 1.0, 3.0])
def test_the_temperature_undoes_what_made_the_logits_loud(loud: float) -> None:
    assert temperature(*spoken(4000, loud)) == pytest.approx(loud, rel=0.12)


@given(st.integers(1, 40), st.integers(2, 5), st.integers(0, 10**6), st.floats(0.01, 50))
def test_a_temperature_is_never_worse_than_one(count: int, classes: int, seed: int, loud: float) -> None:
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, loud, (count, classes)).astype(np.float32)
    targets = rng.integers(0, classes, count)
    assert nll(logits, targets, temperature(logits, targets)) <= nll(logits, targets)


def test_calibration_brings_the_error_down() -> None:
    logits, targets = spoken(3000, 4.0)
    later, later_targets = spoken(3000, 4.0, seed=1)
    t = temperature(logits, targets)
    assert ece(probabilities(later, t), later_targets) < 0.03 < 0.15 < ece(probabilities(later), later_targets)


def test_a_temperature_changes_no_answer() -> None:
    logits, _ = spoken(200, 1.0)
    assert (probabilities(logits, 7.0).argmax(1) == logits.argmax(1)).all()


def test_a_few_pictures_without_a_mistake_prove_no_certainty() -> None:
    logits = np.array([[4.0, 0.0]] * 10, np.float32)
    t = temperature(logits, np.zeros(10, np.int64))
    assert probabilities(logits, t)[0, 0] < 0.99


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_extreme_logits_stay_numbers(scale: float) -> None:
    logits = (np.array([[1.0, -1.0], [-1.0, 1.0]]) * scale).astype(np.float32)
    assert np.isfinite(probabilities(logits, temperature(logits, np.array([0, 1])))).all()


def test_the_bins_hold_every_answer_once_and_say_how_many_were_right() -> None:
    probs = np.array([[1.0, 0.0], [0.6, 0.4], [0.5, 0.5], [0.4, 0.6]])
    table = reliability(probs, np.array([0, 1, 0, 1]), bins=10)
    assert [(step.count, step.accuracy) for step in table if step.count] == [(1, 1.0), (2, 0.5), (1, 1.0)]
    assert sum(step.count for step in table) == 4


@pytest.mark.parametrize(
    ("probs", "targets", "error"),
    [
        ([[1.0, 0.0]] * 4, [0, 0, 0, 0], 0.0),
        ([[1.0, 0.0]] * 4, [1, 1, 1, 1], 1.0),
        ([[0.75, 0.25]] * 4, [0, 0, 0, 1], 0.0),
        ([[0.75, 0.25]] * 4, [0, 0, 1, 1], 0.25),
    ],
    ids=["sure and right", "sure and wrong", "as right as it sounds", "too sure"],
)
def test_the_error_is_the_distance_from_the_truth(probs: list[list[float]], targets: list[int], error: float) -> None:
    assert ece(np.array(probs), np.array(targets)) == pytest.approx(error)


@pytest.mark.parametrize("targets", [np.zeros(0, np.int64), np.zeros(3, np.int64)], ids=["none", "too many"])
def test_calibration_without_its_pictures_is_refused(targets: NDArray[np.int64]) -> None:
    with pytest.raises(UsageError, match="Calibration needs"):
        temperature(np.zeros((0, 2), np.float32), targets)
