"""A dataset is a folder; what is decided is written once, durable first, and survives kills and people's hands."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from imgtool.dataset import Arrival, Dataset, Drop, Keep, KeptBefore, Retract, SkippedBefore, Wait, store
from imgtool.errors import DatasetBusy, StorageError, UsageError
from imgtool.records import Reason, Refusal, Skipped
from tests.made import arrival, picture, ref, tree


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    opened = Dataset.open(tmp_path / "data", create=True)
    opened.folder("cat")
    return opened


def test_a_kept_picture_has_a_name_made_of_its_bytes_and_a_row(dataset: Dataset) -> None:
    at = arrival(dataset, b"one")

    paths = dataset.commit([Keep(at)])

    assert paths == [f"cat/{at.picture.sha256[:16]}.jpg"]
    assert tree(dataset.root) == {paths[0]: b"one"}
    assert list(dataset.pictures("cat")) == [(paths[0], at.picture)]
    assert dataset.past("cat", at.ref.url) == KeptBefore(at.ref, at.picture.sha256)


def test_hashes_with_the_top_bit_come_back_as_they_went_in(dataset: Dataset) -> None:
    at = arrival(dataset, b"one", phash=(1 << 64) - 1)

    dataset.commit([Keep(at)])

    assert next(dataset.pictures("cat"))[1].phash == (1 << 64) - 1
    assert next(dataset.hashes("cat"))[1] == (1 << 64) - 1


def test_what_waits_is_invisible_and_comes_back_as_it_was(dataset: Dataset) -> None:
    at = arrival(dataset, b"one")

    (path,) = dataset.commit([Wait(at)])

    assert tree(dataset.root) == {}
    back = dataset.past("cat", at.ref.url)
    assert isinstance(back, Arrival)
    assert (back.path, back.picture) == (path, at.picture)
    (kept,) = dataset.commit([Keep(back)])
    assert tree(dataset.root) == {kept: b"one"}
    assert dataset.count("cat", "waiting") == 0


def test_what_is_dropped_leaves_its_reason_and_no_file(dataset: Dataset) -> None:
    at = arrival(dataset, b"one")

    dataset.commit([Drop(Skipped(at.ref, Reason.TOO_SMALL, "9 x 9"), at.path, at.picture.sha256)])

    assert dataset.past("cat", at.ref.url) == SkippedBefore(at.ref, Reason.TOO_SMALL, at.picture.sha256)
    assert not (dataset.root / at.path).exists()
    assert dataset.reasons("cat") == {"too_small": 1}


def test_what_is_retracted_moves_out_of_sight_and_stays_on_disk(dataset: Dataset) -> None:
    at = arrival(dataset, b"one")
    dataset.commit([Keep(at)])

    (path,) = dataset.commit([Retract("cat", at.picture.sha256, Reason.PLACEHOLDER)])

    assert tree(dataset.root) == {}
    assert (dataset.root / path).read_bytes() == b"one"
    assert list(dataset.refused("cat")) == [(at.picture.sha256, Reason.PLACEHOLDER)]


def test_a_users_file_of_the_same_name_is_never_overwritten(dataset: Dataset) -> None:
    at = arrival(dataset, b"one")
    mine = dataset.root / "cat" / store.file_name(at.picture.sha256, "jpeg")
    mine.write_bytes(b"my own picture")

    (path,) = dataset.commit([Keep(at)])

    assert mine.read_bytes() == b"my own picture"
    assert (dataset.root / path).read_bytes() == b"one"


def test_a_deleted_picture_is_noticed_and_not_fetched_again(dataset: Dataset) -> None:
    at = arrival(dataset, b"one")
    (path,) = dataset.commit([Keep(at)])
    (dataset.root / path).unlink()

    with dataset.writing() as noticed:
        assert noticed.missing == 1

    assert dataset.count("cat") == 0
    past = dataset.past("cat", at.ref.url)
    assert isinstance(past, SkippedBefore)
    assert past.reason is Reason.REMOVED


def test_a_picture_moved_by_hand_to_another_class_is_followed(dataset: Dataset) -> None:
    at = arrival(dataset, b"one")
    (path,) = dataset.commit([Keep(at)])
    dataset.folder("dog")
    os.rename(dataset.root / path, dataset.root / "dog" / "rex.jpg")

    with dataset.writing() as noticed:
        assert noticed.moved == 1

    assert (dataset.count("cat"), dataset.count("dog")) == (0, 1)


def test_a_picture_put_back_counts_again(dataset: Dataset) -> None:
    (path,) = dataset.commit([Keep(arrival(dataset, b"one"))])
    away = dataset.root / "away"
    os.rename(dataset.root / path, away)
    with dataset.writing():
        assert dataset.count("cat") == 0
    os.rename(away, dataset.root / path)

    with dataset.writing() as noticed:
        assert noticed.back == 1

    assert dataset.count("cat") == 1


def test_files_of_a_person_are_listed_once_and_litter_never(dataset: Dataset) -> None:
    folder = dataset.root / "cat"
    for name in ("a.jpg", "b.txt", ".DS_Store", "Thumbs.db"):
        (folder / name).write_bytes(b"?")
    (folder / "link.jpg").symlink_to("/etc/passwd")

    assert dataset.unexamined("cat") == ["cat/a.jpg", "cat/b.txt"]

    dataset.adopt("cat", [("cat/a.jpg", picture(b"?")), ("cat/b.txt", Refusal(Reason.NOT_IMAGE))])
    assert dataset.unexamined("cat") == []
    assert dataset.count("cat") == 1
    (folder / "b.txt").write_bytes(b"now it is longer")
    with dataset.writing():
        assert dataset.unexamined("cat") == ["cat/b.txt"]


def test_a_kill_between_file_and_row_is_mended(dataset: Dataset) -> None:
    lost = arrival(dataset, b"waits")
    dataset.commit([Wait(lost)])
    waiting = dataset.root / store.WAITING / "cat" / store.waiting_name(lost.picture.sha256, "jpeg", lost.ref.url)
    waiting.unlink()  # a row without its file
    orphan = waiting.with_name("orphan.jpg")
    orphan.write_bytes(b"a file without its row")
    half = dataset.scratch()
    half.write_bytes(b"half a pict")

    with dataset.writing():
        pass

    assert dataset.past("cat", lost.ref.url) is None  # it is fetched again
    assert not orphan.exists()
    assert not half.exists()


def test_a_second_writer_is_told_who_holds_the_dataset(dataset: Dataset) -> None:
    with dataset.writing(), pytest.raises(DatasetBusy, match=f"process {os.getpid()}"), dataset.writing():
        pass


def test_the_lock_of_a_dead_process_holds_nobody(dataset: Dataset) -> None:
    script = (
        "import os, sys; from imgtool.dataset import Dataset\n"
        "d = Dataset.open(sys.argv[1]); d.writing().__enter__(); os.kill(os.getpid(), 9)"
    )
    died = subprocess.run([sys.executable, "-c", script, str(dataset.root)], check=False)

    assert died.returncode == -9
    with dataset.writing():
        pass


def test_another_process_may_read_while_one_writes(dataset: Dataset) -> None:
    with dataset.writing():
        dataset.commit([Keep(arrival(dataset, b"one"))])
        with Dataset.open(dataset.root) as other:
            assert other.count("cat") == 1


def test_a_full_disk_stops_with_code_7_and_nothing_is_lost(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    at = arrival(dataset, b"one")

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left") as caught:
        dataset.commit([Keep(at)])

    assert caught.value.exit_code == 7
    assert tree(dataset.root) == {}
    monkeypatch.undo()
    dataset.commit([Keep(at)])
    assert dataset.count("cat") == 1


def test_a_failing_catalogue_rolls_back_and_the_next_try_works(dataset: Dataset) -> None:
    at = arrival(dataset, b"one")
    other = sqlite3.connect(dataset.root / ".imgtool" / "catalog.sqlite")
    other.execute(
        "CREATE TRIGGER full BEFORE INSERT ON source BEGIN SELECT raise(ABORT, 'database or disk is full'); END"
    )
    other.commit()

    with pytest.raises(StorageError, match="full"):
        dataset.commit([Keep(at)])
    other.execute("DROP TRIGGER full")
    other.commit()
    other.close()

    assert dataset.count("cat") == 0
    dataset.close()
    with Dataset.open(dataset.root) as again, again.writing():
        assert again.unexamined("cat")  # the file is there; it is looked at as found, and finds its source again


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (b"this is no database, although it is long enough to be one" * 20, "not a database"),
        (None, "newer imgtool"),
    ],
    ids=["garbage", "from the future"],
)
def test_a_catalogue_that_cannot_be_used_is_left_as_it_is(tmp_path: Path, damage: bytes | None, words: str) -> None:
    Dataset.open(tmp_path, create=True).close()
    path = tmp_path / ".imgtool" / "catalog.sqlite"
    if damage is None:
        db = sqlite3.connect(path)
        db.execute("PRAGMA user_version = 99")
        db.close()
    else:
        path.write_bytes(damage)
    before = path.read_bytes()

    with pytest.raises(StorageError, match=words) as caught:
        Dataset.open(tmp_path)

    assert caught.value.hint
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        Dataset.open(tmp_path / "nothing")


def test_a_file_in_the_datasets_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StorageError, match="is a file"):
        Dataset.open(tmp_path / "data", create=True)


def test_a_dataset_can_be_moved(tmp_path: Path) -> None:
    with Dataset.open(tmp_path / "here", create=True) as here:
        here.folder("cat")
        here.commit([Keep(arrival(here, b"one"))])
    (tmp_path / "here").rename(tmp_path / "there")

    with Dataset.open(tmp_path / "there") as there, there.writing() as noticed:
        assert noticed.missing == 0
        assert there.count("cat") == 1


def test_result_pages_are_remembered_until_they_are_old(dataset: Dataset) -> None:
    dataset.save_page("bing x", b"{}")

    assert dataset.page("bing x", since="2000") == b"{}"
    assert dataset.page("bing x", since="9999") is None


def test_the_same_url_may_serve_two_classes(dataset: Dataset) -> None:
    dataset.folder("dog")
    dataset.commit([Keep(arrival(dataset, b"one", ref("http://h/1", "cat")))])
    dataset.commit([Keep(arrival(dataset, b"one", ref("http://h/1", "dog")))])

    assert len(tree(dataset.root)) == 2


def test_a_run_is_written_down_with_its_settings(dataset: Dataset) -> None:
    dataset.begin("scrape", {"n": 3})
    dataset.end({"kept": 3})

    db = sqlite3.connect(dataset.root / ".imgtool" / "catalog.sqlite")
    verb, config, summary = db.execute("SELECT verb, config, summary FROM run").fetchone()
    db.close()
    assert (verb, config, summary) == ("scrape", '{"n": 3}', '{"kept": 3}')
