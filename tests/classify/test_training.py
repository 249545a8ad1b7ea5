"""Networks that learn: what is kept, when it ends, what a bad task is answered with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classify.nets.regimen import Regimen
from classify.nouns import FEATURES, Course, Learning, Step, Vary
from classify.training import Task, Taught, fresh, scratch, sweep, teach
from classify.training.pupil import Pupil
from classify.training.state import NAME
from classify.training.sweep import Row, suggested
from imgtool.errors import ImgtoolError, UsageError
from tests.lessons import course

PLAIN = Regimen(epochs=3, rate=1e-3, optimizer="sgd", decay="constant")


def task(**learning: object) -> Task:
    settings = {"net": "small", "batch": 8, "epochs": 3} | learning
    return Task(course(), course(12, seed=1), 2, Learning(**settings))  # type: ignore[arg-type]


def pupil(regimen: Regimen = PLAIN) -> Pupil:
    """One matrix, over four pixels' worth of picture."""
    from classify.runtime import keras, seeded

    seeded(0)
    layers = keras().layers
    steps = [layers.Rescaling(1 / 255), layers.AveragePooling2D(4), layers.Flatten(name=FEATURES), layers.Dense(2)]
    return Pupil(keras().Sequential([layers.Input((16, 16, 3)), *steps]), regimen, "test")


def weights(taught: Taught) -> list[np.ndarray]:
    return [weight.numpy() for weight in taught.network.weights]


@pytest.mark.parametrize("net", ["small", pytest.param("modern", marks=pytest.mark.slow)])
def test_a_net_learns_from_nothing_what_lies_and_what_stands(net: str, tmp_path: Path) -> None:
    said: list[Step] = []
    taught = scratch(task(net=net, epochs=12, rate=3e-3), tmp_path, said.append)
    best = taught.epochs[taught.best - 1]
    assert taught.stopped == "all 12 epochs"
    assert [epoch.number for epoch in taught.epochs] == list(range(1, 13))
    assert best.val_accuracy == max(epoch.val_accuracy for epoch in taught.epochs) >= 0.75
    assert taught.network.input_shape == (None, 16, 16, 3)
    assert taught.network.layers[-3].name == FEATURES
    answers = taught.network.predict_on_batch(course(12, seed=1).pixels.astype(np.float32))
    assert (answers.argmax(axis=1) == course(12, seed=1).targets).mean() == pytest.approx(best.val_accuracy)
    assert said[-1].what == "Epoch 12 of 12"
    assert "validation" in said[-1].note
    assert said[-1].epochs == taught.epochs


def test_the_same_seed_gives_the_same_network_and_another_one_does_not(tmp_path: Path) -> None:
    one, same, other = (
        weights(scratch(task(epochs=1, seed=seed), tmp_path / name))
        for name, seed in (("one", 1), ("same", 1), ("other", 2))
    )
    assert all((left == right).all() for left, right in zip(one, same, strict=True))
    assert any((left != right).any() for left, right in zip(one, other, strict=True))


def test_what_is_finished_is_not_taught_again(tmp_path: Path) -> None:
    first = teach(pupil(), task(), tmp_path)
    said: list[Step] = []
    again = teach(pupil(), task(), tmp_path, said.append)
    assert said == []
    assert again.epochs == first.epochs
    assert all((left == right).all() for left, right in zip(weights(first), weights(again), strict=True))


@pytest.mark.parametrize(
    "spoil",
    [lambda path: path.write_bytes(path.read_bytes()[:99]), lambda path: path.write_bytes(b""), lambda path: None],
    ids=["cut off", "empty", "of another task"],
)
def test_a_state_that_is_no_good_is_begun_afresh(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    teach(pupil(), task(), tmp_path)
    spoil(tmp_path / NAME)
    taught = teach(pupil(), task(seed=5), tmp_path)
    assert len(taught.epochs) == 3


def test_it_ends_when_nothing_gets_better_and_the_best_epoch_is_kept(tmp_path: Path) -> None:
    # The rate is too small to change an answer: every epoch is like the first
    taught = teach(pupil(replace(PLAIN, epochs=9, rate=1e-30, patience=2)), task(), tmp_path)
    assert (taught.best, len(taught.epochs)) == (1, 3)
    assert taught.stopped == "no better for 2 epochs"


def test_what_could_already_be_done_counts_where_it_is_asked_for(tmp_path: Path) -> None:
    before = pupil(replace(PLAIN, rate=1e-30, patience=2))
    taught = teach(before, task(), tmp_path, base=True)
    assert (taught.best, taught.stopped) == (0, "no better for 2 epochs")


def poisoned(begins: int) -> Vary:
    """Pictures that are no numbers from that epoch on."""
    return lambda pixels, key, copy: pixels if copy < begins else np.full(pixels.shape, np.nan)


def test_a_loss_that_is_no_number_ends_it_and_the_last_good_epoch_stays(tmp_path: Path) -> None:
    taught = teach(pupil(replace(PLAIN, epochs=5)), replace(task(), vary=poisoned(3)), tmp_path)
    assert len(taught.epochs) == 2
    assert taught.best in (1, 2)
    assert f"no number in epoch 3 (learning rate 0.001); epoch {taught.best} is kept." in taught.stopped
    assert all(np.isfinite(each).all() for each in weights(taught))


def test_a_loss_that_never_was_a_number_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ImgtoolError, match="no number in epoch 1") as told:
        teach(pupil(), replace(task(), vary=poisoned(1)), tmp_path)
    assert "--rate" in told.value.hint


def test_the_average_of_the_weights_is_kept_and_the_weights_go_on(tmp_path: Path) -> None:
    regimen = replace(PLAIN, rate=0.05, average=3)
    averaged = teach(pupil(regimen), task(), tmp_path / "averaged")
    plain = teach(pupil(replace(regimen, average=0.0)), task(), tmp_path / "plain")
    assert [epoch.loss for epoch in averaged.epochs] == [epoch.loss for epoch in plain.epochs]
    assert any((left != right).any() for left, right in zip(weights(averaged), weights(plain), strict=True))


def one_class() -> Task:
    return replace(task(), course=replace(course(), targets=np.zeros(24, np.int64)))


def nothing_to_check_by() -> Task:
    return replace(task(), val=Course(np.zeros((0, 16, 16, 3), np.uint8), np.zeros(0, np.int64), ()))


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (one_class, "two classes or more; there is 1"),
        (nothing_to_check_by, "no validation picture"),
        (lambda: replace(task(), val=course(6, classes=3)), "numbered from 0 to 1; received 2"),
        (lambda: replace(task(), val=course(6, size=8)), "one size"),
        (lambda: task(net="huge"), "No network is called 'huge'"),
    ],
    ids=["one class", "no validation", "too many classes", "two sizes", "an unknown net"],
)
def test_a_task_that_makes_no_sense_is_refused(bad: Callable[[], Task], says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=says):
        scratch(bad(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_sweep_suggests_a_rate_and_leaves_the_network_as_it_was() -> None:
    student = fresh(task())
    before = [weight.numpy() for weight in student.network.weights]
    found = sweep(student, task(), steps=60)
    lines = found.csv().splitlines()
    assert lines[0] == "rate,loss,smooth"
    assert len(lines) == len(found.rows) + 1
    assert [row.rate for row in found.rows] == sorted(row.rate for row in found.rows)
    assert 1e-6 < found.suggested < 0.3
    assert all((now.numpy() == then).all() for now, then in zip(student.network.weights, before, strict=True))


def test_a_sweep_ends_when_the_loss_leaves_all_bounds() -> None:
    wild = pupil(replace(PLAIN, rate=1.0))
    wild.network.layers[0].scale = 1e3
    found = sweep(wild, task())
    assert len(found.rows) < 100
    assert 1e-6 <= found.suggested < 1e-2


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ((1.0, 0.9, 0.5, 0.3, 0.6, 1.2), 1e-4),
        ((0.1, 0.1, 0.1, 0.1, 0.1, 0.9), 1e-3),
        ((1.0, 1.1, 1.2, 1.3, 1.4, 2.1), 1e-6),
        ((float("nan"),), 1e-6),
    ],
    ids=["it falls and bursts", "flat until it bursts", "it only rises", "no number at all"],
)
def test_the_rate_suggested_is_well_below_the_highest_that_does_as_well(losses: list[float], expected: float) -> None:
    rows = [Row(10.0 ** (number - 6), loss, loss) for number, loss in enumerate(losses)]
    assert suggested(rows) == pytest.approx(expected)
