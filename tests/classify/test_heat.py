"""Where a network looked: the same by LiteRT, by Keras's slopes and by the book; and where it should be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from classify import runtime
from classify.file import Classifier, lite, save, start
from classify.heat import seam, slopes
from classify.heat.quick import quick
from classify.heat.slopes import HEAT
from classify.heat.wanted import level, wanted
from classify.nouns import FEATURES
from tests.nets import card, model, pictures, tiny
from tests.reds import network

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def grad_cam(network: Any, picture: NDArray[np.float32], counted: NDArray[np.float32]) -> NDArray[np.float32]:
    """By the book (Selvaraju et al. 2017): slopes averaged over the map, ReLU, to one."""
    keras, tf = runtime.keras(), runtime.tensorflow()
    last = network.get_layer(FEATURES).input
    both = keras.Model(network.inputs[0], [last, network.outputs[0]])
    with tf.GradientTape() as tape:
        shown, logits = both(picture, training=False)
        said = tf.reduce_sum(logits * counted)
    weights = tf.reduce_mean(tape.gradient(said, shown), axis=(1, 2), keepdims=True)
    return level(np.asarray(tf.reduce_sum(weights * shown, axis=-1)[0]))


def reds(size: int = 32) -> Any:
    """Red speaks for the first class, green for the second; the third is never likely."""
    return network(size, ((9, 0, 0), (0, 9, 0), (0, 0, 0)))


def flat(size: int = 32) -> Any:
    """A network that has places up to its second layer from behind: which place it is counts."""
    keras = runtime.keras()
    keras.utils.set_random_seed(1)
    layers = keras.layers
    given = keras.Input((size, size, 3))
    x = layers.Conv2D(4, 3, strides=4, padding="same", activation="relu")(layers.Rescaling(1 / 255)(given))
    x = layers.Dense(8, activation="relu", name=FEATURES)(layers.Flatten()(x))
    return keras.Model(given, layers.Dense(3, name="logits")(x))


def scales(size: int = 32) -> Any:
    """Two maps of different fineness, side by side."""
    keras = runtime.keras()
    keras.utils.set_random_seed(2)
    layers = keras.layers
    given = keras.Input((size, size, 3))
    x = layers.Rescaling(1 / 255)(given)
    fine = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 3, strides=2, activation="relu")(x))
    coarse = layers.Flatten()(layers.AveragePooling2D(8)(x))
    x = layers.Concatenate(name=FEATURES)([fine, coarse])
    return keras.Model(given, layers.Dense(3, name="logits")(x))


def pixels(size: int = 32) -> Any:
    """A network that knows nothing but single pixels."""
    keras = runtime.keras()
    layers = keras.layers
    given = keras.Input((size, size, 3))
    x = layers.Dense(4, name=FEATURES)(layers.Flatten()(layers.Rescaling(1 / 255)(given)))
    return keras.Model(given, layers.Dense(3, name="logits")(x))


def file(path: Path, network: Any) -> Path:
    save(path, network, card(), {})
    return path


def test_where_features_are_the_means_of_a_map_it_is_grad_cam(tmp_path: Path) -> None:
    network, found = tiny(), Classifier.load(model(tmp_path / "model.keras"))
    for picture in pictures(3):
        shown = picture[None].astype(np.float32)
        counted = wanted(found.answers(picture[None]).logits, 1)
        heat = found.heat(picture, 1)
        assert heat is not None
        assert heat.shape == (16, 16)
        assert np.abs(heat - grad_cam(network, shown, counted)).max() < 1e-3


@pytest.mark.parametrize("build", [tiny, flat, scales, reds])
def test_litert_says_what_keras_says(build: Callable[[], Any]) -> None:
    network = build()
    heat, slow = slopes.traced(network, 32), slopes.patient(network)
    fast = quick(lite.converted(network, 32, ("logits",), more={HEAT: heat}))
    assert slow is not None
    for number, picture in enumerate(pictures(3)):
        asked = picture[None].astype(np.float32), np.eye(3, dtype=np.float32)[number][None]
        assert np.abs(fast(*asked) - slow(*asked)).max() <= 1e-4 * np.abs(slow(*asked)).max()


def test_what_speaks_for_a_name_is_hot_and_what_speaks_for_another_is_cold(tmp_path: Path) -> None:
    found = Classifier.load(file(tmp_path / "model.keras", reds()))
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[:8, :8, 0] = 255  # red, above on the left
    picture[24:, 24:, 1] = 255  # green, below on the right
    red, green = found.heat(picture, 0), found.heat(picture, 1)
    assert red is not None
    assert green is not None
    assert (red[:2, :2] == 1).all()
    assert red[2:].max() == red[:, 2:].max() == 0
    assert (green[6:, 6:] == 1).all()
    assert green[:6].max() == 0


def test_larger_pictures_are_brought_to_the_networks_size(tmp_path: Path) -> None:
    found = Classifier.load(model(tmp_path / "model.keras"))
    heat = found.heat(pictures(1, 90, 50)[0], 0)
    assert heat is not None
    assert heat.shape == (16, 16)
    assert heat.dtype == np.float32
    assert 0 <= heat.min() <= heat.max() <= 1


def test_a_network_of_single_pixels_has_no_heat(tmp_path: Path) -> None:
    found = Classifier.load(file(tmp_path / "model.keras", pixels()))
    assert seam.parted(pixels()) is None
    assert found.heat(pictures(1)[0], 0) is None
    assert Classifier.load(found.path).heat(pictures(1)[0], 0) is None  # and the form that was kept knows it


def test_without_litert_keras_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, picture = model(tmp_path / "model.keras"), pictures(1)[0]
    quickly = Classifier.load(path).heat(picture, 2)

    def unfit(*_: object, **__: object) -> bytes:
        raise lite.Unfit("not today")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    monkeypatch.setattr(start, "converted", unfit)
    slowly = Classifier.load(path).heat(picture, 2)
    assert quickly is not None
    assert slowly is not None
    assert np.abs(quickly - slowly).max() < 1e-3


def test_heat_that_is_not_the_networks_own_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = lambda _: lambda _shown, _wanted: np.ones((16, 16), np.float32)  # noqa: E731
    monkeypatch.setattr(start, "hot", wrong)
    found = Classifier.load(model(tmp_path / "model.keras"))
    assert found.answers(pictures()).logits.any()
    assert start.kept(found.digest)  # what it says is right all the same
    assert HEAT not in lite.Lite(start.place(found.digest)).signs


def test_it_needs_no_tensorflow_once_a_model_was_used(tmp_path: Path) -> None:
    path = model(tmp_path / "model.keras")
    Classifier.load(path).hasten(pictures())
    code = """
import sys
from classify.file import Classifier
from tests.nets import pictures
print(Classifier.load(sys.argv[1]).heat(pictures(1)[0], 0).shape)
assert not {"keras", "tensorflow"} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(16, 16)"
    assert done.stderr == ""


def test_what_speaks_for_all_names_alike_speaks_for_none() -> None:
    counted = wanted(np.array([[2.0, 1.0, 1.0]], np.float32), 0)
    assert counted.tolist() == [[1.0, -0.5, -0.5]]
    assert wanted(np.array([[3.0, 9.0]], np.float32), 0).tolist() == [[1.0, -1.0]]
    assert wanted(np.array([[3.0]], np.float32), 0).tolist() == [[1.0]]
    assert abs(wanted(np.array([[1e4, -1e4, 0.0]], np.float32), 1).sum()) < 1e-6


def test_where_nothing_speaks_for_it_all_is_cold() -> None:
    assert level(np.full((2, 2), -3.0, np.float32)).tolist() == [[0, 0], [0, 0]]
    assert level(np.array([[-1.0, 2.0], [1.0, 0.0]], np.float32)).tolist() == [[0, 1], [0.5, 0]]
