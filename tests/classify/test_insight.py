"""A network taken apart: its layers counted, folded and timed as they are, its sums worked out as it works them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from classify import runtime
from classify.backbones.build import build
from classify.file.assemble import assemble
from classify.insight import LESSONS, Stage, insight, stages
from classify.insight.first import colouring, filters, first, worked
from classify.insight.kinds import KINDS
from classify.insight.layers import Layer, layers, sized
from classify.insight.maps import MOST, answers, ends, maps
from classify.nouns import FEATURES, Card, Recipe
from tests.nets import card, pictures, tiny

if TYPE_CHECKING:
    import keras

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def headed(name: str, size: int = 0) -> keras.Model:
    """A backbone without its weights, with three classes behind it."""
    keras = runtime.keras()
    network = build(Recipe(backbone=name, weights="none", size=size)).network
    return keras.Model(network.inputs[0], keras.layers.Dense(3, name="logits")(network.output))


@pytest.fixture(scope="module")
def vgg() -> keras.Model:
    return headed("vgg16")


def test_vgg16_is_five_blocks_with_its_own_counts(vgg: keras.Model) -> None:
    parts = stages(vgg, Card(("a", "b", "c"), backbone="vgg16"))
    blocks = [part for part in parts if part.name.startswith("Block")]

    assert [part.name for part in parts] == ["Pixels", *(f"Block {n}" for n in range(1, 6)), "Features", "Head"]
    assert [part.shape for part in blocks] == [
        (224, 224, 64),
        (112, 112, 128),
        (56, 56, 256),
        (28, 28, 512),
        (7, 7, 512),
    ]
    assert sum(part.weights for part in blocks) == 14_714_688  # as Keras publishes it without a top
    assert sum(part.work for part in blocks) == 15_346_630_656  # 15.3 billion: its thirteen convolutions
    assert sum(part.weights for part in parts) == vgg.count_params()


def test_caffe_s_channels_are_turned_back_to_colours(vgg: keras.Model) -> None:
    assert colouring(vgg, first(vgg)).tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize("name", ["small", "mobilenet"])
def test_no_layer_is_lost_by_folding(name: str) -> None:
    network = headed(name, 96)
    parts = stages(network, Card(("a", "b", "c"), size=96))
    assert [layer.name for part in parts for layer in part.layers] == [one.name for one in network.operations]
    assert (parts[0].name, parts[-1].name, parts[-1].weights) == ("Pixels", "Head", parts[-1].learnt)
    assert not any(part.learnt for part in parts[:-1]), "others taught it"


def test_a_padding_belongs_to_what_it_pads_for() -> None:
    parts = stages(headed("mobilenet", 96), Card(("a", "b", "c"), size=96))
    assert [part.shape[0] for part in parts if part.name.startswith("Block")] == [48, 24, 12, 6, 3]


@pytest.mark.parametrize(
    ("route", "kind", "frozen", "learnt"),
    [("frozen", "pictures", (), ("logits",)), ("frozen", "digits", (), ("conv2d", "logits")),
     ("finetune", "pictures", ("conv2d",), ("depthwise_conv2d", "logits"))],
    ids=["frozen", "digits", "fine-tuned"],
)  # fmt: skip
def test_what_learnt_here_is_told_apart(
    route: str, kind: str, frozen: tuple[str, ...], learnt: tuple[str, ...]
) -> None:
    runtime.keras().backend.clear_session()
    network = tiny()
    for name in frozen:
        network.get_layer(name).trainable = False
    told = {each.name: each.learnt for each in layers(network, card(route=route, kind=kind))}
    assert all(told[name] for name in learnt)
    assert not any(told[name] for name in frozen)
    assert not told["re_lu"], "it holds nothing"


def test_a_network_for_any_size_is_seen_at_its_own() -> None:
    keras = runtime.keras()
    given = keras.Input((None, None, 3))
    shown = keras.layers.Conv2D(4, 3, strides=2, padding="same")(given)
    logits = keras.layers.Dense(2, name="logits")(keras.layers.GlobalAveragePooling2D(name=FEATURES)(shown))
    network = keras.Model(given, logits)
    fixed = sized(network, 30)

    assert layers(fixed, card(size=30))[1].shape == (15, 15, 4)
    assert layers(fixed, card(size=30))[1].work == 15 * 15 * 4 * 3 * 3 * 3
    pixels = pictures(1, 30, 30).astype(np.float32)
    assert np.allclose(fixed(pixels), network(pixels))


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("side", "stride"), [(3, 1), (3, 2), (2, 2), (5, 3), (7, 2)])
def test_a_sum_worked_out_is_the_number_of_the_map(padding: str, side: int, stride: int) -> None:
    keras = runtime.keras()
    given = keras.Input((17, 20, 3))
    layer = keras.layers.Conv2D(4, side, strides=stride, padding=padding, bias_initializer="normal")
    network = keras.Model(given, layer(given))
    pixels = np.random.default_rng(side).normal(size=(17, 20, 3)).astype(np.float32)
    values = np.asarray(network(pixels[None]))[0]
    rows, columns = values.shape[:2]
    for place in [(0, 0), (rows - 1, columns - 1), (rows // 2, 1)]:
        assert worked(layer, pixels, place, 2).total == pytest.approx(float(values[*place, 2]), abs=1e-4)


def test_the_sum_is_of_the_filter_that_answers_most_at_the_pixel() -> None:
    network = tiny()
    layer = first(network)
    name = network.operations[1].name
    said = answers(network, [name, layer.name], pictures(1).astype(np.float32))
    told = filters(network, layer, (said[name], said[layer.name]), (31, 31))
    best = max(told.chosen, key=lambda one: float(one.values[told.worked.place]))
    assert (told.worked.filter, told.worked.place) == (best.number, (15, 15))
    assert (told.side, told.stride, told.total, len(told.chosen)) == (3, 2, 8, 8)


def layer(shape: tuple[int, ...], kind: str = "ReLU", name: str = "one") -> Layer:
    return Layer(name, kind, shape, 0, 0, learnt=False)


def test_maps_are_the_liveliest_and_none_twice() -> None:
    chance = np.random.default_rng(0)
    values = chance.normal(size=(6, 6, 30)).astype(np.float32)
    values[..., 0] = 5  # silent
    values[..., 1] = 9 * values[..., 2]  # the same but louder
    values[..., 3] *= 4
    told = maps("Block 1", layer((6, 6, 30)), values)
    numbers = [each.number for each in told.chosen]
    assert (told.silent, told.total, len(numbers)) == (1, 30, MOST)
    assert numbers[:2] == [1, 3]
    assert not {0, 2} & set(numbers)


def test_where_maps_are_few_the_likes_are_shown_too() -> None:
    values = np.arange(4, dtype=np.float32).reshape(2, 2, 1) * np.ones(3, np.float32)
    assert len(maps("Block 1", layer((2, 2, 3)), values).chosen) == 3


def test_a_block_of_several_ways_shows_each_of_its_sizes() -> None:
    inner = (layer((8, 8, 4), name="a"), layer((4, 4, 4), name="b"), layer((8, 8, 4), "Conv2D", "c"), layer((9,)))
    assert [each.name for each in ends(Stage("Block 1", inner))] == ["a", "b"]
    assert [each.name for each in ends(Stage("Block 1", inner[2:]))] == ["c"]


def test_a_network_without_places_has_neither_filters_nor_maps() -> None:
    keras = runtime.keras()
    given = keras.Input((8, 8, 3))
    flat = keras.layers.Dense(4, name=FEATURES)(keras.layers.Flatten()(given))
    whole = assemble(keras.Model(given, keras.layers.Dense(2, name="logits")(flat)), 1.0, 8)
    told = insight(whole, card(labels=("a", "b"), size=8), pictures(1, 8, 8)[0], (4, 4))
    assert (told.filters, told.maps) == (None, ())
    assert [part.name for part in told.stages] == ["Pixels", "Features", "Head"]


def test_what_a_kind_does_is_a_sentence_and_its_lesson_is_one() -> None:
    assert all(kind.does[0].islower() and not kind.does.endswith(".") for kind in KINDS.values())
    assert {kind.lesson for kind in KINDS.values()} <= {0, *LESSONS}
    assert layer((1,), "Unheard").does == "reckons with what comes in"
    bent: Any = Layer("x", "Conv2D", (4, 4, 2), 1, 1, learnt=True, bends="relu")
    assert bent.does.endswith("then keeps what is above zero and forgets the rest")
