"""Lessons 1 to 3 say what the libraries say: Pillow's greys, TensorFlow's convolution, its layers and its gradients."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import drawing
import lesson1_pixels as pixels
import lesson2_convolution as convolution
import lesson3_layers as layers
import numpy as np
import pytest
from drawing import Numbers
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.loopback import ROOT

LESSONS = ROOT / "examples" / "lessons"
CLOSE = 1e-5  # what the course promises of convolution; float32 keeps seven digits
EXACT = 1e-6  # and of gradients


@pytest.fixture(scope="module")
def tf() -> Any:
    return pytest.importorskip("tensorflow")


def numbers(*shape: int, seed: int = 0) -> Numbers:
    drawn: Numbers = np.random.default_rng(seed).normal(size=shape)
    return drawn


# --- running them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told", "pictures"),
    [
        ("lesson1_pixels", "36,864 numbers", {"owl.png", "patch.svg", "channels.svg", "changed.svg", "smaller.svg"}),
        ("lesson2_convolution", "say the same: True", {"gallery.svg", "kernels.svg", "strides.svg", "colours.svg"}),
        ("lesson3_layers", "what goes in", {"relu.svg", "pools.svg", "shares.svg", "pool-back.svg"}),
    ],
)
def test_a_lesson_runs_alone_tells_and_draws(name: str, told: str, pictures: set[str], tmp_path: Path) -> None:
    line = [sys.executable, str(LESSONS / f"{name}.py"), "drawn"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert told in done.stdout
    assert pictures <= {path.name for path in (tmp_path / "drawn").iterdir()}


@pytest.mark.parametrize("name", ["drawing", "lesson1_pixels", "lesson2_convolution", "lesson3_layers"])
def test_a_lesson_needs_nothing_but_numpy(name: str) -> None:
    code = f"import sys, {name}; print({{'PIL', 'cv2', 'scipy', 'tensorflow', 'imgtool'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=LESSONS, capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n", done.stderr


# --- 1: pixels ----------------------------------------------------------------------------------------------------


def test_grey_is_pillow_s_grey() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    theirs = np.asarray(Image.fromarray(noise).convert("L")).astype(int)
    assert np.abs(pixels.grey(noise) - theirs).max() <= 1


def test_smaller_is_pillow_s_mean_of_squares() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (40, 48, 3)).astype(np.uint8)
    theirs = np.asarray(Image.fromarray(noise).reduce(4)).astype(int)
    assert np.abs(pixels.smaller(noise, 4) - theirs).max() <= 1


def test_brighter_stops_at_white_and_darker_at_black() -> None:
    owl = pixels.owl()
    assert (pixels.brighter(owl, 255).min(), pixels.brighter(owl, -255).max()) == (255, 0)
    assert (pixels.brighter(owl, 10) >= owl).all()


def test_the_owl_is_a_picture_at_any_size() -> None:
    assert pixels.owl().shape == (96, 128, 3)
    assert pixels.owl(192, 256).shape == (192, 256, 3)


# --- drawing ------------------------------------------------------------------------------------------------------


def test_a_png_is_read_back_as_it_was(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    read = np.asarray(Image.open(drawing.png(tmp_path / "a.png", noise, scale=3)))
    assert (read[1::3, 1::3] == noise).all()
    assert read.shape == (15, 21, 3)


def test_signed_numbers_are_blue_white_and_red() -> None:
    (below, nothing, above) = drawing.coloured([[-2.0, 0.0, 2.0]])[0].astype(int)
    assert below[2] > below[0] + 100
    assert above[0] > above[2] + 100
    assert set(nothing) == {247}


@pytest.mark.parametrize(
    "draw",
    [
        lambda path: drawing.heat(path, [[1.0, -2.0]], "a < b & c"),
        lambda path: drawing.row(path, {"<b>": np.zeros((2, 3))}, "a & b"),
        lambda path: drawing.lines(path, {"<i>": [1.0], "gap": [1.0, float("nan"), 3.0]}, "x < y", "a&b", "c<d"),
        lambda path: drawing.bars(path, {"a<b": 0.0, "c": -1.0}),
    ],
)
def test_a_drawing_is_xml_whatever_its_words_are(draw: Any, tmp_path: Path) -> None:
    root = ElementTree.parse(draw(tmp_path / "new" / "a.svg")).getroot()
    assert root.tag.endswith("svg")
    assert b"nan" not in ElementTree.tostring(root)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (1, 12, [2, 4, 6, 8, 10, 12]),
        (-3, 3, [-3, -2, -1, 0, 1, 2, 3]),
        (0.128, 0.859, [0.2, 0.4, 0.6, 0.8]),
        (0, 10_000, [0, 2000, 4000, 6000, 8000, 10_000]),
    ],
)
def test_axes_have_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    assert np.allclose(drawing._ticks(low, high), ticks)


# --- 2: convolution -----------------------------------------------------------------------------------------------

CASES = [
    (height, width, stride, padding, channels)
    for height, width in ((1, 1), (2, 2), (3, 3), (5, 5), (1, 3), (4, 2))
    for stride in (1, 2, 3)
    for padding in (0, 1, 2)
    for channels in (1, 3)
]


@pytest.mark.parametrize(("height", "width", "stride", "padding", "channels"), CASES)
def test_convolution_is_tensorflow_s(
    tf: Any, height: int, width: int, stride: int, padding: int, channels: int
) -> None:
    x, kernels = numbers(2, 9, 11, channels), numbers(height, width, channels, 4, seed=1)
    margins = [[0, 0], [padding, padding], [padding, padding], [0, 0]]
    theirs = tf.nn.conv2d(x.astype("float32"), kernels.astype("float32"), stride, margins).numpy()
    ours = convolution.conv2d(x, kernels, stride, padding)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < CLOSE
    assert ours.shape[1] == convolution.size_after(9, height, stride, padding)


@pytest.mark.parametrize("kernel", [1, 3, 5, 7])
def test_padding_by_half_a_kernel_is_what_others_call_same(tf: Any, kernel: int) -> None:
    x, kernels = numbers(1, 8, 8, 2), numbers(kernel, kernel, 2, 3, seed=1)
    theirs = tf.nn.conv2d(x, kernels, 1, "SAME").numpy()
    assert np.abs(convolution.conv2d(x, kernels, padding=kernel // 2) - theirs).max() < EXACT


@given(st.integers(3, 8), st.integers(3, 8), st.integers(1, 3), st.integers(1, 3), st.integers(0, 9))
def test_the_two_loops_say_the_same(rows: int, columns: int, height: int, width: int, seed: int) -> None:
    picture, kernel = numbers(rows, columns, seed=seed), numbers(height, width, seed=seed + 1)
    at_once = convolution.conv2d(picture[None, :, :, None], kernel[:, :, None, None])[0, :, :, 0]
    assert np.allclose(convolution.slide(picture, kernel), at_once)


@pytest.mark.parametrize("name", convolution.KERNELS)
def test_a_kernel_keeps_brightness_or_answers_nothing_to_one_colour(name: str) -> None:
    plain = np.full((9, 9), 100.0)
    answer = convolution.seen_by(plain, convolution.KERNELS[name])
    assert np.allclose(answer, 100 if name in {"nothing", "shift", "blur", "soft blur", "sharpen", "emboss"} else 0)


# --- 3: layers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 7])
def test_every_gradient_is_what_nudging_finds(seed: int) -> None:
    assert {name: apart for name, apart in layers.checks(seed).items() if apart >= EXACT} == {}


def theirs(tf: Any, function: Any, gradient: Numbers, *given: Numbers) -> list[Numbers]:
    """What TensorFlow computes, and its gradients with respect to all that is given."""
    variables = [tf.Variable(each) for each in given]
    with tf.GradientTape() as tape:
        out = function(*variables)
    back = tape.gradient(out, variables, output_gradients=tf.constant(gradient))
    return [out.numpy(), *(each.numpy() for each in back)]


def alike(ours: Any, theirs: list[Numbers]) -> bool:
    return all(np.allclose(own, other, rtol=0, atol=1e-9) for own, other in zip(ours, theirs, strict=True))


@pytest.mark.parametrize(("stride", "padding", "size"), [(1, 0, 8), (1, 1, 8), (2, 0, 8), (2, 1, 9), (3, 2, 10)])
def test_convolution_sends_back_what_tensorflow_sends_back(tf: Any, stride: int, padding: int, size: int) -> None:
    x, kernels = numbers(2, size, size, 3), numbers(3, 3, 3, 4, seed=1)
    margins = [[0, 0], [padding, padding], [padding, padding], [0, 0]]
    out = convolution.conv2d(x, kernels, stride, padding)
    gradient = numbers(*out.shape, seed=2)
    found = theirs(tf, lambda a, b: tf.nn.conv2d(a, b, stride, margins), gradient, x, kernels)
    assert alike([out, *layers.conv2d_back(gradient, x, kernels, stride, padding)], found)


def test_relu_is_tensorflow_s_both_ways(tf: Any) -> None:
    x, gradient = np.append(numbers(20), 0.0), numbers(21, seed=1)
    assert alike([layers.relu(x), layers.relu_back(gradient, x)], theirs(tf, tf.nn.relu, gradient, x))


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("side", [6, 7], ids=["squares fill it", "a rest is left"])
def test_max_pooling_is_tensorflow_s_both_ways_ties_too(tf: Any, size: int, side: int) -> None:
    x = np.maximum(numbers(2, side, side, 3), 0).round(1)  # as after ReLU: many are equal
    out = layers.max_pool(x, size)
    gradient = numbers(*out.shape, seed=1)
    found = theirs(tf, lambda a: tf.nn.max_pool2d(a, size, size, "VALID"), gradient, x)
    assert alike([out, layers.max_pool_back(gradient, x, size)], found)


@pytest.mark.parametrize("size", [2, 3])
def test_average_pooling_is_tensorflow_s_both_ways(tf: Any, size: int) -> None:
    x = numbers(2, 7, 7, 3)
    out = layers.average_pool(x, size)
    gradient = numbers(*out.shape, seed=1)
    found = theirs(tf, lambda a: tf.nn.avg_pool2d(a, size, size, "VALID"), gradient, x)
    assert alike([out, layers.average_pool_back(gradient, x, size)], found)


def test_dense_is_tensorflow_s_both_ways(tf: Any) -> None:
    x, weights, bias, gradient = numbers(4, 5), numbers(5, 3, seed=1), numbers(3, seed=2), numbers(4, 3, seed=3)
    found = theirs(tf, lambda a, b, c: a @ b + c, gradient, x, weights, bias)
    assert alike([layers.dense(x, weights, bias), *layers.dense_back(gradient, x, weights)], found)


def test_softmax_is_tensorflow_s_both_ways(tf: Any) -> None:
    scores, gradient = numbers(4, 3), numbers(4, 3, seed=1)
    found = theirs(tf, tf.nn.softmax, gradient, scores)
    assert alike([layers.softmax(scores), layers.softmax_back(gradient, scores)], found)


def test_the_loss_is_tensorflow_s_both_ways(tf: Any) -> None:
    scores, labels = numbers(6, 3), np.array([0, 1, 2, 2, 1, 0])

    def loss(a: Any) -> Any:
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, a))

    found = theirs(tf, loss, np.array(1.0), scores)
    ours = [layers.softmax_cross_entropy(scores, labels), layers.softmax_cross_entropy_back(scores, labels)]
    assert alike(ours, found)


def test_huge_scores_are_no_trouble() -> None:
    scores = np.array([[1e4, 0.0], [0.0, -1e4]])
    assert np.array_equal(layers.softmax(scores), [[1, 0], [1, 0]])
    assert layers.softmax_cross_entropy(scores, np.array([0, 1])) == 5000
