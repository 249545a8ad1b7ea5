"""The figures of a report: counted by hand, compared with scikit-learn, and lawful whatever is asked."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.scores import Rate, across, answering, calibrated, nearest, score, silence, wilson

LABELS = ("cat", "dog", "owl")
TARGETS = np.array([0, 0, 0, 1, 1, 2])
PROBABILITIES = np.array(
    [
        [0.9, 0.1, 0.0],
        [0.2, 0.7, 0.1],  # a cat taken for a dog
        [0.6, 0.3, 0.1],
        [0.0, 1.0, 0.0],
        [0.95, 0.05, 0.0],  # a dog taken for a cat, and sure of it
        [0.1, 0.2, 0.7],
    ]
)


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (97, 100, 0.9155, 0.9897),  # as R's `prop.test(97, 100, correct = FALSE)` says
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 2, 0.0945, 0.9055),
        (0, 0, 0.0, 1.0),
    ],
)
def test_an_interval_is_wilsons(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 3000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_an_interval_holds_its_share_and_narrows_with_more_pictures(counted: tuple[int, int]) -> None:
    right, total = counted
    low, high = wilson(right, total)
    wider = wilson(right * 4, total * 4)
    assert 0 <= low <= right / total <= high <= 1
    assert wider[1] - wider[0] < high - low
    assert wilson(total - right, total) == pytest.approx((1 - high, 1 - low))


def test_everything_is_counted() -> None:
    scores = score(PROBABILITIES, TARGETS, LABELS)
    cat, dog, owl = scores.classes

    assert (scores.accuracy, scores.guess) == (Rate(4, 6), 0.5)
    assert scores.counts == ((2, 1, 0), (1, 1, 0), (0, 0, 1))
    assert scores.shares[0] == pytest.approx((2 / 3, 1 / 3, 0))
    assert (cat.recall, cat.precision, cat.support) == (2 / 3, 2 / 3, 3)
    assert (dog.recall, dog.precision, dog.f1) == (0.5, 0.5, 0.5)
    assert owl.f1 == 1.0
    assert scores.balanced == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_the_most_confident_mistake_comes_first() -> None:
    told = [
        (each.index, each.truth, each.said, each.probability) for each in score(PROBABILITIES, TARGETS, LABELS).mistakes
    ]
    assert told == [(4, 1, 0, 0.95), (1, 0, 1, 0.7)]


def test_a_class_nobody_asked_for_or_named_has_no_share() -> None:
    scores = score(PROBABILITIES[:1], TARGETS[:1], LABELS)
    assert [each.recall for each in scores.classes] == [1.0, None, None]
    assert [each.precision for each in scores.classes] == [1.0, None, None]
    assert (scores.balanced, scores.f1) == (1.0, 1.0)


@settings(deadline=None)  # its first example loads scikit-learn
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 60))
def test_scikit_learn_counts_the_same(seed: int, classes: int, pictures: int) -> None:
    from sklearn.metrics import confusion_matrix, f1_score, log_loss

    rng = np.random.default_rng(seed)
    targets = rng.integers(0, classes, pictures)
    probabilities = rng.dirichlet(np.ones(classes), pictures)
    said, every = probabilities.argmax(1), np.arange(classes)

    scores = score(probabilities, targets, [str(number) for number in every])

    assert np.array_equal(scores.counts, confusion_matrix(targets, said, labels=every))
    asked = sorted(set(targets))
    assert scores.f1 == pytest.approx(f1_score(targets, said, labels=asked, average="macro", zero_division=0))
    assert scores.loss == pytest.approx(log_loss(targets, np.maximum(probabilities, 1e-7), labels=every), rel=1e-5)
    assert sum(each.support for each in scores.classes) == pictures
    assert len(scores.mistakes) == scores.accuracy.wrong


@pytest.mark.parametrize(
    ("probabilities", "targets", "why"),
    [
        (PROBABILITIES[:0], TARGETS[:0], "no picture"),
        (PROBABILITIES[:, :2], TARGETS, "3 classes"),
        (PROBABILITIES[:5], TARGETS, "6 pictures"),
        (PROBABILITIES * math.nan, TARGETS, "no number"),
    ],
    ids=["none", "a class less", "a picture less", "not a number"],
)
def test_what_cannot_be_scored_is_said(probabilities: np.ndarray, targets: np.ndarray, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        score(probabilities, targets, LABELS)


def test_not_sure_is_counted_apart() -> None:
    sure = [True, False, True, True, True, False]
    told = score(PROBABILITIES, TARGETS, LABELS, sure).silence
    assert told is not None
    assert (told.answered, told.open, told.share) == (Rate(3, 4), Rate(1, 2), 4 / 6)


@given(st.integers(0, 2**32 - 1))
def test_a_higher_bar_answers_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    confidence = rng.random(50)
    told = answering(rng.random(50) < confidence, confidence)
    assert told[0].share == 1.0
    assert [each.share for each in told] == sorted((each.share for each in told), reverse=True)


def test_no_answer_at_all_is_no_share() -> None:
    nothing = silence(np.array([True, False]), np.array([False, False]))
    assert (nothing.answered.share, nothing.open.share, nothing.share) == (0.0, 0.5, 0.0)


def test_the_nearest_class_is_the_one_half_believed() -> None:
    dog, cat, owl = nearest(PROBABILITIES, TARGETS, LABELS)
    assert (dog.label, dog.other, dog.taken) == ("dog", "cat", 1)
    assert dog.share == pytest.approx(0.475)
    assert (cat.label, cat.other) == ("cat", "dog")
    assert (owl.label, owl.other, owl.taken) == ("owl", "dog", 0)


def test_folds_are_pooled_and_their_spread_is_said() -> None:
    folds = across([Rate(9, 10), Rate(7, 10), Rate(8, 10)])
    assert (folds.pooled, folds.worst) == (Rate(24, 30), Rate(7, 10))
    assert folds.spread == pytest.approx(0.1)
    assert across([Rate(1, 2)]).spread == 0.0
    with pytest.raises(ValueError, match="no fold"):
        across([])


def test_calibration_is_told_before_and_after() -> None:
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 3, 500)
    logits = (rng.normal(0, 1, (500, 3)) + np.eye(3)[targets]).astype(np.float32)
    told = calibrated(logits * 6, targets, 6.0)
    assert told.after < told.before / 2
    assert sum(step.count for step in told.bins) == sum(step.count for step in told.raw) == 500
    assert told.temperature == 6.0
