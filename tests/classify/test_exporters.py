"""Every form of a model answers as the model does, or is not written."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify import runtime
from classify.exporters import EXPORTERS, export, exporter, onnx
from classify.exporters.proof import PICTURES, asked, proven
from classify.file import Classifier, save
from classify.file.lite import Unfit
from classify.nouns import FEATURES
from imgtool.errors import ImgtoolError, UsageError
from tests.nets import LABELS, card, model

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.slow,  # TensorFlow's converters take seconds each
]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    return Classifier.load(model(tmp_path_factory.mktemp("models") / "model.keras"))


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def labels(path: Path) -> list[str]:
    """As each form tells its labels."""
    if path.suffix == ".onnx":
        import onnx

        return list(json.loads({each.key: each.value for each in onnx.load(path).metadata_props}["labels"]))
    if path.suffix == ".tflite":
        with zipfile.ZipFile(path) as archive:
            return archive.read("labels.txt").decode().splitlines()
    return next(path.rglob("labels.txt")).read_text("utf-8").splitlines()


@pytest.mark.parametrize(("to", "quantise"), [*((to, False) for to in EXPORTERS), ("tflite", True)])
def test_each_form_says_what_the_model_says(known: Classifier, tmp_path: Path, to: str, quantise: bool) -> None:
    form = exporter(to, quantise=quantise)
    target = tmp_path / f"model{form.ending}"
    made = export(known, form, target)
    assert made.proof.pictures == made.proof.same == PICTURES
    assert made.proof.far <= form.tolerance
    assert made.size > 1000
    assert labels(target) == list(LABELS)
    shown = asked(32, 3)[:5]
    with runtime.quiet():
        plain = known.network().predict(shown, verbose=0)
    assert np.abs(np.asarray(form.answering(target)(shown)) - plain).max() <= form.tolerance
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_form_that_answers_otherwise_is_not_written(
    known: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "model.h5s"
    target.mkdir()
    (target / "earlier").touch()
    wrong = replace(EXPORTERS["h5"], answering=lambda _: lambda shown: np.full((len(shown), 3), 1 / 3))
    with pytest.raises(ImgtoolError, match=r"a probability differs by 0\.\d+, and 0\.0001 is allowed"):
        export(known, wrong, target)
    assert [each.name for each in tmp_path.iterdir() if each.name != "cache"] == ["model.h5s"]
    assert [each.name for each in target.iterdir()] == ["earlier"]


def test_a_library_that_fails_is_heard(known: Classifier, tmp_path: Path) -> None:
    def write(*_: Any) -> None:
        raise ValueError("no such op\nand pages of it")

    with pytest.raises(ImgtoolError, match="its library says 'no such op'"):
        export(known, replace(EXPORTERS["onnx"], write=write), tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_an_export_takes_the_place_of_an_earlier_folder_whole(known: Classifier, tmp_path: Path) -> None:
    target = tmp_path / "model-h5"
    target.mkdir()
    (target / "stale.h5").touch()
    export(known, EXPORTERS["h5"], target)
    assert {each.name for each in target.iterdir()} == {"tiny.h5", "top_layer.h5", "labels.txt"}


def test_a_network_that_takes_any_size_and_grey_pictures_are_exported_too(tmp_path: Path) -> None:
    keras = runtime.keras()
    given = keras.Input((None, None, 1))
    inner = keras.layers.Conv2D(4, 3)(keras.layers.Rescaling(1 / 255)(given))
    features = keras.layers.GlobalAveragePooling2D(name=FEATURES)(inner)
    free = keras.Model(given, keras.layers.Dense(3)(features))
    save(tmp_path / "free.keras", free, card(size=28, kind="digits"), {})
    made = export(Classifier.load(tmp_path / "free.keras"), EXPORTERS["onnx"], tmp_path / "free.onnx")
    assert onnx.answering(made.path)(asked(28, 1)).shape == (PICTURES, 3)


def test_only_known_forms_are_made() -> None:
    with pytest.raises(UsageError, match="'torch'"):
        exporter("torch")
    with pytest.raises(UsageError, match="no quantised form"):
        exporter("h5", quantise=True)


def test_answers_that_are_no_probabilities_prove_nothing() -> None:
    ours = np.array([[0.5, 0.5], [0.9, 0.1]], np.float32)
    assert proven(ours, ours[:, ::-1] * [[1, 1], [0, 0]] + ours * [[0, 0], [1, 1]], 1e-4).same == 2
    for theirs in (ours[:1], ours * np.nan, ours[:, ::-1]):
        with pytest.raises(Unfit):
            proven(ours, theirs, 1e-4)
