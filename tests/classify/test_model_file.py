"""One file: plain Keras opens it, we read it without Keras, and it is whole or not there."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classify import runtime
from classify.file import Classifier, read_card, save, start
from classify.file import card as cards
from classify.file.resize import resized
from classify.nouns import Card
from imgtool.errors import ImgtoolError, Refused, StorageError, UsageError
from tests.nets import card, model, pictures, tiny

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model(tmp_path_factory.mktemp("models") / "model.keras")


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def python(code: str, *given: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", code, *map(str, given)]
    return subprocess.run(line, capture_output=True, text=True, check=True)


@pytest.mark.slow
def test_plain_keras_opens_it_without_us_and_says_the_same_of_pictures_of_any_size(saved: Path, tmp_path: Path) -> None:
    shown = pictures(6, 50, 70)
    np.save(tmp_path / "x.npy", shown)
    code = """
import sys
for name in ("classify", "imgtool", "curate", "scraper"):
    sys.modules[name] = None
import keras, numpy as np
print(keras.saving.load_model(sys.argv[1]).predict(np.load(sys.argv[2]), verbose=0).tolist())
"""
    plain = json.loads(python(code, saved, tmp_path / "x.npy").stdout)
    ours = Classifier.load(saved)
    assert np.abs(ours.probabilities(ours.answers(shown)) - plain).max() < 1e-5


def test_a_second_process_answers_without_tensorflow_and_without_a_word(saved: Path, tmp_path: Path) -> None:
    shown = pictures(40)
    first = Classifier.load(saved)
    first.hasten(shown)
    np.save(tmp_path / "x.npy", shown)
    code = """
import sys, numpy as np
from classify.file import Classifier
model = Classifier.load(sys.argv[1])
answers = model.answers(np.load(sys.argv[2]))
print(len(answers), model.probabilities(answers).sum(), answers.features.shape[1])
assert not {"keras", "tensorflow", "h5py"} & set(sys.modules)
"""
    done = python(code, saved, tmp_path / "x.npy")
    assert done.stderr == ""
    assert done.stdout.split() == ["40", "40.0", "8"]
    whole = first.network()
    assert np.abs(first.probabilities(first.answers(shown)) - whole.predict(shown, verbose=0)).max() < 1e-5


def test_what_answers_otherwise_than_keras_is_not_kept(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = lambda _: lambda shown: (np.zeros((len(shown), 3)), np.zeros((len(shown), 8)))  # noqa: E731
    monkeypatch.setattr(start, "answering", wrong)
    found = Classifier.load(saved)
    assert found.answers(pictures()).features.any()
    assert not start.kept(found.digest)


@pytest.mark.parametrize("body", [b"", b"TFL3", bytes(1000)])
def test_a_damaged_quick_form_is_made_again(saved: Path, body: bytes) -> None:
    found = Classifier.load(saved)
    start.keep(start.place(found.digest), body)
    shown = pictures()
    assert np.isfinite(found.answers(shown).logits).all()
    assert start.place(found.digest).stat().st_size > 2_000


def test_without_a_cache_it_answers_all_the_same(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    assert len(Classifier.load(saved).answers(pictures())) == 4


def test_the_oldest_quick_forms_leave(tmp_path: Path) -> None:
    for number in range(start.MOST + 3):
        start.keep(start.place(f"{number:02}"), b"x")
        os.utime(start.place(f"{number:02}"), (number, number))
    start.keep(start.place("new"), b"x")
    left = {path.name for path in start.place("new").parent.iterdir()}
    assert len(left) == start.MOST
    assert f"new-{start.VERSION}.tflite" in left
    assert f"00-{start.VERSION}.tflite" not in left


def test_the_card_and_the_arrays_come_back(tmp_path: Path) -> None:
    said = card(
        strange=float("inf"),
        counts={"train": {"bear": 3}},
        metrics={"accuracy": np.float32(0.5), "low": 0.25},
        learning={"seed": 1, "head": {"C": 2.0}, "seen": (1, 2)},
        versions={"keras": "3"},
    )
    read = cards.decode(cards.encode(said), "it")
    assert read == replace(said, metrics={"accuracy": 0.5, "low": 0.25}, learning={**said.learning, "seen": [1, 2]})


def test_a_card_is_read_without_anything_heavy(saved: Path) -> None:
    code = """
import sys
from classify.file import read_card
print(read_card(sys.argv[1]).labels)
assert not {"keras", "tensorflow", "h5py", "ai_edge_litert"} & set(sys.modules)
"""
    assert python(code, saved).stdout == "('bear', 'cat', 'dog')\n"
    assert Classifier.load(saved).arrays["means"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_however_it_is_called_in_keras_it_says_the_same(saved: Path) -> None:
    whole, shown = Classifier.load(saved).network(), pictures(6, 50, 70)
    together = whole.predict(shown, verbose=0)
    alone = np.concatenate([np.asarray(whole(shown[at : at + 1])) for at in range(6)])
    assert np.abs(np.asarray(whole(shown)) - together).max() < 1e-5
    assert np.abs(alone - together).max() < 1e-5


@pytest.mark.parametrize("sides", [(32, 32), (33, 47), (300, 17), (8, 200), (1, 1)])
def test_numpy_resizes_as_the_file_does(sides: tuple[int, int]) -> None:
    layers = runtime.keras().layers
    shown = pictures(2, *sides)
    theirs = layers.Resizing(32, 32, antialias=True, dtype="float32")(shown.astype(np.float32))
    assert np.abs(resized(shown, 32) - np.asarray(theirs)).max() < 0.01  # of 255


def test_grey_networks_are_models_too(tmp_path: Path) -> None:
    path = tmp_path / "digits.keras"
    save(path, tiny(28, 3, channels=1), card(kind="digits", size=28), {})
    assert read_card(path).kind == "digits"
    assert Classifier.load(path).answers(pictures(2, 28, 28, channels=1)).logits.shape == (2, 3)


def test_what_a_network_was_trained_with_does_not_go_into_the_file(saved: Path, tmp_path: Path) -> None:
    network = tiny()
    network.compile("adam", "mse")
    network.fit(pictures(4).astype("float32"), np.zeros((4, 3)), verbose=0)
    save(tmp_path / "trained.keras", network, card(), {})
    assert (tmp_path / "trained.keras").stat().st_size < saved.stat().st_size * 1.1


@pytest.mark.parametrize(
    ("name", "labels", "error", "words"),
    [
        ("model.h5", ("a", "b", "c"), UsageError, "ends in .keras"),
        ("model.keras", ("a", "b"), UsageError, "3 classes apart, its card names 2"),
    ],
)
def test_a_model_that_nobody_could_use_is_not_written(
    tmp_path: Path, name: str, labels: tuple[str, ...], error: type[ImgtoolError], words: str
) -> None:
    with pytest.raises(error) as said:
        save(tmp_path / name, tiny(), Card(labels=labels, size=32), {})
    assert words in f"{said.value} {said.value.hint}"
    assert not list(tmp_path.iterdir())


def test_weights_that_are_no_numbers_are_not_written(tmp_path: Path) -> None:
    network = tiny()
    network.get_layer("logits").bias.assign([0.0, float("nan"), 0.0])
    with pytest.raises(ImgtoolError, match=r"NaN or infinity in them \(logits/bias\)"):
        save(tmp_path / "model.keras", network, card(), {})
    assert not list(tmp_path.iterdir())


def test_a_network_that_we_would_refuse_to_open_is_not_written(tmp_path: Path) -> None:
    keras = runtime.keras()
    plain = tiny()
    odd = keras.Model(plain.inputs[0], keras.layers.GaussianNoise(0.1)(plain.outputs[0]))
    with pytest.raises(Refused, match=r"keras\.layers\.GaussianNoise"):
        save(tmp_path / "model.keras", odd, card(), {})
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_earlier_file_as_it_was(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(saved.read_bytes())

    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        save(path, tiny(seed=1), card(), {})
    assert path.read_bytes() == saved.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["model.keras"]


@pytest.mark.parametrize("shape", [(32, 32, 3), (0, 32, 32, 3), (2, 0, 32, 3)])
def test_what_is_no_batch_of_pictures_is_said(saved: Path, shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="no pictures"):
        Classifier.load(saved).answers(np.zeros(shape, np.uint8))


def test_a_file_that_changes_while_it_is_used_is_not_mixed(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(saved.read_bytes())
    found = Classifier.load(path)
    model(path, sure=0.9)
    with pytest.raises(StorageError, match="has changed"):
        found.answers(pictures())
