"""Digits from idx files or from folders, learnt, saved, and read again in any drawing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classify.digits.frame import normalised
from classify.digits.learn import LEARNING
from classify.digits.warp import rewritten
from imgtool.errors import UsageError
from imgtool.pipeline.digits import learn_digits
from imgtool.pipeline.keepsakes import kept_digits
from imgtool.pipeline.numerals import primer
from imgtool.pipeline.predict import load
from imgtool.pipeline.thumbs import thumbnails
from tests.written import cut_out, drawn, png, shipped

EACH = 30  # of each digit
PENS = (0.06, 0.1, 0.14)


def unwatched(_: object) -> None:
    """Nobody."""


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small, and drawn by the tests in many hands."""
    clean = np.stack([normalised(drawn(digit, pen=pen)) for pen in PENS for digit in range(10)])
    labels = np.tile(np.arange(10, dtype=np.uint8), len(PENS))
    many = np.tile(np.arange(len(labels)), EACH // len(PENS))
    return shipped(tmp_path_factory.mktemp("mnist"), rewritten(clean[many], np.random.default_rng(0)), labels[many])


def folders(root: Path, kinds: range = range(10), each: int = 10) -> Path:
    for digit in kinds:
        (root / str(digit)).mkdir(parents=True)
        for number in range(each):
            canvas = drawn(digit, 200 + number, 0.05 + 0.01 * number, at=(0.4 + 0.02 * number, 0.5))
            (root / str(digit) / f"{number}.png").write_bytes(png(canvas))
    return root


def test_each_digit_has_its_share_of_each_split_and_the_seed_decides(mnist: Path) -> None:
    made = primer(mnist, 0, unwatched)

    assert made.labels == tuple("0123456789")
    assert {name: set(counts.values()) for name, counts in made.counts.items()} == {
        "train": {22},
        "val": {2},
        "test": {6},
    }
    assert made.digest == primer(mnist, 0, unwatched).digest != primer(mnist, 1, unwatched).digest


def test_what_is_there_twice_counts_once_and_is_never_in_two_splits(tmp_path: Path, mnist: Path) -> None:
    made = primer(mnist, 0, unwatched)
    twice = np.concatenate([made.parts["train"].digits] * 2)
    labels = np.concatenate([made.parts["train"].targets] * 2).astype(np.uint8)

    again = primer(shipped(tmp_path, twice, labels), 0, unwatched)

    assert "there twice" in again.notes[0]
    everything = [digit.tobytes() for part in again.parts.values() for digit in part.digits]
    assert len(everything) == len(set(everything)) == len(made.parts["train"])


def test_what_mnist_calls_its_test_set_is_the_test_set(tmp_path: Path, mnist: Path) -> None:
    made = primer(mnist, 0, unwatched)
    for name in ("train", "test"):
        part = made.parts[name]
        shipped(tmp_path, part.digits, part.targets.astype(np.uint8), {"train": "train", "test": "t10k"}[name])

    again = primer(tmp_path, 0, unwatched)

    assert (again.parts["test"].digits == made.parts["test"].digits).all()
    assert len(again.parts["train"]) + len(again.parts["val"]) == len(made.parts["train"])


def test_folders_of_drawings_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    root = folders(tmp_path / "drawn", range(3, 6))
    (root / "3" / "broken.png").write_bytes(b"no picture")
    (root / "4" / "blank.png").write_bytes(png(np.full((50, 50, 3), 255, np.uint8)))

    made = primer(root, 0, unwatched)

    assert made.labels == ("3", "4", "5")
    assert [name for name, _ in made.refused] == ["3/broken.png", "4/blank.png"]
    assert dict(made.refused)["4/blank.png"] == "nothing is drawn on it"
    assert {name.partition("/")[0] for name in made.parts["test"].names} == {"3", "4", "5"}
    assert (made.parts["train"].targets == [int(name[0]) - 3 for name in made.parts["train"].names]).all()


@pytest.mark.parametrize(
    ("kinds", "each", "says"),
    [
        (range(0), 0, "no folder that is called as a digit"),
        (range(7, 8), 10, "there is only 7"),
        (range(2), 1, "leave none"),
    ],
    ids=["none", "one kind", "too few"],
)
def test_too_little_to_learn_from_is_said(tmp_path: Path, kinds: range, each: int, says: str) -> None:
    (tmp_path / "notes").mkdir()
    with pytest.raises(UsageError, match=says):
        primer(folders(tmp_path, kinds, each), 0, unwatched)


def test_labels_that_are_no_digits_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has the label 26"):
        primer(shipped(tmp_path, np.zeros((2, 28, 28), np.uint8), np.array([1, 26], np.uint8)), 0, unwatched)


def test_nothing_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is nothing at"):
        primer(tmp_path / "nowhere", 0, unwatched)
    (tmp_path / "notes.txt").write_text("no digits")
    with pytest.raises(UsageError, match="no idx file of pictures"):
        primer(tmp_path / "notes.txt", 0, unwatched)


@pytest.mark.slow
def test_a_model_reads_any_drawing_and_shows_what_it_got_wrong(mnist: Path, tmp_path: Path) -> None:
    learning = replace(LEARNING, epochs=10, batch=32)
    made = learn_digits(mnist, tmp_path / "digits.keras", work=tmp_path / "work", learning=learning)

    assert made.report.scores.accuracy.share > 0.9
    wrong = [made.report.tested.paths[each.index] for each in made.report.scores.mistakes]
    assert all(thumbnails(made.report.root, wrong).values())
    model = load(made.file)
    assert (model.card.kind, model.card.size, len(model.labels)) == ("digits", 28, 10)
    assert model.card.metrics["accuracy"] == made.report.scores.accuracy.share
    chalk = {"at": (0.3, 0.3), "height": 0.4, "ink": "white", "paper": "black"}
    ways = [[drawn(digit, 400, 0.05, **chalk), cut_out(digit, 0)] for digit in range(10)]
    said = [model.judged(way, 1) for way in ways]
    assert sum(each.label == str(digit) for digit, both in enumerate(said) for each in both) >= 18
    (blank,) = model.judged([np.full((90, 90, 3), 255, np.uint8)])
    assert (blank.sure, blank.why) == (False, "nothing is drawn on it")

    assert model.near is None
    kept_digits(made.file, made.some, model.labels)
    near = load(made.file).nearest(ways[3][0])
    assert [each.label for each in near].count("3") >= 4
    assert near[0].path in made.some.names
    assert load(made.file).heat(ways[3][0], "3") is None


@pytest.mark.slow
def test_the_same_digits_and_seed_give_the_same_model(mnist: Path, tmp_path: Path) -> None:
    learning = replace(LEARNING, epochs=2, batch=64)
    one, other = (
        learn_digits(mnist, tmp_path / f"{name}.keras", work=tmp_path / name, learning=learning) for name in "ab"
    )
    assert (one.report.tested.answers.logits == other.report.tested.answers.logits).all()
    assert one.report.card.sure == other.report.card.sure
