"""Changes happen whole or not at all, and can be undone byte for byte, kill -9 or not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgtool.dataset import Dataset, Keep, Move, Remove
from imgtool.errors import StorageError, UsageError
from imgtool.records import Reason, Refusal
from tests.made import arrival, ref, tree

KILLED = """
import os, sys
from imgtool.dataset import Dataset, Remove, changes
moved = []
rename = os.rename
def fatal(old, new, **folders):
    if len(moved) == int(sys.argv[2]):
        os.kill(os.getpid(), 9)
    moved.append(old)
    rename(old, new, **folders)
os.rename = fatal
with Dataset.open(sys.argv[1]) as dataset, dataset.writing():
    dataset.change("dedupe", [Remove(path, "test") for path, _ in list(dataset.pictures("cat"))])
"""


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    opened = Dataset.open(tmp_path / "data", create=True)
    for label in ("cat", "dog"):
        opened.folder(label)
    bodies = [b"one", b"two", b"three", b"four"]
    opened.commit([Keep(arrival(opened, body, ref(f"http://h/{body.decode()}"))) for body in bodies])
    return opened


def paths(dataset: Dataset, label: str = "cat") -> list[str]:
    return [path for path, _ in dataset.pictures(label)]


def test_what_is_removed_is_out_of_sight_and_undo_brings_it_back(dataset: Dataset) -> None:
    before = tree(dataset.root)
    victims = paths(dataset)[:2]

    change = dataset.change("dedupe", [Remove(path, "duplicate") for path in victims])

    assert set(tree(dataset.root)) == set(before) - set(victims)
    assert dataset.count("cat") == 2
    assert [move.reason for move in change.moves] == ["duplicate", "duplicate"]
    dataset.undo()
    assert tree(dataset.root) == before
    assert dataset.count("cat") == 4


def test_undo_keeps_the_time_of_the_file(dataset: Dataset) -> None:
    path = paths(dataset)[0]
    os.utime(dataset.root / path, ns=(1, 1_600_000_000_000_000_000))
    with dataset.writing():
        pass  # the new time is noticed; the file is to be looked at again
    dataset.adopt("cat", [(path, arrival(dataset, b"one").picture)])
    dataset.change("check", [Remove(path, "blank")])
    dataset.undo()

    assert (dataset.root / path).stat().st_mtime_ns == 1_600_000_000_000_000_000


def test_an_earlier_change_can_be_undone_alone(dataset: Dataset) -> None:
    one, two, *_ = paths(dataset)
    first = dataset.change("check", [Remove(one, "blank")])
    dataset.change("check", [Remove(two, "blank")])

    dataset.undo(first.id)

    assert one in tree(dataset.root)
    assert two not in tree(dataset.root)


def test_an_undo_can_be_undone(dataset: Dataset) -> None:
    victim = paths(dataset)[0]
    dataset.change("check", [Remove(victim, "blank")])
    undo = dataset.undo()
    dataset.undo(undo.id)

    assert victim not in tree(dataset.root)


def test_undo_twice_goes_back_two_steps(dataset: Dataset) -> None:
    before = tree(dataset.root)
    for path in paths(dataset)[:2]:
        dataset.change("check", [Remove(path, "blank")])
    dataset.undo()
    dataset.undo()

    assert tree(dataset.root) == before
    with pytest.raises(UsageError, match="nothing to undo"):
        dataset.undo()


def test_a_change_cannot_be_undone_twice(dataset: Dataset) -> None:
    change = dataset.change("check", [Remove(paths(dataset)[0], "blank")])
    dataset.undo()

    with pytest.raises(UsageError, match="undone already"):
        dataset.undo(change.id)


def test_a_picture_can_change_its_class_and_come_back(dataset: Dataset) -> None:
    path = paths(dataset)[0]
    target = path.replace("cat/", "dog/")

    dataset.change("review", [Move(path, target, "dog")])

    assert paths(dataset, "dog") == [target]
    dataset.undo()
    assert path in paths(dataset)


def test_a_name_that_is_taken_gets_a_number(dataset: Dataset) -> None:
    path = paths(dataset)[0]
    (dataset.root / "dog" / "rex.jpg").write_bytes(b"my own")

    dataset.change("review", [Move(path, "dog/rex.jpg", "dog")])

    assert (dataset.root / "dog" / "rex.jpg").read_bytes() == b"my own"
    assert paths(dataset, "dog") == ["dog/rex-2.jpg"]


@pytest.mark.parametrize("act", [lambda path: path.unlink(), lambda path: path.write_bytes(b"edited meanwhile")])
def test_a_file_that_changed_since_it_was_looked_at_is_left_alone(dataset: Dataset, act: object) -> None:
    path = paths(dataset)[0]
    act(dataset.root / path)  # type: ignore[operator]

    change = dataset.change("dedupe", [Remove(path, "duplicate")])

    assert (change.moves, change.stale) == ((), (path,))


def test_a_failure_midway_leaves_every_original_in_place(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    before, rename, count = tree(dataset.root), os.rename, [0]

    def failing(old: str, new: str, **folders: int) -> None:
        count[0] += 1
        if count[0] == 3:
            raise PermissionError(13, "Permission denied")
        rename(old, new, **folders)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(StorageError, match="Nothing was changed"):
        dataset.change("dedupe", [Remove(path, "duplicate") for path in paths(dataset)])

    assert tree(dataset.root) == before
    assert dataset.count("cat") == 4
    assert list(dataset.history()) == []


@pytest.mark.parametrize("outside", [True, False], ids=["to elsewhere", "to itself, moved aside"])
def test_a_class_folder_that_became_a_link_meanwhile_is_not_followed(
    dataset: Dataset, tmp_path: Path, outside: bool
) -> None:
    victims = paths(dataset)
    away = (tmp_path if outside else dataset.root) / "away"
    (dataset.root / "cat").rename(away)
    (dataset.root / "cat").symlink_to(away)

    change = dataset.change("dedupe", [Remove(path, "duplicate") for path in victims])

    assert (change.moves, set(change.stale)) == ((), set(victims))
    assert len(list(away.iterdir())) == 4


def test_what_was_deleted_by_hand_since_is_not_in_the_way_of_an_undo(dataset: Dataset) -> None:
    path = paths(dataset)[0]
    before = tree(dataset.root)
    dataset.change("dedupe", [Remove(path, "duplicate")])
    (dataset.root / path).write_bytes(b"another of that name")
    dataset.adopt("cat", [(path, arrival(dataset, b"another of that name").picture)])
    (dataset.root / path).unlink()
    with dataset.writing():
        pass  # it is noticed, and remembered as missing

    dataset.undo()

    assert tree(dataset.root) == before
    assert dataset.count("cat") == 4


@pytest.mark.parametrize("after", range(5))
def test_killed_after_any_number_of_files_nothing_is_lost(dataset: Dataset, after: int) -> None:
    before = tree(dataset.root)
    done = subprocess.run([sys.executable, "-c", KILLED, str(dataset.root), str(after)], check=False)

    assert done.returncode == (-9 if after < 4 else 0)
    with Dataset.open(dataset.root) as again, again.writing():
        if after == 4:
            again.undo()
        assert tree(again.root) == before
        assert again.count("cat") == 4


def test_what_was_moved_again_since_stays_and_is_told(dataset: Dataset) -> None:
    path = paths(dataset)[0]
    first = dataset.change("review", [Move(path, path.replace("cat/", "dog/"), "dog")])
    second = dataset.change("check", [Remove(path.replace("cat/", "dog/"), "blank")])

    back = dataset.undo(first.id)

    assert back.stale == (path.replace("cat/", "dog/"),)
    assert dataset.undo(second.id).stale == ()


def test_a_file_that_is_no_picture_can_be_removed_and_comes_back(dataset: Dataset) -> None:
    (dataset.root / "cat" / "page.jpg").write_bytes(b"<html>")
    dataset.adopt("cat", [("cat/page.jpg", Refusal(Reason.NOT_IMAGE, "HTML"))])

    dataset.change("check", [Remove("cat/page.jpg", "not_image")])

    assert "cat/page.jpg" not in tree(dataset.root)
    assert list(dataset.strangers()) == []
    dataset.undo()
    assert tree(dataset.root)["cat/page.jpg"] == b"<html>"
    assert dataset.unexamined("cat") == ["cat/page.jpg"]


@settings(max_examples=20, deadline=None)
@given(steps=st.lists(st.sampled_from(["remove", "move", "undo"]), max_size=8))
def test_undoing_everything_restores_the_tree(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    with Dataset.open(tmp_path_factory.mktemp("laws"), create=True) as dataset:
        for label in ("cat", "dog"):
            dataset.folder(label)
        bodies = [b"a", b"b", b"c"]
        dataset.commit([Keep(arrival(dataset, body, ref(f"http://h/{body.decode()}"))) for body in bodies])
        before = tree(dataset.root)
        for step in steps:
            here = paths(dataset)
            if step == "remove" and here:
                dataset.change("check", [Remove(here[0], "blank")])
            elif step == "move" and here:
                dataset.change("review", [Move(here[0], here[0].replace("cat/", "dog/"), "dog")])
            elif step == "undo" and any(not c.undone_by and not c.undoes for c in dataset.history()):
                dataset.undo()
        while any(not c.undone_by and not c.undoes for c in dataset.history()):
            dataset.undo()

        assert tree(dataset.root) == before
