"""`train`: a folder of class folders in; one file that plain Keras opens, and a report, out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classify import runtime
from classify.nouns import Learning, Recipe, Step
from imgtool.dataset import Dataset, Move
from imgtool.errors import UsageError
from imgtool.pipeline.look import look
from imgtool.pipeline.predict import load
from imgtool.pipeline.stained import BEFORE
from imgtool.pipeline.sweep import sweep
from imgtool.pipeline.train import Trained, aside, train
from imgtool.web import learned
from tests.drawn import put
from tests.tinted import folders, tinted

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

QUICK = Learning(recipe=Recipe("small", weights="none", size=64), head="logistic")
NOTHING = Learning(recipe=Recipe(size=32), route="scratch", net="small", epochs=2, batch=16)


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders(tmp_path_factory.mktemp("sets") / "colours", many=20)


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    base = tmp_path_factory.getbasetemp()
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(base / "cache")
    try:
        return train(data, replace(QUICK, kfold=3), tmp_path_factory.mktemp("models") / "model.keras")
    finally:
        os.environ.pop("XDG_CACHE_HOME") if before is None else os.environ.update(XDG_CACHE_HOME=before)


def test_three_colours_are_learnt_and_the_test_pictures_say_so(made: Trained) -> None:
    assert made.report.tested.split == "test"
    assert not made.report.tested.learnt
    assert made.report.scores.accuracy.share >= 0.8
    assert made.card.labels == ("blue", "green", "red")
    assert made.card.counts["train"] == {"blue": 16, "green": 16, "red": 16}
    assert made.report.folds
    assert made.report.folds.pooled.total == 60


def test_the_file_opens_in_plain_keras_and_says_what_the_report_says(made: Trained, data: Path) -> None:
    import keras

    from curate.pixels import upright

    network = keras.saving.load_model(made.file)
    tested = made.report.tested
    for path, judgement in list(zip(tested.paths, tested.judgements, strict=True))[:4]:
        pixels = upright((data / path).read_bytes())
        assert isinstance(pixels, np.ndarray)
        said = np.asarray(network(pixels[None]))[0]
        assert made.card.labels[int(said.argmax())] == judgement.label
        assert said.max() == pytest.approx(judgement.probability, abs=0.05)  # our resize and its own differ a little


def test_the_card_holds_what_was_measured_and_no_path(made: Trained) -> None:
    assert made.card.metrics["tested"] == 6
    assert made.card.metrics["accuracy"] == made.report.scores.accuracy.share
    assert made.card.dataset
    assert "/" not in json.dumps({**made.card.learning, "backbone": made.card.backbone}, default=str)


def test_some_of_what_it_learnt_from_is_kept_beside_the_model_and_not_in_it(made: Trained, data: Path) -> None:
    from curate.pixels import upright
    from curate.pixels.canvas import scaled

    model = load(made.file)
    assert model.near
    assert len(model.near.paths) == 48  # all that it learnt from, for they are few
    path = next(path for path in model.near.paths if path.startswith("red/"))
    pixels = upright((data / path).read_bytes())
    assert isinstance(pixels, np.ndarray)
    first, *others = model.nearest(scaled(pixels, made.card.size, "stretch"))
    assert (first.path, first.label) == (path, "red")
    assert first.likeness > 0.99
    assert len(others) == 5
    assert path.encode() not in made.file.read_bytes()


def test_a_second_training_looks_at_no_picture_again(made: Trained, data: Path, tmp_path: Path) -> None:
    seen: list[Step] = []

    again = train(data, QUICK, tmp_path / "again.keras", steps=seen.append)

    assert not [step for step in seen if step.what == "Looking at pictures"]
    assert again.report.scores.counts == made.report.scores.counts


def test_the_page_is_written_and_names_the_model(made: Trained, tmp_path: Path) -> None:
    page = learned.write(made.report, tmp_path / "report").read_text("utf-8")

    assert "model.keras" in page
    assert (tmp_path / "report" / "confusion.png").read_bytes().startswith(b"\x89PNG")


def test_a_network_from_nothing_learns_and_its_epochs_are_told(data: Path, tmp_path: Path) -> None:
    seen: list[Step] = []

    made = train(data, NOTHING, tmp_path / "scratch.keras", steps=seen.append)

    assert [epoch.number for epoch in made.report.epochs] == [1, 2]
    assert any(step.epochs for step in seen)
    assert made.card.backbone == ""
    assert not (tmp_path / ".scratch.work").exists()


def test_the_last_block_is_tuned_behind_the_head(data: Path, tmp_path: Path) -> None:
    recipe = Recipe("mobilenet", alpha=0.25, weights="none", size=32)

    made = train(data, Learning(recipe, "finetune", epochs=1, batch=16), tmp_path / "tuned.keras")

    assert {epoch.stage for epoch in made.report.epochs} >= {"last block"}
    assert [epoch.number for epoch in made.report.epochs] == list(range(1, len(made.report.epochs) + 1))


def test_an_earlier_model_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    model = tmp_path / "model.keras"
    for body in ("first", "second"):
        model.write_text(body)
        aside(model)

    assert (tmp_path / "model.1.keras").read_text() == "first"
    assert (tmp_path / "model.2.keras").read_text() == "second"
    assert not model.exists()


def test_one_file_that_breaks_after_it_was_looked_at_is_named_and_left_out(tmp_path: Path) -> None:
    data = folders(tmp_path / "set", ("blue", "red"), 16)
    train(data, QUICK, tmp_path / "first.keras")
    changed = data / "red" / "3.png"
    stamp = changed.stat()
    body = changed.read_bytes()
    changed.write_bytes(bytes(len(body)))
    os.utime(changed, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # nothing tells that it is another file

    made = train(data, replace(QUICK, recipe=Recipe("small", weights="none", size=48)), tmp_path / "second.keras")

    assert [path for path, _ in made.report.tested.refused] == ["red/3.png"]


def test_what_cleaning_was_worth_is_told_on_the_same_test_pictures(tmp_path: Path) -> None:
    data = folders(tmp_path / "set", ("blue", "red"), 24)
    wrong = [f"blue/{number}.png" for number in range(24, 36)]
    for number, path in enumerate(wrong):
        put(data, path, tinted("red", 100 + number))
    with Dataset.open(data) as dataset, dataset.writing():
        look(dataset)
        dataset.change("noise", [Move(path, path.replace("blue", "red"), "red", "moved", "noise") for path in wrong])

    made = train(data, QUICK, tmp_path / "model.keras")

    assert made.card.counts["train"]["red"] > made.card.counts["train"]["blue"]
    assert made.report.compared[BEFORE].total == made.report.scores.accuracy.total
    assert made.report.compared[BEFORE].right <= made.report.scores.accuracy.right


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Learning(Recipe("vgg16", weights="imagenet")), "cannot be fetched"),
        (Learning(Recipe("vgg16", weights="missing.h5")), "no file of weights"),
        (Learning(Recipe("vgg17")), "vgg17"),
        (replace(NOTHING, kfold=5), "Folds"),
        (replace(QUICK, kfold=1), "One fold"),
        (replace(QUICK, augment="wild"), "No augmentation"),
    ],
)
def test_a_wish_that_cannot_come_true_is_said_before_a_picture_is_looked_at(
    asked: Learning, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nobody answers
    put(tmp_path, "set/red/1.png", tinted("red", 1))

    with pytest.raises(UsageError, match=said) as caught:
        train(tmp_path / "set", asked, tmp_path / "model.keras")

    assert caught.value.hint
    assert not (tmp_path / "set" / ".imgtool").exists()


def test_a_model_is_called_so_that_keras_opens_it(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ends in \.keras|no name"):
        train(data, QUICK, tmp_path / "model.h5")


def test_a_sweep_leaves_a_table_and_a_plot_and_no_model(data: Path, tmp_path: Path) -> None:
    found = sweep(data, NOTHING, tmp_path / "report")

    assert found.table.read_text().startswith("rate,loss,smooth\n")
    assert found.plot.read_text().startswith("<svg")
    assert 0 < found.suggested < 1


def test_a_sweep_of_a_frozen_head_makes_no_sense_and_says_so(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="rate of their own"):
        sweep(data, QUICK, tmp_path)


@pytest.mark.slow
def test_the_command_trains_and_the_next_one_names_a_picture(data: Path, tmp_path: Path) -> None:
    flags = ["--backbone", "small", "--weights", "none", "--size", "64", "--head", "logistic", "--json"]
    model = str(tmp_path / "model.keras")

    told = command("train", str(data), *flags, "--out", model)
    said = command("predict", str(data / "red" / "1.png"), "--model", model, "--json")

    assert told["file"] == model
    assert Path(str(told["report"])).is_file()
    assert '"red"' in json.dumps(said)


def command(*words: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "imgtool", *words, "--quiet"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_tensorflow_says_nothing_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    runtime.keras()

    assert capfd.readouterr() == ("", "")
