"""What `noise` finds is remembered by bytes and class, and shown by review."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgtool.dataset import Dataset, Keep, Move, Remove, Shelf, Verdict
from imgtool.pipeline.review import Desk
from imgtool.pipeline.suspicions import suspicions
from imgtool.records import Finding
from tests.made import arrival, ref


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[Dataset]:
    with Dataset.open(tmp_path / "set", create=True) as dataset:
        with dataset.writing():
            for label in ("cat", "dog"):
                dataset.folder(label)
                bodies = [f"{label} {number}".encode() for number in range(3)]
                arrivals = [arrival(dataset, body, ref(f"http://h/{body.hex()}.jpg", label)) for body in bodies]
                dataset.commit([Keep(each) for each in arrivals])
        yield dataset


def wrong(path: str, score: float = 0.9, check: str = "label") -> Finding:
    return Finding(path, path.partition("/")[0], check, score, "looks like dog (0.97)")


def first(dataset: Dataset, label: str) -> str:
    return next(path for path, _ in dataset.pictures(label))


def test_findings_come_back_the_most_suspicious_first(dataset: Dataset) -> None:
    cats = [path for path, _ in dataset.pictures("cat")]
    given = [wrong(cats[0], 0.6), wrong(cats[1], 0.9), wrong(cats[1], 0.7, "stranger")]

    dataset.save_findings("noise", given)

    assert dataset.findings() == [given[1], given[2], given[0]]


def test_a_second_look_replaces_the_first_and_no_other_verbs(dataset: Dataset) -> None:
    cat, dog = first(dataset, "cat"), first(dataset, "dog")
    dataset.save_findings("noise", [wrong(cat)])
    dataset.save_findings("other", [wrong(dog)])

    dataset.save_findings("noise", [])

    assert dataset.findings() == [wrong(dog)]


def test_a_finding_is_silent_while_its_picture_is_out_of_its_class_and_speaks_when_it_is_back(dataset: Dataset) -> None:
    cat, dog = first(dataset, "cat"), first(dataset, "dog")
    dataset.save_findings("noise", [wrong(cat), wrong(dog)])

    with dataset.writing():
        dataset.change("review", [Move(cat, "dog/moved.jpg", "dog"), Remove(dog, "removed")])
    assert dataset.findings() == []
    with dataset.writing():
        dataset.undo()
    assert {finding.path for finding in dataset.findings()} == {cat, dog}


def test_a_finding_outlives_a_new_file_name(dataset: Dataset) -> None:
    cat = first(dataset, "cat")
    dataset.save_findings("noise", [wrong(cat)])

    (dataset.root / cat).rename(dataset.root / "cat" / "better name.jpg")
    with dataset.writing():
        pass

    assert [finding.path for finding in dataset.findings()] == ["cat/better name.jpg"]


def test_a_finding_about_no_picture_of_the_set_is_not_kept(dataset: Dataset) -> None:
    dataset.save_findings("noise", [wrong("cat/nowhere.jpg"), Finding(first(dataset, "cat"), "dog", "label", 0.9, "")])

    assert dataset.findings() == []


def test_review_shows_them_until_a_person_says_they_are_right(dataset: Dataset) -> None:
    cat = first(dataset, "cat")
    dataset.save_findings("noise", [wrong(cat)])
    with Shelf.open(dataset.root) as shelf:
        desk = Desk(dataset, shelf, "ann", lambda known: suspicions(known))
        desk.look()
        assert [suspect.path for suspect in desk.agenda().about("label")] == [cat]

        desk.decide(Verdict.KEEP, [item.id for item in shelf.at([cat])])

        assert desk.agenda().about("label") == ()


def test_a_catalogue_from_before_there_were_findings_is_brought_up_to_date(dataset: Dataset) -> None:
    dataset.close()
    with sqlite3.connect(dataset.root / ".imgtool" / "catalog.sqlite") as db:
        db.executescript("DROP TABLE finding; PRAGMA user_version = 2;")
    db.close()

    with Dataset.open(dataset.root) as again:
        assert again.findings() == []
        again.save_findings("noise", [wrong(first(again, "cat"))])
        assert len(again.findings()) == 1
