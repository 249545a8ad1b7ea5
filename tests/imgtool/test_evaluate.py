"""`evaluate`: a model that tells red from blue is asked about folders of red and blue pictures."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classify import runtime
from classify.file import save
from classify.nouns import FEATURES, Card, Step
from imgtool.dataset import Dataset
from imgtool.errors import UsageError
from imgtool.pipeline.evaluate import evaluate
from imgtool.pipeline.material import material
from imgtool.pipeline.predict import load
from imgtool.web import learned
from tests.drawn import put
from tests.tinted import LABELS, folders, tinted

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class of the strongest colour."""
    keras = runtime.keras()
    given = keras.Input((32, 32, 3))
    features = keras.layers.GlobalAveragePooling2D(name=FEATURES)(keras.layers.Rescaling(1 / 255)(given))
    head = keras.layers.Dense(3, name="logits")
    network = keras.Model(given, head(features))
    head.set_weights([8 * np.eye(3)[::-1], np.zeros(3)])
    place = tmp_path_factory.mktemp("models") / "model.keras"
    save(place, network, Card(LABELS, size=32, sure=0.7), {})
    return place


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


def test_a_set_in_no_splits_is_asked_about_as_a_whole(model: Path, tmp_path: Path) -> None:
    root = folders(tmp_path / "data")
    put(root, "red/blue in truth.png", tinted("blue", 99))
    steps: list[Step] = []

    report = evaluate(model, root, steps=steps.append)

    assert (report.tested.split, report.tested.learnt) == ("all", False)
    assert (report.scores.accuracy.right, report.scores.accuracy.total) == (36, 37)
    assert [report.tested.paths[each.index] for each in report.scores.mistakes] == ["red/blue in truth.png"]
    assert any("in no splits" in note for note in report.notes)
    assert (steps[-1].done, steps[-1].total) == (37, 37)


@pytest.mark.parametrize("split", ["", "train", "val", "test"])
def test_the_split_decides_who_is_asked(model: Path, tmp_path: Path, split: str) -> None:
    root = folders(tmp_path / "data")
    found = material(root)
    report = evaluate(model, root, split)
    assert report.tested.split == (split or "test")
    assert report.tested.paths == tuple(entry.path for entry in found.part(split or "test"))


def test_pictures_it_learnt_from_are_said_to_be(model: Path, tmp_path: Path) -> None:
    root = folders(tmp_path / "data")
    own = load(model)
    own._classifier.card = replace(own.card, dataset=material(root).digest)

    assert evaluate(own, root, "test").notes == ()
    assert not evaluate(own, root, "test").tested.learnt
    assert "flatter" in evaluate(own, root, "train").notes[0]
    assert "tuned" in evaluate(own, root, "val").notes[0]
    (root / "red" / "1.png").unlink()
    assert "nobody can tell" in evaluate(own, root, "all").notes[0]


def test_fewer_classes_are_said_and_other_classes_refused(model: Path, tmp_path: Path) -> None:
    few = folders(tmp_path / "few", ("blue", "red"))
    assert any("green is not asked for" in note for note in evaluate(model, few).notes)
    with pytest.raises(UsageError, match=r"knows blue, green, red; .* has blue, mauve, .* cannot name mauve"):
        evaluate(model, folders(tmp_path / "other", ("blue", "mauve")))


def test_a_file_that_broke_since_is_named_and_the_others_count(model: Path, tmp_path: Path) -> None:
    root = folders(tmp_path / "data", many=4)
    with Dataset.open(root) as dataset:
        evaluate(model, dataset)
        victim = root / "red" / "1.png"
        stat = victim.stat()
        victim.write_bytes(bytes(stat.st_size))
        os.utime(victim, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        report = evaluate(model, dataset)
    assert [path for path, _ in report.tested.refused] == ["red/1.png"]
    assert report.scores.accuracy.total == 11


@pytest.mark.parametrize(
    ("split", "why"), [("holdout", "no split 'holdout'"), ("val", "in the split 'val'")], ids=["unknown", "empty"]
)
def test_a_split_that_is_not_there_is_refused(model: Path, tmp_path: Path, split: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        evaluate(model, folders(tmp_path / "data", many=2), split)


def test_a_set_without_pictures_is_refused(model: Path, tmp_path: Path) -> None:
    put(tmp_path / "data", "red/page.png", b"<html>")
    with pytest.raises(UsageError, match=r"no picture to ask about in .*: 1 of its files is refused as not image"):
        evaluate(model, tmp_path / "data")


def test_its_page_can_be_written(model: Path, tmp_path: Path) -> None:
    root = folders(tmp_path / "data", many=4)
    put(root, "red/blue in truth.png", tinted("blue", 99))
    page = learned.write(evaluate(model, root), tmp_path / "report").read_text("utf-8")
    assert "blue in truth.png" in page
    assert not (tmp_path / "report" / "history.csv").exists()


@pytest.mark.slow
def test_the_command_says_the_same(model: Path, tmp_path: Path) -> None:
    from tests.street import imgtool

    root = folders(tmp_path / "data", many=4)
    put(root, "red/blue [b]in truth.png", tinted("blue", 99))
    place = str(tmp_path / "report")
    told = imgtool("evaluate", str(model), str(root), "--report", place, XDG_CACHE_HOME=str(tmp_path))
    asked = imgtool("evaluate", str(model), str(root), "--json", XDG_CACHE_HOME=str(tmp_path))
    wrong = imgtool("evaluate", str(model), str(folders(tmp_path / "other", ("mauve", "red"), 2)), "--json")

    assert (told.code, asked.code, wrong.code) == (0, 0, 2), told.err
    assert "Of 100 pictures of the set, it names 92 right" in told.out
    assert "red/blue [b]in truth.png" in told.out
    assert asked.answer["schema"] == "imgtool/evaluate/1"
    assert (asked.answer["right"], asked.answer["pictures"]) == (12, 13)
    assert asked.answer["confusion"]["counts"] == [[4, 0, 0], [0, 4, 0], [1, 0, 4]]
    assert "mauve" in wrong.answer["error"]["message"]
    assert json.dumps(asked.answer)
    assert (Path(place) / "index.html").exists()
