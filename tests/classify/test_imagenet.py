"""Networks of strangers, and lists of names: whatever form they come in, or why they do not fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify.imagenet import Thousand, thousand
from classify.imagenet.lite import LiteNamer, fed, real, shares
from classify.imagenet.names import INDEX, matched, names, read
from classify.imagenet.published import filed, layers_of, whole
from classify.imagenet.thousand import UNSURE
from classify.runtime import keras, quiet, tensorflow
from imgtool.errors import UsageError
from tests.classify.laid_out import published

GREY = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1).repeat(3, 3)


class Fixed:
    """A network that always says the same."""

    size, outputs = 4, 4

    def __call__(self, pixels: Any) -> Any:
        return np.tile(np.array([0.2, 0.5, 0.3, 0.0], np.float32), (len(pixels), 1))


def test_the_likeliest_names_come_first_and_none_that_has_nothing() -> None:
    knows = Thousand(("cat", "dog", "fox", "owl"), Fixed(), 0)

    (said,) = knows.judged(np.zeros((1, 4, 4, 3), np.uint8), 5)

    assert [name for name, _ in said.ranked] == ["dog", "fox", "cat"]
    assert said.sure


def test_a_name_without_half_of_the_probability_is_not_sure() -> None:
    knows = Thousand(("dog", "fox", "owl"), Fixed(), 1)

    (said,) = Thousand(knows.names[1:], knows.namer, 2).judged(np.zeros((1, 4, 4, 3), np.uint8), 1)

    assert (said.label, said.sure, said.why) == ("fox", False, UNSURE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cat\ndog\n", ("cat", "dog")),
        ("tabby, tabby cat\r\nгончая\r\n", ("tabby, tabby cat", "гончая")),
        (
            json.dumps({"1": ["n2", "great_white_shark"], "0": ["n1", "tench"], "10": ["n3", "crane"]}),
            ("tench", "great white shark", "crane"),
        ),
        (json.dumps({"0": "cat", "1": "dog"}), ("cat", "dog")),
    ],
    ids=["lines", "another system's", "Keras's index", "an index of names"],
)
def test_names_are_read_from_lists_of_several_forms(tmp_path: Path, text: str, told: tuple[str, ...]) -> None:
    (tmp_path / "names").write_text(text, "utf-8", newline="")

    assert read(tmp_path / "names") == told


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no names"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"{no json", "no index"),
        (b'{"0": []}', "no index"),
        (b"{" * 100_000, "no index"),
    ],
)
def test_what_is_no_list_of_names_is_said_to_be_none(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "names").write_bytes(data)

    with pytest.raises(UsageError, match=said):
        read(tmp_path / "names")


def test_a_list_beside_the_weights_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    with pytest.raises(UsageError, match="Nobody says"):
        names("", str(tmp_path / "net.tflite"))
    (tmp_path / "keras" / "models").mkdir(parents=True)
    (tmp_path / "keras" / "models" / INDEX).write_text('{"0": "kept"}')
    assert names("", str(tmp_path / "net.tflite")) == ("kept",)
    (tmp_path / "labels.txt").write_text("beside")
    assert names("", str(tmp_path / "net.tflite")) == ("beside",)
    (tmp_path / "mine").write_text("mine")
    assert names(str(tmp_path / "mine"), str(tmp_path / "net.tflite")) == ("mine",)
    with pytest.raises(UsageError, match="no list of names"):
        names(str(tmp_path / "none"), "")


@pytest.mark.parametrize(
    ("told", "outputs", "fits"),
    [
        (("cat", "dog"), 2, (("cat", "dog"), 0)),
        (("cat", "dog"), 3, (("cat", "dog"), 1)),
        (("background", "cat", "dog"), 3, (("cat", "dog"), 1)),
        (("background", "cat", "dog"), 2, (("cat", "dog"), 0)),
    ],
    ids=["equal", "an output for nothing", "a name for nothing too", "only a name for nothing"],
)
def test_names_and_outputs_are_brought_together(told: tuple[str, ...], outputs: int, fits: object) -> None:
    assert matched(told, outputs) == fits


def test_names_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UsageError, match="1001 outputs, and 3 names"):
        matched(("cat", "dog", "fox"), 1001)


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [(np.uint8, 0, 255), (np.int8, -128, 127), (np.float32, -1.0, 1.0)],
)
def test_a_picture_is_fed_as_the_network_wants_it(kind: type, first: float, last: float) -> None:
    given = fed(GREY[0], {"dtype": kind})

    assert given.dtype == kind
    assert (given.min(), given.max()) == (first, last)


def test_whole_numbers_stand_for_others() -> None:
    assert real(np.array([0, 128, 255], np.uint8), {"quantization": (0.5, 128)}).tolist() == [-64.0, 0.0, 63.5]
    assert real(np.array([0.25], np.float32), {"quantization": (0.0, 0)}).tolist() == [0.25]


@pytest.mark.parametrize("told", [[0.1, 0.2, 0.7], [0.1, 0.2, 0.72], [-1.0, 2.0, 30.0], [5.0, 5.0, 5.0]])
def test_shares_are_shares_of_one(told: list[float]) -> None:
    made = shares(np.array(told, np.float32))

    assert made.sum() == pytest.approx(1.0)
    assert np.argmax(made) == np.argmax(told)


@pytest.mark.parametrize("data", [b"", b"no network", b"\x1c\0\0\0TFL3" + bytes(200)])
def test_what_is_no_network_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "net.tflite").write_bytes(data)
    (tmp_path / "net.h5").write_bytes(data)

    with pytest.raises(UsageError, match="no network for LiteRT"):
        LiteNamer(tmp_path / "net.tflite")


@pytest.mark.slow
def test_a_tflite_says_what_keras_says(tmp_path: Path) -> None:
    layers = keras().layers
    net = keras().Sequential(
        [
            keras().Input((16, 16, 3), batch_size=1),
            layers.Conv2D(4, 3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, "softmax"),
        ]
    )
    with quiet():
        data = tensorflow().lite.TFLiteConverter.from_keras_model(net).convert()
    (tmp_path / "net.tflite").write_bytes(data)
    (tmp_path / "labels.txt").write_text("cat\ndog\nfox")

    knows = thousand(str(tmp_path / "net.tflite"))
    (said,) = knows.judged(GREY, 3)

    meant = np.asarray(net(GREY.astype(np.float32) / 127.5 - 1, training=False))[0]
    assert dict(said.ranked) == pytest.approx(dict(zip(("cat", "dog", "fox"), meant.tolist(), strict=True)), abs=1e-4)
    assert knows.size == 16


@pytest.mark.slow
def test_weights_that_keras_published_are_known_by_their_layers(tmp_path: Path) -> None:
    net = whole("mobilenet", 0.25, None)
    place = published(net.layers, tmp_path / "mobilenet.h5")
    top = [layer for layer in net.layers if layer.name != "conv_preds"]
    bare = published(top, tmp_path / "mobilenet_notop.h5")

    made = filed(place)

    shown = np.random.default_rng(0).uniform(0, 255, (1, 224, 224, 3)).astype(np.float32)
    assert np.asarray(made(shown)) == pytest.approx(np.asarray(net(shown)), abs=1e-6)
    assert layers_of(place)["conv_pw_13"] == 256
    with pytest.raises(UsageError, match="without its top"):
        filed(bare)


def test_weights_of_a_network_that_is_not_known_are_refused(tmp_path: Path) -> None:
    place = published([_layer("dense", {"kernel": (3, 2)})], tmp_path / "own.h5")

    with pytest.raises(UsageError, match="not known here"):
        filed(place)


def _layer(name: str, shapes: Mapping[str, tuple[int, ...]]) -> Any:
    """What `published` asks of a layer."""

    class Weight:
        def __init__(self, name: str) -> None:
            self.name = name

    class Layer:
        def __init__(self) -> None:
            self.name = name
            self.weights = [Weight(each) for each in shapes]

        def get_weights(self) -> list[Any]:
            return [np.zeros(shape, np.float32) for shape in shapes.values()]

    return Layer()
