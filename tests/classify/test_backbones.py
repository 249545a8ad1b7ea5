"""Backbones: the right pixels, the weights of the file and no others, and a network that plain Keras opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from classify.backbones import BACKBONES, build, digest, filled
from classify.backbones.located import published as kept_at
from classify.nouns import FEATURES, Recipe
from classify.runtime import keras, quiet, seeded
from imgtool.errors import ImgtoolError, UsageError
from tests.classify.laid_out import published

TINY = {"inception_v3": 75}
MOBILE = Recipe("mobilenet", 0.25, "none", 32)


def noise(size: int, count: int = 2) -> Any:
    return np.random.default_rng(0).integers(0, 256, (count, size, size, 3)).astype(np.float32)


def seen(network: Any, pixels: Any) -> Any:
    """What it gives, without the seconds that `predict` takes to get ready."""
    return keras().ops.convert_to_numpy(network(pixels, training=False))


def alike(found: Any, expected: Any) -> None:
    """Equal but for rounding; chance weights make small numbers, so small means small beside the largest."""
    assert expected.max() > 0
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def application(name: str, **options: Any) -> Any:
    """The network as Keras has it, with chance weights of its own."""
    seeded(7)
    return getattr(keras().applications, name)(include_top=False, weights=None, **options)


@pytest.fixture(scope="module")
def mobile() -> Any:
    return application("MobileNet", alpha=0.25, input_shape=(32, 32, 3))


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def given(path: Path) -> Recipe:
    return Recipe("mobilenet", 0.25, str(path), 32)


def expected(network: Any, size: int = 32) -> Any:
    """What its makers' own code gives for the same pixels."""
    return seen(network, noise(size) / 127.5 - 1).mean((1, 2))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in BACKBONES if name not in ("mobilenet", "small")])
def test_every_backbone_gives_features_and_opens_in_plain_keras(name: str, tmp_path: Path) -> None:
    size = TINY.get(name, 32)
    built = build(Recipe(name, weights="none", size=size))
    assert any(layer.name.startswith(BACKBONES[name].last_block) for layer in built.network.layers)
    with quiet():
        built.network.save(tmp_path / "model.keras")
    opened = keras().saving.load_model(tmp_path / "model.keras")
    assert opened.get_layer(FEATURES).output is opened.output
    shown = seen(opened, noise(size))
    assert shown.shape == (2, built.width)
    np.testing.assert_array_equal(shown, seen(built.network, noise(size)))


def test_vgg_is_shown_what_it_was_trained_on(tmp_path: Path) -> None:
    theirs = application("VGG16", input_shape=(32, 32, 3))
    path = published(theirs.layers, tmp_path / "vgg16.h5")
    pixels = noise(32)
    prepared = keras().applications.vgg16.preprocess_input(pixels.copy())
    built = build(Recipe("vgg16", weights=str(path), size=32))
    alike(seen(built.network, pixels), seen(theirs, prepared).mean((1, 2)))
    assert built.width == 512
    assert built.note == ""


@pytest.mark.parametrize("form", ["published.h5", "whole.h5", "counted.weights.h5", "whole.keras"])
def test_weights_come_out_of_every_file_that_keras_writes(form: str, mobile: Any, tmp_path: Path) -> None:
    path = tmp_path / form
    if form == "published.h5":
        published(mobile.layers, path)
    else:
        with quiet():
            (mobile.save_weights if ".weights." in form else mobile.save)(path)
    built = build(given(path))
    alike(seen(built.network, noise(32)), expected(mobile))


def test_a_top_in_the_file_is_left_there(tmp_path: Path) -> None:
    whole = keras().applications.MobileNet(weights=None, alpha=0.25, input_shape=(32, 32, 3), classes=10)
    less = keras().Model(whole.input, whole.get_layer("conv_pw_13_relu").output)
    built = build(given(published(whole.layers, tmp_path / "top.h5")))
    alike(seen(built.network, noise(32)), expected(less))


def test_a_file_of_the_first_layers_gives_a_network_that_ends_with_them(mobile: Any, tmp_path: Path) -> None:
    end = mobile.get_layer("conv_dw_5_relu")
    first = mobile.layers[: mobile.layers.index(end) + 1]
    built = build(given(published(first, tmp_path / "first.h5")))
    less = keras().Model(mobile.input, end.output)
    alike(seen(built.network, noise(32)), expected(less))
    assert "first 20 of 54 layers" in built.note


def test_layers_numbered_in_another_session_are_taken_in_order(mobile: Any, tmp_path: Path) -> None:
    class Renamed:
        def __init__(self, layer: Any, number: int) -> None:
            self.name, self.weights, self.get_weights = f"layer_{number}", layer.weights, layer.get_weights

    layers = [Renamed(layer, number) for number, layer in enumerate(mobile.layers)]
    built = build(given(published(layers, tmp_path / "numbered.h5")))
    alike(seen(built.network, noise(32)), expected(mobile))


def spoilt(path: Path, what: str) -> None:
    with h5py.File(path, "r+") as file:
        if what == "a link out of the file":
            del file["conv1"]
            file["conv1"] = h5py.ExternalLink("/etc/passwd", "/conv1")
        elif what == "not a number":
            file["conv1/conv1/kernel:0"][0] = np.nan
        elif what == "a gap":
            file.attrs["layer_names"] = [name for name in file.attrs["layer_names"] if name != "conv_dw_3"]
        else:
            file.attrs["layer_names"] = [b"nowhere"]


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("a link out of the file", "elsewhere"),
        ("not a number", "NaN"),
        ("a gap", "not for all before"),
        ("a list of what is not there", "disagree"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(what: str, says: str, mobile: Any, tmp_path: Path) -> None:
    path = published(mobile.layers, tmp_path / "weights.h5")
    spoilt(path, what)
    with pytest.raises(ImgtoolError, match=says):
        build(given(path))


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (Recipe("vgg"), "No backbone is called 'vgg'"),
        (Recipe("vgg16", alpha=0.5), "no alpha 0.5"),
        (Recipe("mobilenet", alpha=0.3), "no alpha 0.3"),
        (Recipe("inception_v3", size=32), "takes 75 to 1024 px; received 32"),
        (Recipe("vgg16", size=9999), "received 9999"),
        (Recipe("vgg16", weights="nowhere.h5"), "no file of weights 'nowhere.h5'"),
        (Recipe("vgg16", weights=__file__), "no file of weights that we know"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused_with_a_way_on(recipe: Recipe, says: str) -> None:
    with pytest.raises(UsageError, match=says) as told:
        build(recipe)
    assert told.value.hint


def test_weights_of_another_width_are_refused_by_their_shapes(mobile: Any, tmp_path: Path) -> None:
    path = published(mobile.layers, tmp_path / "quarter.h5")
    with pytest.raises(UsageError, match="'conv1' is 3×3×3×8, and conv1 is 3×3×3×16"):
        build(Recipe("mobilenet", 0.5, str(path), 32))


def test_weights_that_cannot_be_fetched_end_with_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise Exception("URL fetch failure on https://h/x.h5: None -- [Errno -2] Name or service not known")

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", offline)
    with pytest.raises(UsageError, match=r"cannot be fetched: \[Errno -2\] Name or service not known\.$") as told:
        build(Recipe("vgg16", size=32))
    assert "--backbone small" in told.value.hint


def test_imagenet_weights_are_the_file_that_keras_keeps(mobile: Any) -> None:
    recipe = Recipe("mobilenet", 0.25, size=32)
    place = kept_at(filled(recipe))
    place.parent.mkdir(parents=True)
    published(mobile.layers, place)
    alike(seen(build(recipe).network, noise(32)), expected(mobile))


@pytest.mark.parametrize(
    "recipe",
    [
        *(Recipe(name, size=row.size) for name, row in BACKBONES.items() if row.application),
        *(Recipe("mobilenet", alpha, size=160) for alpha in BACKBONES["mobilenet"].alphas),
        *(Recipe("mobilenet_v2", alpha, size=96) for alpha in BACKBONES["mobilenet_v2"].alphas),
        Recipe("mobilenet", size=100),
    ],
    ids=lambda recipe: f"{recipe.backbone} {recipe.alpha} {recipe.size}",
)
@pytest.mark.slow
def test_it_asks_for_the_file_that_keras_asks_for(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(name: str, *_: object, **__: object) -> None:
        asked.append(name)
        raise OSError

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", noted)
    with pytest.raises(UsageError):
        build(recipe)
    assert asked == [kept_at(filled(recipe)).name]


def test_a_digest_names_weights_and_recipe_and_starts_nothing(mobile: Any, tmp_path: Path) -> None:
    path = published(mobile.layers, tmp_path / "weights.h5")
    first, moved = digest(given(path)), digest(given(path.rename(tmp_path / "moved.h5")))
    assert first == moved == build(given(tmp_path / "moved.h5")).digest
    others = [MOBILE, Recipe("mobilenet", 0.25, str(tmp_path / "moved.h5"), 64), Recipe("small")]
    assert len({first, *map(digest, others)}) == 4


def test_chance_weights_are_the_same_every_time() -> None:
    first, again = build(MOBILE), build(MOBILE)
    np.testing.assert_array_equal(seen(first.network, noise(32)), seen(again.network, noise(32)))


def test_the_backbone_without_weights_tells_directions_apart() -> None:
    stripes = np.zeros((2, 96, 96, 3), np.float32)
    stripes[0, ::8], stripes[0, 1::8] = 255, 255
    stripes[1] = stripes[0].transpose(1, 0, 2)
    one, other = seen(build(Recipe("small")).network, stripes)
    assert one @ other / np.linalg.norm(one) / np.linalg.norm(other) < 0.9
