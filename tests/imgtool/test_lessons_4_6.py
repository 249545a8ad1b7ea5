"""Lessons 4 to 6 say what the libraries say: scikit-learn's regression, Keras's network and its VGG16."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import lesson4_sigmoid as sigmoid
import lesson5_network as network
import lesson6_vgg as vgg
import numpy as np
import pytest
from drawing import Numbers
from hypothesis import given
from hypothesis import strategies as st
from lesson3_layers import nudged, softmax_cross_entropy

from tests.fences import blocks
from tests.loopback import ROOT

LESSONS = ROOT / "examples" / "lessons"
PAGES = ROOT / "docs" / "lessons"
EXACT = 1e-6


# --- running them -------------------------------------------------------------------------------------------------


def test_the_lessons_need_numpy_and_only_for_digits_scikit_learn() -> None:
    code = "import sys, lesson6_vgg; print({'PIL', 'cv2', 'sklearn', 'tensorflow', 'imgtool'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=LESSONS, capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n", done.stderr


@pytest.mark.parametrize("words", [["--batch", "0"], ["--pictures", "-3"], ["--epochs", "1.5"], ["--classes", "two"]])
def test_a_number_that_counts_nothing_is_refused(words: list[str], tmp_path: Path) -> None:
    line = [sys.executable, str(LESSONS / "lesson6_vgg.py"), *words]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "not a whole number from 1" in done.stderr
    assert not any(tmp_path.iterdir())


# --- 4: one sigmoid layer -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """A lesson that ran once, here: what it told and drew, and what it had learnt on its way."""

    told: str
    drawn: set[str]
    learnt: list[Any]


def ran(lesson: ModuleType, learning: str, room: Path) -> Run:
    """Run a lesson's main, and keep what its function of that name returned."""
    learnt: list[Any] = []
    real = getattr(lesson, learning)

    def watched(*args: Any, **more: Any) -> Any:
        learnt.append(real(*args, **more))
        return learnt[-1]

    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as told:
        patch.setattr(lesson, learning, watched)
        patch.setattr(sys, "argv", ["lesson", str(room)])
        lesson.main(*[str(room)][: lesson.main.__code__.co_argcount])
    return Run(told.getvalue(), {path.name for path in room.iterdir()}, learnt)


@pytest.fixture(scope="module")
def lesson4(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return ran(sigmoid, "learn", tmp_path_factory.mktemp("lesson4"))


@pytest.fixture(scope="module")
def falls(lesson4: Run) -> dict[float, list[float]]:
    """The losses of all 10,000 steps, by rate."""
    return dict(zip(sigmoid.RATES, [losses for _, losses in lesson4.learnt], strict=False))


def test_lesson_4_tells_and_draws(lesson4: Run) -> None:
    assert "as textbooks write it: nan" in lesson4.told
    assert lesson4.drawn == {"drawings.svg", "doubtful.svg", "first-steps.svg", "all-steps.svg", "weights.png"}
    assert_told("4-sigmoid.md", lesson4.told)


def assert_told(page: str, told: str) -> None:
    """Every line of the page's transcripts was told, but for its figures: processors round differently."""
    shown = [block.text.splitlines()[1:] for block in blocks(PAGES / page) if block.language == "console"]
    assert shown
    assert {re.sub(r"\d", "0", line) for lines in shown for line in lines} <= {
        re.sub(r"\d", "0", line) for line in told.splitlines()
    }


def test_the_loss_falls_at_every_step_of_a_small_rate(falls: dict[float, list[float]]) -> None:
    assert len(falls[0.001]) == 10_000
    assert np.all(np.diff(falls[0.001]) < 0)


def test_ten_thousand_steps_of_any_rate_leave_numbers(falls: dict[float, list[float]]) -> None:
    assert all(np.isfinite(losses).all() for losses in falls.values())


def test_a_larger_rate_is_further_in_the_end_and_one_beyond_the_bound_jumps(falls: dict[float, list[float]]) -> None:
    assert falls[0.01][-1] < falls[0.005][-1] < falls[0.001][-1]
    assert 0.005 < sigmoid.bound(sigmoid.drawings(60, seed=0)[0]) < 0.01
    assert np.all(np.diff(falls[0.005]) < 0)
    assert max(falls[0.01]) > falls[0.01][0]


@given(st.integers(0, 1000), st.floats(0.01, 0.99))
def test_below_the_bound_the_loss_never_rises(seed: int, share: float) -> None:
    chance = np.random.default_rng(seed)
    pictures, answers = chance.normal(size=(12, 5)) * chance.uniform(0.1, 9), chance.integers(0, 2, 12).astype(float)
    _, losses = sigmoid.learn(pictures, answers, share * sigmoid.bound(pictures), steps=30)
    assert np.all(np.diff(losses) <= 1e-12)


def test_the_slope_is_what_nudging_finds() -> None:
    chance = np.random.default_rng(0)
    pictures, answers = chance.normal(size=(7, 4)), chance.integers(0, 2, 7).astype(float)
    layer = sigmoid.Layer(chance.normal(size=4), 0.3)
    found = sigmoid.slope(layer, pictures, answers)
    by_weights = nudged(lambda weights: sigmoid.loss(pictures @ weights + 0.3, answers), layer.weights)
    by_bias = nudged(lambda bias: sigmoid.loss(pictures @ layer.weights + bias, answers), np.array([0.3]))
    assert np.abs(found.weights - by_weights).max() < EXACT
    assert abs(found.bias - by_bias[0]) < EXACT


def test_where_something_pulls_the_weights_back_it_is_scikit_learn_s_regression() -> None:
    """Without, rings and crosses can be told apart ever more surely, and there is no last step to compare."""
    from sklearn.linear_model import LogisticRegression

    pictures, answers = sigmoid.drawings(60, seed=0)
    pictures = (pictures - pictures.mean(0))[:, 20:1600:40]  # a column of pixels suffices, and 40 weights settle soon
    decay = 0.05
    theirs = LogisticRegression(C=1 / (60 * decay), tol=1e-12, max_iter=10_000).fit(pictures, answers)
    ours, _ = sigmoid.learn(pictures, answers, 0.9 * sigmoid.bound(pictures), steps=2000, decay=decay)
    assert np.abs(ours.weights - theirs.coef_[0]).max() < 1e-5
    assert ours.bias == pytest.approx(float(theirs.intercept_[0]), abs=1e-5)
    said = sigmoid.sigmoid(ours.sums(pictures))
    assert np.abs(said - theirs.predict_proba(pictures)[:, 1]).max() < 1e-5


def test_the_sigmoid_and_the_loss_know_no_number_too_large() -> None:
    from scipy.special import expit

    sums = np.array([-1e6, -800.0, -3.0, 0.0, 3.0, 800.0, 1e6])
    assert sigmoid.sigmoid(sums) == pytest.approx(expit(sums))
    assert sigmoid.loss(sums, (sums > 0).astype(float)) < 0.2
    assert sigmoid.loss(sums[:1], np.ones(1)) == 1e6
    with np.errstate(all="ignore"):
        assert np.isnan(sigmoid.hasty_loss(sums, np.ones(7)))


def test_one_layer_reads_new_drawings_but_not_half_of_them_in_negative(lesson4: Run) -> None:
    others, truths = sigmoid.drawings(400, seed=1)
    assert sigmoid.right(lesson4.learnt[1][0], others, truths) > 0.95
    mixed = lesson4.learnt[-1][0]
    known, answers = sigmoid.drawings(60, seed=0)
    assert sigmoid.right(mixed, sigmoid.negatives(known), answers) > 0.95
    assert sigmoid.right(mixed, sigmoid.negatives(others), truths) < 0.65


# --- 5: a network -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learning() -> Run:
    """The network of the lesson is taught; in how long, is a promise."""
    begun = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()) as told:
        net, _ = network.taught(network.shuffled())
    assert time.process_time() - begun < 60
    return Run(told.getvalue(), set(), [net])


@pytest.fixture(scope="module")
def read(learning: Run) -> network.Net:
    """That network."""
    return cast("network.Net", learning.learnt[0])


def test_it_reads_digits_that_it_never_saw(read: network.Net) -> None:
    assert held_right(read) >= 0.97


def test_lesson_5_tells_and_draws(learning: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (read,) = learning.learnt
    course = {"learnt": [0.3, 0.2], "held out": [0.4, 0.3]}
    monkeypatch.setattr(network, "taught", lambda order, told=True: (read, course))
    run = ran(network, "right", tmp_path)
    assert "1,437 digits to learn from, 360 held out" in run.told
    pictures = {"course.svg", "kernels.svg", "first.svg", "second.svg", "shares.svg", "wrong.svg"}
    assert run.drawn == pictures
    assert run.told.count(" for what is right)") == round(network.HELD * (1 - held_right(read)))
    assert_told("5-network.md", run.told + learning.told)


def held_right(net: network.Net) -> float:
    x, labels = network.digits()
    held = network.shuffled()[-network.HELD :]
    return network.right(net, x[held], labels[held])


def test_what_is_held_out_is_not_learnt_from() -> None:
    order = network.shuffled()
    assert sorted(order) == list(range(1797))


def test_it_has_as_many_numbers_as_the_lesson_says() -> None:
    assert network.count(network.started()) == 1898
    assert "1,898 numbers" in str(network.__doc__)


@pytest.mark.parametrize("name", network.started())
def test_every_slope_is_what_nudging_finds(name: str) -> None:
    chance = np.random.default_rng(0)
    x, labels = chance.normal(size=(2, 8, 8, 1)), np.array([3, 7])
    net = {each: chance.normal(size=value.shape) / 4 for each, value in network.started().items()}
    found = network.backward(net, network.forward(net, x), labels)[name]
    places = [np.unravel_index(at, found.shape) for at in chance.choice(found.size, min(6, found.size), replace=False)]

    def changed(place: tuple[Any, ...], by: Numbers) -> float:
        other = {**net, name: net[name].copy()}
        other[name][place] += by[0]
        return softmax_cross_entropy(network.forward(other, x).scores, labels)

    for place in places:
        slope = nudged(partial(changed, place), np.zeros(1))[0]
        assert found[place] == pytest.approx(slope, abs=EXACT)


def test_it_learns_step_for_step_what_keras_learns() -> None:
    keras = pytest.importorskip("keras")
    x, labels = network.digits()
    net, plan = network.started(), network.Plan(batch=32)
    speed: network.Net = {name: np.zeros_like(each) for name, each in net.items()}
    theirs = twin(keras, net, plan)
    for start in range(0, 320, plan.batch):
        some = slice(start, start + plan.batch)
        net, speed = network.step(net, speed, x[some], labels[some], plan)
        theirs.train_on_batch(x[some], labels[some])
        for ours, other in zip(net.values(), theirs.get_weights(), strict=True):
            assert np.abs(ours - other).max() < EXACT
    assert np.abs(network.forward(net, x[:50]).scores - theirs.predict_on_batch(x[:50])).max() < EXACT


def twin(keras: Any, net: network.Net, plan: network.Plan) -> Any:
    """The same network in Keras, with the same weights."""
    layers, double = keras.layers, {"dtype": "float64"}
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1), dtype="float64"),
            layers.Conv2D(8, 3, padding="same", activation="relu", **double),
            layers.MaxPooling2D(**double),
            layers.Conv2D(16, 3, padding="same", activation="relu", **double),
            layers.MaxPooling2D(**double),
            layers.Flatten(**double),
            layers.Dense(10, **double),
        ]
    )
    model.set_weights(list(net.values()))
    optimizer = keras.optimizers.SGD(plan.rate, momentum=plan.momentum)
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def test_what_is_frozen_stays_as_it_is() -> None:
    x, labels = network.digits()
    plan, before = network.Plan(epochs=1, frozen=vgg.BODY), network.started()
    (after,) = network.epochs(before, x[:64], labels[:64], plan)
    assert {name for name in before if not np.array_equal(before[name], after[name])} == {"weights", "bias"}


# --- 6: VGG16 -----------------------------------------------------------------------------------------------------


@given(st.integers(1, 500), st.integers(1, 600), st.integers(1, 9))
def test_a_course_is_what_going_through_it_counts(pictures: int, batch: int, epochs: int) -> None:
    course = vgg.Course(pictures, batch, epochs)
    seen = list(vgg.batches(course))
    assert (len(seen), len(seen[-1]), len(seen) * epochs) == (course.iterations, course.last, course.steps)
    assert sorted(np.concatenate(seen)) == list(range(pictures))


@pytest.fixture(scope="module")
def theirs() -> Any:
    """VGG16 as Keras builds it, its 550 MB of numbers never made."""
    keras = pytest.importorskip("keras")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("keras.src.backend.common.variables.initialize_all_variables", lambda: None)
        with keras.StatelessScope():
            yield keras.applications.VGG16(weights=None)
    keras.utils.clear_session()


def test_every_layer_has_the_name_shape_and_numbers_of_keras_s(theirs: Any) -> None:
    known = [(each.name, tuple(each.output.shape[1:]), each.count_params()) for each in theirs.layers[1:]]
    assert [(each.name, each.shape, each.learnt) for each in vgg.vgg16()] == known
    assert vgg.total(vgg.vgg16(), "learnt") == theirs.count_params()


def test_the_multiplications_are_those_of_its_kernels_at_every_place(theirs: Any) -> None:
    for ours, layer in zip(vgg.vgg16(), theirs.layers[1:], strict=True):
        places = int(np.prod(layer.output.shape[1:-1])) if len(layer.output.shape) == 4 else 1
        assert ours.work == (places * int(np.prod(layer.kernel.shape)) if layer.weights else 0)


def test_what_an_answer_sees_is_what_reaches_it() -> None:
    """One pixel at a time, along a line: which one does the answer in the middle depend on?"""
    for stage in list(vgg.blocks(512)):
        assert stage.sees == reach(stage.name)


def reach(name: str, side: int = 512) -> int:
    """How many pixels of a line the middle answer of that layer hears of."""
    heard = np.eye(side, dtype=bool)  # answers × pixels
    for stage in vgg.blocks(side):
        if "conv" in stage.name:
            framed = np.pad(heard, ((1, 1), (0, 0)))
            heard = framed[:-2] | framed[1:-1] | framed[2:]
        else:
            heard = heard[::2] | heard[1::2]
        if stage.name == name:
            return int(heard[len(heard) // 2].sum())
    raise AssertionError(name)


def test_the_head_is_the_one_that_training_puts_there() -> None:
    from classify.heads.dense import HIDDEN

    assert vgg.HEAD == HIDDEN
    assert vgg.bills(vgg.Course(1000, 32, 10), 3)["a head, all else frozen"].learnt == 512 * 256 + 256 + 256 * 3 + 3


def test_the_more_is_frozen_the_less_it_costs() -> None:
    bills = list(vgg.bills(vgg.Course(1000, 32, 10), 2).values())
    assert [bill.learnt for bill in bills] == sorted((bill.learnt for bill in bills), reverse=True)
    assert [bill.work for bill in bills] == sorted((bill.work for bill in bills), reverse=True)


def test_lesson_6_tells_draws_and_shows_what_freezing_costs(
    read: network.Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vgg, "reader", lambda: read)
    run = ran(vgg, "ways", tmp_path)
    assert "32 iterations are an epoch (the last has 8), 10 epochs are 320 steps" in run.told
    assert run.drawn == {"batches.svg", "learnt.svg", "work.svg", "ways.svg"}
    new = vgg.puzzle(400, seed=9)
    shares = np.array([[network.right(net, *new) for net in nets.values()] for nets in run.learnt])
    _, frozen, tuned, own = shares.mean(axis=0)  # how good frozen noise is depends on the noise
    assert 0.8 < frozen < tuned < own
