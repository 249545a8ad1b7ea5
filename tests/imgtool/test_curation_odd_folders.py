"""Folders as they should not be, and what happens to them meanwhile (rows 35 to 38 and 57 of the bad-input table)."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import imgtool
from imgtool.errors import StorageError, UsageError
from imgtool.pipeline.twins import twins
from tests.disks import Disk, mounted
from tests.drawn import classes, exact, faulty, jpeg, put
from tests.painted import encoded
from tests.street import imgtool as command

VERBS: list[Callable[[Path], object]] = [imgtool.check, imgtool.dedupe, imgtool.split, imgtool.info]


@pytest.mark.parametrize("verb", VERBS)
def test_folders_one_level_deeper_are_told_and_get_no_mark(tmp_path: Path, verb: Callable[[Path], object]) -> None:
    for part in ("train", "validation"):
        classes(tmp_path / part, 1)

    with pytest.raises(UsageError, match="train/cat, train/dog, validation/cat and 1 more") as caught:
        verb(tmp_path)

    assert str(tmp_path / "train") in caught.value.hint
    assert not list(tmp_path.rglob(".imgtool"))


@pytest.mark.parametrize(
    ("path", "said"),
    [("0.jpg", "lie in it directly"), ("notes.txt", "no class folder"), (".hidden/0.jpg", "no class folder")],
)
def test_a_folder_that_is_no_dataset_is_told_and_gets_no_mark(tmp_path: Path, path: str, said: str) -> None:
    put(tmp_path, path, jpeg(0))
    with pytest.raises(UsageError, match=said):
        imgtool.check(tmp_path)
    assert not (tmp_path / ".imgtool").exists()


def test_a_loop_of_links_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UsageError, match="no folder"):
        imgtool.check(tmp_path / "loop")


def test_links_are_not_followed_and_told(tmp_path: Path) -> None:
    data, away = classes(tmp_path / "data", 2), classes(tmp_path / "away", 3)
    (data / "root").symlink_to("/")
    (data / "wolf").symlink_to(away / "cat")
    (data / "cat" / "linked.jpg").symlink_to(away / "cat" / "0.jpg")
    (data / "cat" / "inner").mkdir()

    seen = imgtool.check(data, remove=["broken", "blank", "tiny"])
    found = imgtool.dedupe(data)

    assert seen.counts == {"cat": 2, "dog": 2}
    assert [path for path, _ in seen.overlooked] == ["root", "wolf", "cat/inner"]
    assert found.pictures == 4
    assert len(list(away.rglob("*.jpg"))) == 6


def test_a_dataset_behind_a_link_is_a_dataset(tmp_path: Path) -> None:
    faulty(tmp_path / "data")
    (tmp_path / "link").symlink_to("data")
    before = exact(tmp_path / "data")

    assert imgtool.dedupe(tmp_path / "link").extra == 2

    imgtool.undo(tmp_path / "data")
    assert exact(tmp_path / "data") == before


@pytest.mark.parametrize("act", ["change", "vanish", "link", "link the folder"])
def test_what_changes_between_the_look_and_the_act_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    data = faulty(tmp_path / "data")
    victim = data / "cat" / "copy of 0.jpg"

    def meddling(*args: object, **options: object) -> object:
        if act in {"change", "vanish"}:
            victim.write_bytes(b"somebody's own work") if act == "change" else victim.unlink()
        elif act == "link":
            victim.rename(tmp_path / "moved.jpg")
            victim.symlink_to(tmp_path / "moved.jpg")
        else:
            (data / "cat").rename(tmp_path / "cats")
            (data / "cat").symlink_to(tmp_path / "cats")
        return twins(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("imgtool.pipeline.dedupe.twins", meddling)
    found = imgtool.dedupe(data)

    assert found.change is not None
    assert "cat/copy of 0.jpg" in found.change.stale
    assert len(found.change.moves) == (0 if act == "link the folder" else 1)
    assert victim.exists() == (act != "vanish")


def test_a_file_that_vanishes_while_it_is_looked_at_is_no_reason_to_stop(tmp_path: Path) -> None:
    data = classes(tmp_path, 8)

    seen = imgtool.check(data, watch=lambda _: (data / "dog" / "7.jpg").unlink(missing_ok=True))

    assert sum(seen.counts.values()) == 15


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk", "8m") as made:
        yield made


@pytest.mark.parametrize("verb", ["check", "dedupe", "split", "export"])
def test_a_full_disk_is_said_with_7_and_later_all_goes_on(disk: Disk, tmp_path: Path, verb: str) -> None:
    data = faulty(disk.root / "data")
    before, out = exact(data), disk.root / "out"
    line = {
        "check": ("check", str(data), "--remove", "broken"),
        "dedupe": ("dedupe", str(data)),
        "split": ("split", str(data)),
        "export": ("export", str(data), "--to", "npz", "--size", "224", "--out", str(out)),
    }[verb]
    if verb == "export":
        assert command("split", str(data)).code == 0
    used = sum(file.stat().st_blocks * 512 for file in disk.root.rglob("*") if file.is_file())
    disk.mount(f"size={used // 1024 + 24}k")

    ran = command(*line, "--json")

    assert (ran.code, ran.answer["error"]["exit_code"]) == (7, 7), ran.told
    assert "Traceback" not in ran.told
    assert exact(data) == before
    assert not out.exists()
    disk.mount("size=20m")
    assert command(*line).code == 0


def test_a_disk_that_fills_up_at_the_commit_leaves_every_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = faulty(tmp_path)
    imgtool.check(data)
    before = exact(data)

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("imgtool.dataset.store.make_folder_durable", full)
    with pytest.raises(StorageError, match="No space left"):
        imgtool.dedupe(data)
    monkeypatch.undo()

    assert imgtool.undo(data).turned_back == 1
    assert exact(data) == before


def test_an_empty_class_is_told_and_stops_nobody(tmp_path: Path) -> None:
    data = classes(tmp_path)
    (data / "wolf").mkdir()

    assert imgtool.check(data).counts["wolf"] == 0
    assert imgtool.dedupe(data).extra == 0
    assert any("wolf" in note for note in imgtool.split(data).splits.notes)
    assert any("wolf is empty" in line for line in imgtool.info(data).balance.advice)


def test_one_picture_a_class_cannot_be_split_and_that_is_said(tmp_path: Path) -> None:
    data = classes(tmp_path, 1)
    assert imgtool.dedupe(data).extra == 0
    with pytest.raises(UsageError, match="3 splits need at least 3"):
        imgtool.split(data)


def test_a_class_of_broken_files_alone_has_no_picture(tmp_path: Path) -> None:
    data = classes(tmp_path)
    for number in range(3):
        put(data, f"wolf/{number}.jpg", jpeg(number)[:1000])

    assert imgtool.check(data).counts["wolf"] == 0
    assert any("wolf: no picture at all" in note for note in imgtool.split(data).splits.notes)


@pytest.mark.parametrize("pictures", ["one", "blank"])
def test_a_set_that_shows_one_thing_cannot_be_split_and_that_is_said(tmp_path: Path, pictures: str) -> None:
    blank = encoded(np.full((100, 100, 3), 255, np.uint8))
    for label in ("cat", "dog"):
        for number in range(6):
            put(tmp_path, f"{label}/{number}.png", jpeg(0, (200 + number, 150)) if pictures == "one" else blank)

    found = imgtool.dedupe(tmp_path, dry_run=True)

    assert (len(found.groups), found.extra) == (2, 10)
    with pytest.raises(UsageError, match="1 different things; 3 splits need"):
        imgtool.split(tmp_path)


@pytest.mark.parametrize("verb", [imgtool.check, imgtool.dedupe, imgtool.info])
def test_nothing_at_all_is_no_reason_to_fall(tmp_path: Path, verb: Callable[[Path], object]) -> None:
    imgtool.Dataset.open(tmp_path).close()
    (tmp_path / "cat").mkdir()
    verb(tmp_path)


def test_the_same_picture_a_thousand_times_is_one_group(tmp_path: Path) -> None:
    same = encoded(np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8), "JPEG")
    for number in range(1000):
        put(tmp_path, f"cat/{number}.jpg", same)

    found = imgtool.dedupe(tmp_path)

    assert (len(found.groups), found.extra) == (1, 999)
    assert len(exact(tmp_path)) == 1
    assert len(found._repr_html_()) < 200_000
