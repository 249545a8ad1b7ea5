"""Decisions last, are taken back with their change, and mean the same in another dataset of the same pictures."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.dataset import Dataset, Decided, Keep, Shelf, Verdict, contents, preview, put_preview
from imgtool.errors import DatasetBusy, UsageError
from imgtool.pipeline.agenda import Suspicions
from imgtool.pipeline.replay import course, decisions_of, read, replay, written
from imgtool.pipeline.review import Desk
from imgtool.records import Entry, Finding, Group, Twin
from tests.made import arrival, picture, ref, tree

BODIES = [b"one", b"two", b"three", b"four"]
SHA = "a" * 64


def scraped(root: Path, bodies: list[bytes] = BODIES) -> Dataset:
    """Two classes; the pictures of the first as a scrape would bring them."""
    opened = Dataset.open(root, create=True)
    for label in ("cat", "dog"):
        opened.folder(label)
    opened.commit([Keep(arrival(opened, body, ref(f"http://h/{body.decode()}"))) for body in bodies])
    return opened


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return scraped(tmp_path / "data")


@pytest.fixture
def desk(dataset: Dataset) -> Desk:
    return desk_of(dataset)


def desk_of(dataset: Dataset, found: Suspicions | None = None) -> Desk:
    desk = Desk(dataset, Shelf.open(dataset.root), "ann", lambda _: found or Suspicions())
    desk.look()
    return desk


def listed(row: object) -> str:
    return json.dumps({"schema": "imgtool/decisions/1", "decisions": [row]})


def ids(desk: Desk, label: str = "cat") -> list[str]:
    return [item.id for item in desk.shelf.page(label, 0, 100)]


def test_a_decision_moves_the_file_and_is_remembered(dataset: Dataset, desk: Desk) -> None:
    one, two, three, _ = desk.shelf.page("cat", 0, 10)
    desk.decide(Verdict.DROP, [one.id])
    desk.decide(Verdict.MOVE, [two.id], "dog")
    desk.decide(Verdict.KEEP, [three.id])

    assert dataset.count("cat") == 2
    assert dataset.count("dog") == 1
    assert [(d.sha256, d.verdict, d.target, d.who) for d in dataset.decided()] == [
        (one.sha256, "drop", "", "ann"),
        (two.sha256, "move", "dog", "ann"),
        (three.sha256, "keep", "", "ann"),
    ]


def test_an_undo_takes_the_decision_back_and_its_undo_brings_it_again(dataset: Dataset, desk: Desk) -> None:
    before = tree(dataset.root)
    desk.decide(Verdict.DROP, ids(desk)[:2])
    undone = desk.undo()

    assert tree(dataset.root) == before
    assert dataset.decided() == []
    assert len(undone.ids) == 2
    desk.undo(undone.change)
    assert [each.verdict for each in dataset.decided()] == ["drop", "drop"]


def test_undo_goes_back_through_what_was_decided_here_alone(dataset: Dataset, desk: Desk) -> None:
    desk.decide(Verdict.KEEP, ids(desk)[:1])
    with dataset.writing():
        dataset.change("dedupe", [])
    desk.undo()

    assert dataset.decided() == []
    with pytest.raises(UsageError, match="nothing to undo"):
        desk.undo()


def test_an_id_that_names_another_picture_by_now_does_nothing(desk: Desk) -> None:
    number = ids(desk)[0].partition("-")[0]
    for stranger in (f"{number}-{'0' * 16}", "999-0123456789abcdef", "../../etc/passwd", "", "9" * 40):
        with pytest.raises(UsageError, match="None of these"):
            desk.decide(Verdict.DROP, [stranger])


def test_a_picture_that_changed_meanwhile_is_left_alone(dataset: Dataset, desk: Desk) -> None:
    item = desk.shelf.page("cat", 0, 1)[0]
    (dataset.root / item.path).write_bytes(b"something else")

    done = desk.decide(Verdict.DROP, [item.id])

    assert done.stale == (item.path,)
    assert done.ids == ()
    assert dataset.decided() == []
    assert (dataset.root / item.path).read_bytes() == b"something else"


def test_a_decision_waits_for_nobody_and_says_who_writes(dataset: Dataset, desk: Desk) -> None:
    with Dataset.open(dataset.root) as scrape, scrape.writing(), pytest.raises(DatasetBusy, match=str(os.getpid())):
        desk.decide(Verdict.DROP, ids(desk)[:1])

    assert len(desk.decide(Verdict.DROP, ids(desk)[:1]).ids) == 1


def test_replay_on_a_fresh_scrape_ends_in_the_same_set(tmp_path: Path, dataset: Dataset, desk: Desk) -> None:
    one, two, three, four = ids(desk)
    desk.decide(Verdict.DROP, [one])
    desk.decide(Verdict.MOVE, [two, three], "dog")
    desk.decide(Verdict.DROP, [three])  # after it was moved
    desk.decide(Verdict.KEEP, [four])
    fresh = scraped(tmp_path / "fresh")

    with fresh.writing():
        done = replay(fresh, read(written(dataset.decided())), "bob")

    assert tree(fresh.root) == tree(dataset.root)
    assert (done.dropped, done.moved, done.kept, done.absent) == (2, 1, 1, 0)
    assert fresh.decided() == dataset.decided(), "who and when stay theirs"


def test_a_second_replay_finds_nothing_to_do_and_undo_takes_the_first_back(tmp_path: Path, desk: Desk) -> None:
    desk.decide(Verdict.DROP, ids(desk)[:1])
    desk.decide(Verdict.KEEP, ids(desk)[:1])
    fresh = scraped(tmp_path / "fresh")
    before = tree(fresh.root)

    with fresh.writing():
        replay(fresh, decisions_of(desk.dataset.root), "bob")
        again = replay(fresh, decisions_of(desk.dataset.root), "bob")
        assert (again.dropped, again.kept, again.absent) == (0, 0, 2)
        fresh.undo()

    assert tree(fresh.root) == before


def test_dropping_one_of_two_equal_files_does_not_drop_the_only_one_elsewhere(tmp_path: Path) -> None:
    both = scraped(tmp_path / "both", [b"one"])
    path = next(both.pictures("cat"))[0]
    (both.root / "cat" / "copy.jpg").write_bytes(b"one")
    both.adopt("cat", [("cat/copy.jpg", picture(b"one"))])
    desk = desk_of(both)
    desk.decide(Verdict.DROP, [item.id for item in desk.shelf.at(["cat/copy.jpg"])])
    fresh = scraped(tmp_path / "fresh", [b"one"])

    with fresh.writing():
        replay(fresh, both.decided(), "bob")

    assert list(tree(fresh.root)) == [path]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from(["keep", "drop", "move"]))))
def test_following_decisions_never_loses_count_of_a_file(steps: list[tuple[str, str, str]]) -> None:
    entries = [
        Entry(f"{label}/{body}{n}", label, picture(body.encode())) for body in "ab" for label in "xy" for n in "12"
    ]
    shas = {body: picture(body.encode()).sha256 for body in "ab"}
    decided = [Decided(shas[b], label, Verdict(v), "z" if v == "move" else "") for b, label, v in steps]

    way = course(decided, entries)

    assert set(way.ends) <= {entry.path for entry in entries}
    assert set(way.ends.values()) <= {"", "z"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"schema": "imgtool/decisions/1"}',
        json.dumps({"schema": "imgtool/decisions/2", "decisions": []}),
        json.dumps({"schema": "imgtool/decisions/1", "decisions": [3]}),
        listed({"sha256": SHA, "label": "x", "verdict": "burn"}),
        json.dumps(
            {"schema": "imgtool/decisions/1", "decisions": [{"sha256": "../x", "label": "x", "verdict": "drop"}]}
        ),
        listed({"sha256": SHA, "label": "", "verdict": "drop"}),
        listed({"sha256": SHA, "label": "x", "verdict": "move"}),
    ],
)
def test_what_is_no_list_of_decisions_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError):
        read(text)


def test_a_folder_that_was_never_reviewed_has_no_decisions(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="never reviewed"):
        decisions_of(tmp_path)
    with pytest.raises(UsageError, match="cannot be read"):
        decisions_of(tmp_path / "absent.json")


def test_what_is_kept_or_gone_is_no_longer_on_the_agenda(dataset: Dataset) -> None:
    a, b, c, d = dataset.entries()
    found = Suspicions(
        groups=[Group(a, "most pixels", (Twin(b, 3, 0.99, "looks"), Twin(c, 5, 0.97, "looks")))],
        findings=[Finding(d.path, "cat", "dark", 0.7, "dark"), Finding(d.path, "cat", "blurred", 0.9, "soft")],
    )
    desk = desk_of(dataset, found)
    assert [finding.check for finding in desk.agenda().suspects[0].findings] == ["blurred", "dark"]

    named = {item.path: item.id for item in desk.shelf.page("cat", 0, 10)}
    desk.decide(Verdict.KEEP, [named[d.path], named[b.path]])
    assert desk.agenda().suspects == ()
    assert [mate.path for mate in desk.agenda().groups[0].mates] == [a.path, b.path, c.path]
    desk.decide(Verdict.DROP, [named[a.path]])
    assert desk.agenda().groups[0].why == "the one before it was taken out"
    desk.decide(Verdict.DROP, [named[c.path]])
    assert desk.agenda().groups == ()
    desk.undo()
    assert len(desk.agenda().groups) == 1


def test_a_catalogue_from_before_there_were_decisions_is_brought_up_to_date(dataset: Dataset) -> None:
    dataset.close()
    file = dataset.root / ".imgtool" / "catalog.sqlite"
    with sqlite3.connect(file) as db:
        db.executescript("DROP TABLE decision; DROP INDEX picture_shelf; PRAGMA user_version = 1;")
    db.close()

    with Dataset.open(dataset.root) as again:
        assert again.decided() == []
        assert again.count("cat") == 4


def test_no_link_is_followed_to_a_pictures_bytes(dataset: Dataset, tmp_path: Path) -> None:
    shelf = Shelf.open(dataset.root)
    item = shelf.page("cat", 0, 1)[0]
    asked = (item.path, item.size, item.mtime_ns)
    assert contents(dataset.root, *asked) is not None

    (dataset.root / "cat").rename(tmp_path / "elsewhere")
    (dataset.root / "cat").symlink_to(tmp_path / "elsewhere")

    assert contents(dataset.root, *asked) is None
    shelf.close()


@pytest.mark.timeout(20)
def test_neither_a_link_nor_a_pipe_in_a_pictures_place_is_read(dataset: Dataset, tmp_path: Path) -> None:
    place = dataset.root / "cat" / "x.jpg"
    place.symlink_to("/etc/passwd")
    assert contents(dataset.root, "cat/x.jpg", place.stat().st_size, place.stat().st_mtime_ns) is None
    place.unlink()
    os.mkfifo(place)
    assert contents(dataset.root, "cat/x.jpg", 0, place.stat().st_mtime_ns) is None
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    assert contents(dataset.root, "cat/../../secret", 1, secret.stat().st_mtime_ns) is None


def test_a_preview_is_kept_whole(dataset: Dataset) -> None:
    assert preview(dataset.root, SHA) == b""
    put_preview(dataset.root, SHA, b"small")
    assert preview(dataset.root, SHA) == b"small"
