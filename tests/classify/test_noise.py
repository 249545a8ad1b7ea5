"""Suspicions about labels: planted wrong ones are found, strangers are found, clean sets are left in peace."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from classify.noise import Suspected, suspect
from classify.nouns import Features, Targets
from imgtool.errors import ImgtoolError

WIDTH = 24


class Crowd:
    """Clouds of features: classes in different places, and whatever else is asked for."""

    def __init__(self, classes: int, each: int, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.middles = 3.0 * self.rng.standard_normal((classes + 1, WIDTH))
        self.classes = classes
        self.truth = np.repeat(np.arange(classes), each)
        self.features = self.middles[self.truth] + self.rng.standard_normal((len(self.truth), WIDTH))
        self.targets = self.truth.copy()

    def mislabel(self, many: int) -> NDArray[np.int64]:
        """So many get another class's label."""
        wrong = self.rng.choice(len(self.truth), many, replace=False)
        self.targets[wrong] = (self.targets[wrong] + self.rng.integers(1, self.classes, many)) % self.classes
        return wrong

    def strange(self, many: int, *, alike: bool) -> None:
        """So many strangers come, of one kind or each of its own, with labels by chance."""
        middle = self.middles[-1] if alike else 4.0 * self.rng.standard_normal((many, WIDTH))
        came = middle + self.rng.standard_normal((many, WIDTH))
        self.features = np.concatenate([self.features, came])
        self.targets = np.concatenate([self.targets, self.rng.integers(0, self.classes, many)])
        self.truth = np.concatenate([self.truth, np.full(many, -1)])

    def suspected(self) -> Suspected:
        folds = np.arange(len(self.targets)) % 5
        return suspect(self.features.astype(np.float32), self.targets, folds, self.classes)


def test_wrong_labels_are_found_and_their_class_is_named() -> None:
    crowd = Crowd(4, 40)
    wrong = crowd.mislabel(32)

    seen = crowd.suspected()

    assert seen.wrong[wrong].mean() > 0.9
    assert (seen.labels.likely[wrong] == crowd.truth[wrong]).all()
    assert np.delete(seen.wrong, wrong).mean() < 0.02


@pytest.mark.parametrize("alike", [True, False], ids=["a crowd", "loners"])
def test_strangers_are_found_among_wrong_labels(alike: bool) -> None:
    crowd = Crowd(4, 40)
    crowd.mislabel(24)
    crowd.strange(16, alike=alike)

    seen = crowd.suspected()

    strangers = crowd.truth < 0
    assert seen.stranger[strangers].mean() > 0.85
    assert seen.stranger[~strangers].mean() < 0.05
    assert not (seen.wrong & seen.stranger).any()
    assert seen.strange.scores[seen.stranger].min() >= 0.5


def test_a_clean_set_is_left_in_peace() -> None:
    seen = Crowd(3, 50).suspected()

    assert seen.confirmed > 0.98
    assert seen.wrong.sum() == 0
    assert seen.stranger.mean() < 0.02


def test_features_that_tell_nothing_accuse_nobody() -> None:
    crowd = Crowd(4, 40)
    crowd.features = crowd.rng.standard_normal(crowd.features.shape)

    seen = crowd.suspected()

    assert not seen.telling
    assert not seen.wrong.any()


def test_a_class_alone_has_strangers_but_no_wrong_labels() -> None:
    crowd = Crowd(1, 120)
    crowd.strange(12, alike=True)

    seen = crowd.suspected()

    assert not seen.wrong.any()
    assert seen.stranger[crowd.truth < 0].mean() > 0.8


def test_a_class_of_few_or_of_one_fold_is_not_judged() -> None:
    crowd = Crowd(4, 40)
    features, targets = crowd.features.astype(np.float32), crowd.targets
    few = np.flatnonzero((targets != 0) | (np.arange(len(targets)) < 3))
    folds = np.where(targets[few] == 1, 0, np.arange(len(few)) % 5)

    seen = suspect(features[few], targets[few], folds, 5)

    assert seen.few == (0, 1)
    assert not seen.wrong[targets[few] < 2].any()


def test_twins_in_one_fold_do_not_vouch_for_each_others_label() -> None:
    crowd = Crowd(3, 40)
    wrong = np.flatnonzero(crowd.truth == 0)[:6]
    crowd.features[wrong] = crowd.features[wrong[0]]  # the same picture six times, all with one wrong label
    crowd.targets[wrong] = 1
    folds = np.arange(len(crowd.targets)) % 5
    folds[wrong] = 0

    seen = suspect(crowd.features.astype(np.float32), crowd.targets, folds, 3)

    assert (seen.wrong | seen.stranger)[wrong].all()
    assert (seen.labels.likely[wrong] == 0).all()


def test_equal_questions_get_equal_answers() -> None:
    crowd = Crowd(3, 30)
    crowd.mislabel(10)

    one, other = crowd.suspected(), crowd.suspected()

    assert (one.labels.given == other.labels.given).all()
    assert (one.strange.scores == other.strange.scores).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_features_that_are_no_numbers_are_refused(bad: float) -> None:
    features: Features = np.ones((20, 4), np.float32)
    features[3, 2] = bad
    targets: Targets = np.arange(20) % 2

    with pytest.raises(ImgtoolError, match="features of 1 pictures are no numbers"):
        suspect(features, targets, np.arange(20) % 5, 2)


def test_pictures_that_all_look_the_same_are_no_crash() -> None:
    features: Features = np.ones((20, 4), np.float32)

    seen = suspect(features, np.arange(20) % 2, np.arange(20) % 5, 2)

    assert not seen.wrong.any()
