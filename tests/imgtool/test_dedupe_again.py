"""A second dedupe compares what is new, tells what is still open, and forgets nothing that matters."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

import imgtool
from imgtool.dataset.compared import Compared
from imgtool.pipeline.dedupe import Deduped
from imgtool.pipeline.suspicions import suspicions
from imgtool.pipeline.twins import Way, new
from tests.drawn import faulty, jpeg, put

USUAL = Way()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Classes with twins, and `cat/2.jpg` in two of them; gone through once."""
    imgtool.dedupe(faulty(tmp_path / "data"))
    return tmp_path / "data"


def unknown(data: Path, way: Way = USUAL) -> set[str]:
    """What the next dedupe would compare."""
    with imgtool.Dataset.open(data) as dataset:
        return new(dataset.compared(way.name), list(dataset.entries()))


def shape(found: Deduped) -> list[list[tuple[str, list[str]]]]:
    return [
        [(group.keeper.path, [twin.entry.path for twin in group.twins]) for group in groups]
        for groups in (found.groups, found.conflicts)
    ]


def test_only_what_is_new_is_compared_and_old_conflicts_are_told_again(data: Path) -> None:
    put(data, "dog/new.jpg", jpeg(777))
    put(data, "dog/smaller 3.jpg", jpeg(1003, (120, 90), 70))
    imgtool.check(data)

    assert unknown(data) == {"dog/new.jpg", "dog/smaller 3.jpg"}
    assert shape(imgtool.dedupe(data)) == [
        [("dog/3.jpg", ["dog/smaller 3.jpg"])],
        [("cat/2.jpg", ["dog/cat 2.jpg"])],
    ]
    assert unknown(data) == set()
    assert shape(imgtool.dedupe(data)) == [[], [("cat/2.jpg", ["dog/cat 2.jpg"])]]


def test_it_finds_what_one_without_a_memory_finds(data: Path) -> None:
    put(data, "cat/larger 2.jpg", jpeg(2, (480, 360)))  # takes the place of a picture that is in two classes
    put(data, "dog/cat 5.jpg", jpeg(5, (200, 150)))
    put(data, "cat/again 6.jpg", jpeg(6))
    (data / "dog/4.jpg").rename(data / "cat/moved.jpg")
    (data / "cat/7.jpg").unlink()

    remembering = shape(imgtool.dedupe(data, dry_run=True))
    with imgtool.Dataset.open(data) as dataset, dataset.writing():
        dataset.save_compared("", Compared())

    assert remembering == shape(imgtool.dedupe(data, dry_run=True))
    assert [group[0] for group in remembering[1]] == ["cat/larger 2.jpg", "cat/5.jpg"]


def test_a_copy_of_a_picture_that_was_compared_is_found(data: Path) -> None:
    put(data, "cat/copy of 3.jpg", jpeg(3))
    assert shape(imgtool.dedupe(data))[0] == [("cat/3.jpg", ["cat/copy of 3.jpg"])]


def test_what_undo_brings_back_is_found_again(data: Path) -> None:
    imgtool.undo(data)
    assert imgtool.dedupe(data).extra == 2


def test_a_conflict_is_silent_when_one_of_its_pictures_has_left(data: Path) -> None:
    (data / "dog/cat 2.jpg").unlink()
    assert imgtool.dedupe(data).conflicts == ()


def test_a_dry_run_remembers_nothing(tmp_path: Path) -> None:
    data = faulty(tmp_path / "data")
    imgtool.dedupe(data, dry_run=True)
    assert len(unknown(data)) == 21


@pytest.mark.parametrize("way", [Way(mirrored=True), Way(within=4)], ids=["mirrored", "within 4"])
def test_what_was_compared_in_another_way_was_not_compared(data: Path, way: Way) -> None:
    assert len(unknown(data, way)) == 19


def test_review_sees_the_same_without_comparing_all_again(data: Path) -> None:
    with imgtool.Dataset.open(data) as dataset:
        (conflict,) = suspicions(dataset).conflicts
    assert conflict.keeper.path == "cat/2.jpg"


def test_a_catalogue_from_before_there_was_a_memory_is_brought_up_to_date(data: Path) -> None:
    with sqlite3.connect(data / ".imgtool" / "catalog.sqlite") as db:
        db.executescript("DROP TABLE compared; DROP TABLE conflict; PRAGMA user_version = 3;")
    db.close()

    assert len(unknown(data)) == 19
    assert len(imgtool.dedupe(data).conflicts) == 1
    assert unknown(data) == set()
