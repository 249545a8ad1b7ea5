"""What is learnt from: split as it was left, checked before hours are spent on it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import imgtool
from imgtool.errors import UsageError
from imgtool.pipeline.material import TEST, TRAIN, VAL, material, shares
from tests.drawn import classes, jpeg, put


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return classes(tmp_path / "data", 20)


def test_what_is_in_no_split_yet_is_placed_and_stays_there(data: Path) -> None:
    first = material(data)
    second = material(data)

    assert first.fresh
    assert not second.fresh
    assert first.parts == second.parts
    assert first.digest == second.digest
    assert first.labels == ("cat", "dog")
    assert {name: sum(table.values()) for name, table in first.counts.items()} == {TRAIN: 32, VAL: 4, TEST: 4}


def test_a_split_that_a_person_made_is_kept(data: Path) -> None:
    imgtool.split(data, shares={TRAIN: 0.9, VAL: 0.1, TEST: 0.0})

    found = material(data)

    assert not found.fresh
    assert not found.part(TEST)
    put(data, "cat/new.jpg", jpeg(900))
    assert not material(data).part(TEST)


def test_the_usual_shares_are_those_of_the_splits_in_use() -> None:
    assert shares({}) == {TRAIN: 0.8, VAL: 0.1, TEST: 0.1}
    assert shares({"a": TRAIN, "b": VAL}) == pytest.approx({TRAIN: 8 / 9, VAL: 1 / 9, TEST: 0.0})


def test_another_picture_is_another_digest(data: Path) -> None:
    before = material(data).digest
    put(data, "dog/new.jpg", jpeg(901))

    assert material(data).digest != before


def test_an_empty_class_is_left_out_and_named(data: Path) -> None:
    (data / "owl").mkdir()

    found = material(data)

    assert found.labels == ("cat", "dog")
    assert any("owl" in note for note in found.notes)


def test_few_pictures_are_told(data: Path) -> None:
    assert any("cat 16, dog 16" in note for note in material(data).notes)


def one_class(data: Path) -> None:
    shutil.rmtree(data / "dog")


def class_of_broken_files(data: Path) -> None:
    shutil.rmtree(data / "dog")
    put(data, "dog/broken.jpg", b"no picture")


def one_picture_each(data: Path) -> None:
    for label in ("cat", "dog"):
        for path in sorted((data / label).iterdir())[1:]:
            path.unlink()


def all_one_picture(data: Path) -> None:
    for label in ("cat", "dog"):
        shutil.rmtree(data / label)
        for number in range(5):
            put(data, f"{label}/{number}.jpg", jpeg(7))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (one_class, "needs two"),
        (class_of_broken_files, "dog: none that can be read"),
        (one_picture_each, "There are 2"),
        (all_one_picture, "show 1 different thing"),
    ],
)
def test_what_cannot_be_learnt_is_said_before_anything_is_tried(data: Path, spoil: object, said: str) -> None:
    assert callable(spoil)
    spoil(data)

    with pytest.raises(UsageError, match=said) as caught:
        material(data)

    assert caught.value.hint
