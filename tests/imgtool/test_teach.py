"""Teaching: what a person brings waits outside of every class, is let in by a review, and is learnt from only then."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgtool.dataset import Dataset, Shelf, Verdict, store
from imgtool.errors import DatasetBusy, StorageError, UsageError
from imgtool.pipeline import review, teach
from imgtool.pipeline.agenda import Suspicions
from imgtool.pipeline.info import info
from imgtool.pipeline.look import look
from imgtool.pipeline.material import material
from imgtool.pipeline.review import Desk
from imgtool.pipeline.teach import MOST, Lesson, Taught, named
from imgtool.pipeline.undo import undo
from imgtool.records import Reason, Refusal
from tests.drawn import classes, exact, jpeg

DOG = Lesson("dog", "m25", "cat", 0.93)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    root = classes(tmp_path / "data", many=12)
    with Dataset.open(root) as dataset, Shelf.open(root) as shelf:
        desk = Desk(dataset, shelf, "ann", lambda _: Suspicions())
        desk.look()
        yield desk


def taught(desk: Desk, data: bytes, lesson: Lesson = DOG) -> Taught:
    done = teach.teach(desk, data, lesson)
    assert isinstance(done, Taught)
    return done


def queue(desk: Desk) -> list[str]:
    return [item.id for item in desk.shelf.taught(0, 100)]


def test_what_is_taught_is_in_no_class_until_somebody_has_looked(desk: Desk) -> None:
    before = exact(desk.dataset.root)
    done = taught(desk, jpeg(5000))

    assert (done.queued, done.new, done.elsewhere, done.twin) == (True, False, (), "")
    assert exact(desk.dataset.root) == before
    assert desk.agenda().left["taught"] == 1
    assert done.sha256 not in {entry.picture.sha256 for entry in desk.dataset.entries()}
    assert [item.label for item in desk.shelf.taught(0, 9)] == ["dog"]


def test_it_is_kept_where_it_came_from(desk: Desk) -> None:
    done = taught(desk, jpeg(5000))
    (source,) = desk.shelf.sources(done.sha256)
    assert source.engine == "taught"
    assert re.fullmatch(r"by ann on \d{4}-\d\d-\d\d; m25 said cat \(0\.93\)", source.query)
    desk.decide(Verdict.KEEP, queue(desk))
    told = info(desk.dataset)
    assert told.engines["taught"] == 1
    assert "" not in told.sites


def test_taught_reviewed_learnt(desk: Desk) -> None:
    root = desk.dataset.root
    body = jpeg(5000)
    done = taught(desk, body)
    before = material(root)

    desk.decide(Verdict.KEEP, queue(desk))

    after = material(root)
    learnt = {entry.picture.sha256: entry for part in after.parts.values() for entry in part}
    assert learnt[done.sha256].label == "dog"
    assert (root / learnt[done.sha256].path).read_bytes() == body
    assert before.digest != after.digest
    assert sum(map(len, before.parts.values())) == 24
    assert after.stains == ()  # it was never in the set under another name
    assert queue(desk) == []


@pytest.mark.parametrize("verdict", [Verdict.KEEP, Verdict.DROP])
def test_what_was_decided_of_it_is_taken_back(desk: Desk, verdict: Verdict) -> None:
    done = taught(desk, jpeg(5000))
    before = exact(desk.dataset.root)

    change = desk.decide(verdict, queue(desk)).change
    assert queue(desk) == []
    assert desk.undo(change).ids == tuple(queue(desk))

    assert exact(desk.dataset.root) == before
    assert [item.sha256 for item in desk.shelf.taught(0, 9)] == [done.sha256]


def test_the_command_takes_it_back_too(desk: Desk) -> None:
    taught(desk, jpeg(5000))
    desk.decide(Verdict.KEEP, queue(desk))
    undo(desk.dataset.root)
    assert len(queue(desk)) == 1


def test_the_history_tells_how_many_were_let_in(desk: Desk) -> None:
    for seed in (5000, 5001):
        taught(desk, jpeg(seed))
    desk.decide(Verdict.KEEP, queue(desk)[:1])
    desk.decide(Verdict.DROP, queue(desk))
    dropped, joined = desk.shelf.steps(0, 9)
    assert (joined.joined, joined.dropped) == (1, 0)
    assert (dropped.joined, dropped.dropped) == (0, 1)


def test_it_may_go_to_another_class_than_was_said(desk: Desk) -> None:
    done = taught(desk, jpeg(5000))
    desk.decide(Verdict.MOVE, queue(desk), "cat")
    assert desk.shelf.labels(done.sha256) == ["cat"]


def test_a_new_class_begins_when_its_first_picture_is_let_in(desk: Desk) -> None:
    done = taught(desk, jpeg(5000), Lesson("zèbre  des plaines"))
    assert (done.label, done.new) == ("zèbre des plaines", True)
    assert sorted(desk.dataset.classes()) == ["cat", "dog"]

    desk.decide(Verdict.KEEP, queue(desk))

    assert sorted(desk.dataset.classes()) == ["cat", "dog", "zèbre des plaines"]
    assert len(list((desk.dataset.root / "zèbre des plaines").iterdir())) == 1


def test_the_last_word_about_a_picture_holds(desk: Desk) -> None:
    taught(desk, jpeg(5000))
    taught(desk, jpeg(5000), Lesson("cat"))
    assert [item.label for item in desk.shelf.taught(0, 9)] == ["cat"]


def test_what_is_there_already_is_said(desk: Desk) -> None:
    same = taught(desk, jpeg(1000))
    other = taught(desk, jpeg(1))
    near = taught(desk, jpeg(1001, (120, 90), 80))

    assert (same.queued, same.elsewhere) == (False, ())
    assert (other.queued, other.elsewhere) == (True, ("cat",))
    assert (near.queued, near.twin) == (True, "dog/1.jpg")
    assert len(queue(desk)) == 2


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("", "needs a name"),
        ("\u202e\u200b", "needs a name"),
        ("../../etc", "cannot be the name"),
        ("a/b", "cannot be the name"),
        ("cat\\dog", "cannot be the name"),
        (".imgtool", "cannot be the name"),
        ("con", "cannot be the name"),
        ("-rf", "cannot be the name"),
        ("x" * 61, "cannot be the name"),
        ("Cat", "capitals alone"),
    ],
)
def test_a_name_that_no_folder_can_have_is_refused(desk: Desk, label: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        teach.teach(desk, jpeg(5000), Lesson(label))
    assert queue(desk) == []


def test_a_class_whose_folder_has_another_name_can_be_taught() -> None:
    assert named("AC/DC", {"AC/DC": "AC_DC-123456"}) == "AC/DC"


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"<svg/>", Reason.NOT_IMAGE), (jpeg(5000)[:3000], Reason.TRUNCATED), (jpeg(5000, (30, 20)), Reason.TOO_SMALL)],
)
def test_a_bad_picture_is_an_answer(desk: Desk, data: bytes, reason: Reason) -> None:
    done = teach.teach(desk, data, DOG)
    assert isinstance(done, Refusal)
    assert done.reason in {reason, Reason.BROKEN, Reason.UNSUPPORTED}
    assert queue(desk) == []


def test_while_somebody_else_writes_nothing_is_taken(desk: Desk) -> None:
    with Dataset.open(desk.dataset.root) as other, other.writing(), pytest.raises(DatasetBusy):
        teach.teach(desk, jpeg(5000), DOG)
    assert queue(desk) == []


def test_while_pictures_are_looked_at_nobody_waits_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "PATIENCE", 0.01)
    with desk.holding(), pytest.raises(DatasetBusy, match="still being looked at"):
        teach.teach(desk, jpeg(5000), DOG)


def test_a_full_disk_takes_it_whole_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(desk.dataset.root / "x"))

    monkeypatch.setattr(store, "make_durable", full)
    with pytest.raises(StorageError, match="No space"):
        teach.teach(desk, jpeg(5000), DOG)
    assert queue(desk) == []
    assert list((desk.dataset.root / store.TMP).iterdir()) == []


def test_a_row_without_its_file_goes_and_a_file_without_its_row_stays(desk: Desk) -> None:
    for seed in (5000, 5001):
        taught(desk, jpeg(seed))
    one, two = desk.shelf.taught(0, 9)
    root = desk.dataset.root
    (root / one.path).unlink()
    shutil.copy(root / two.path, root / store.TAUGHT / "of a lost catalogue.jpg")
    with desk.dataset.writing():
        look(desk.dataset)
    assert queue(desk) == [two.id]
    assert len(os.listdir(root / store.TAUGHT)) == 2


def test_the_queue_has_an_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teach, "MOST", 1)
    taught(desk, jpeg(5000))
    with pytest.raises(UsageError, match="wait to be looked at"):
        taught(desk, jpeg(5001))
    assert MOST > 1
