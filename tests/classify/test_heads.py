"""Heads: the same in NumPy and in Keras, chosen by pictures held out, groups whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.heads import HEADS, Head, balanced, dense, fit
from classify.heads.folds import folds
from classify.nouns import Features, Learning, Logits, Step, Targets
from classify.runtime import keras, quiet
from imgtool.errors import ImgtoolError, UsageError

FEW = Learning(epochs=5)


def clouds(count: int, classes: int = 3, seed: int = 0, spread: float = 0.8) -> tuple[Features, Targets]:
    """Features about one middle for each class, each feature of its own size."""
    middles = np.random.default_rng(99).normal(0, 1, (classes, 16))
    rng = np.random.default_rng(seed)
    targets = np.arange(count) % classes
    sizes = np.linspace(0.1, 20, 16)
    return ((middles[targets] + rng.normal(0, spread, (count, 16)) + 1) * sizes).astype(np.float32), targets


def rings(count: int, seed: int = 0) -> tuple[Features, Targets]:
    """One class about the middle, one all around it: no straight line parts them."""
    rng = np.random.default_rng(seed)
    targets = np.arange(count) % 2
    angle, radius = rng.uniform(0, 2 * np.pi, count), 1 + 3 * targets + rng.normal(0, 0.2, count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).astype(np.float32), targets


def accuracy(head: Head, features: Features, targets: Targets) -> float:
    return float((head.logits(features).argmax(axis=1) == targets).mean())


def through_a_file(head: Head, features: Features, place: Path) -> Logits:
    """What the head says as a plain Keras model that was saved and opened again in safe mode."""
    k = keras()
    tensor = k.Input((features.shape[1],), name="features")
    with quiet():  # Keras itself uses what NumPy deprecates
        k.Model(tensor, head.attach(tensor)).save(place)
        said: Logits = k.ops.convert_to_numpy(k.saving.load_model(place)(features))
    return said


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("name", HEADS)
def test_a_head_says_the_same_in_numpy_and_in_plain_keras(name: str, classes: int, tmp_path: Path) -> None:
    features, targets = clouds(90, classes)
    head = fit(name, features, targets, classes, learning=FEW)
    later, _ = clouds(40, classes, seed=1)
    assert np.abs(through_a_file(head, later, tmp_path / "head.keras") - head.logits(later)).max() < 1e-4


def test_a_round_machine_says_the_same_in_numpy_and_in_plain_keras(tmp_path: Path) -> None:
    features, targets = rings(120)
    head = fit("svm", features, targets, 2)
    assert head.facts["kernel"] == "rbf"
    assert np.abs(through_a_file(head, features, tmp_path / "head.keras") - head.logits(features)).max() < 1e-4


@pytest.mark.parametrize("name", HEADS)
def test_a_head_names_pictures_that_it_has_not_seen(name: str) -> None:
    head = fit(name, *clouds(120), 3)
    assert accuracy(head, *clouds(90, seed=1)) > 0.9
    assert head.facts["head"] == name


@pytest.mark.parametrize("name", HEADS)
def test_the_same_seed_makes_the_same_head(name: str) -> None:
    features, targets = clouds(60)
    one, other = (fit(name, features, targets, 3, seed=5, learning=FEW) for _ in range(2))
    assert (one.logits(features) == other.logits(features)).all()


@pytest.mark.parametrize("name", HEADS)
def test_a_class_without_a_picture_is_never_the_answer(name: str) -> None:
    features, targets = clouds(60, classes=2)
    said = fit(name, features, targets * 2, 4, learning=FEW).logits(features)
    assert said.shape == (60, 4)
    assert set(said.argmax(axis=1)) <= {0, 2}


@pytest.mark.parametrize("name", HEADS)
def test_two_pictures_are_enough_to_go_on(name: str) -> None:
    said = fit(name, np.array([[0.0, 1.0], [1.0, 0.0]], np.float32), np.array([0, 1]), 2).logits
    assert said(np.array([[0.1, 0.9]], np.float32)).argmax() == 0


@pytest.mark.parametrize("name", HEADS)
def test_balanced_weights_speak_up_for_the_rare(name: str) -> None:
    features, targets = clouds(300, 2, spread=2.5)
    keep = (targets == 0) | (np.arange(300) % 20 == 1)
    few, named = features[keep], targets[keep]
    later, truth = clouds(300, 2, seed=1, spread=2.5)
    rare = [fit(name, few, named, 2, weights=weights, learning=FEW).logits(later)[truth == 1].argmax(1).mean()
            for weights in (None, balanced(named, 2))]  # fmt: skip
    assert rare[1] >= rare[0]


def test_the_dense_head_tells_its_epochs_and_keeps_the_best() -> None:
    told: list[Step] = []
    val = clouds(45, seed=1)
    head = fit("dense", *clouds(90), 3, val=val, learning=Learning(epochs=12), watch=told.append)
    best = min(head.epochs, key=lambda epoch: epoch.val_loss)
    assert head.facts["epoch"] == best.number
    assert accuracy(head, *val) == pytest.approx(best.val_accuracy)
    assert [step.done for step in told] == [epoch.number for epoch in head.epochs]


def test_the_dense_head_stops_when_it_gets_no_better() -> None:
    features, targets = clouds(60)
    luck = np.random.default_rng(0).integers(0, 3, 60)
    head = fit("dense", features, targets, 3, val=(features, luck), learning=Learning(epochs=40, patience=2))
    assert head.facts["stopped"] == "no better for 2 epochs"
    assert len(head.epochs) == head.facts["epoch"] + 2  # type: ignore[operator]


def test_a_loss_that_is_no_number_is_said_and_the_last_good_epoch_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter([0.5, float("nan")])
    monkeypatch.setattr(dense, "nll", lambda *_: next(calls))
    head = fit("dense", *clouds(30), 3)
    assert head.facts["stopped"] == "the loss was no number in epoch 2"
    assert [epoch.number for epoch in head.epochs] == [1]


def test_a_loss_that_never_was_a_number_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "nll", lambda *_: float("nan"))
    with pytest.raises(ImgtoolError, match="no number from the first epoch"):
        fit("dense", *clouds(30), 3)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("name", HEADS)
def test_features_that_are_no_numbers_are_refused_with_their_count(name: str, bad: float) -> None:
    features, targets = clouds(30)
    features[[3, 7], 2] = bad
    with pytest.raises(ImgtoolError, match="2 of 30 pictures are no numbers"):
        fit(name, features, targets, 3)


@pytest.mark.parametrize(
    ("targets", "said"),
    [([0] * 9, "two classes or more"), ([0, 1, 2] * 2, "do not go with 6"), ([0, 1, 5] * 3, "from 0 to 2")],
    ids=["one class", "too few", "beyond"],
)
def test_targets_that_make_no_sense_are_refused(targets: list[int], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        fit("logistic", np.zeros((9, 4), np.float32), np.array(targets), 3)


def test_a_head_that_nobody_knows_is_refused_with_those_known() -> None:
    with pytest.raises(UsageError, match="tree") as caught:
        fit("tree", *clouds(30), 3)
    assert "dense, logistic, svm, knn" in caught.value.hint


def test_neighbours_of_one_group_do_not_vote_for_each_other() -> None:
    rng = np.random.default_rng(0)
    once = rng.normal(0, 1, (40, 8)).astype(np.float32)  # classes by chance: only a twin knows
    targets = rng.integers(0, 2, 40)
    features, twice = np.repeat(once, 4, axis=0), np.repeat(targets, 4)
    blind = fit("knn", features, twice, 2)
    seeing = fit("knn", features, twice, 2, groups=np.repeat(np.arange(40), 4).tolist())
    assert blind.facts["held_out"] == 1.0
    assert seeing.facts["held_out"] < 0.8  # type: ignore[operator]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(2, 5))
def test_folds_never_tear_a_group_and_hold_every_class(seed: int, k: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(k * classes * 2), rng.integers(1, 4, k * classes * 2))
    targets = groups % classes
    where = folds(targets, groups, k, seed)
    assert all(len(set(where[groups == group])) == 1 for group in groups)
    assert all(set(where[targets == label]) == set(range(k)) for label in range(classes))
