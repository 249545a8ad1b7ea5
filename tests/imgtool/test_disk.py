"""Disks that are full, read-only or failing, too few open files: a clean stop with a hint, and a way on."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disks import Disk, mounted
from tests.made import tree
from tests.street import Ran, Said, Street, drawn, imgtool

FULL = "No space left on device"
FEW_FILES = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({0}, {0}))"
SMALL_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"
# The disk is full only when what was written shall be flushed, as network disks say it: the next so many flushes work.
FSYNC_FAILS = """import errno, os
real, left = os.fsync, [{0}]
def fsync(fd):
    left[0] -= 1
    if left[0] < 0: raise OSError(errno.{1}, os.strerror(errno.{1}))
    return real(fd)
os.fsync = fsync"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk", "1m") as made:
        yield made


def scrape(listed: str, out: Path, *more: str, before: str = "pass", **environ: str) -> Ran:
    line = ("scrape", "--from", listed, "--label", "cat", "--out", str(out), "--json", *more)
    return imgtool(*line, before=before, **{"XDG_CACHE_HOME": "/nonexistent"} | environ)


def rows(out: Path, state: str) -> set[str]:
    db = sqlite3.connect(out / ".imgtool" / "catalog.sqlite")
    found = {row[0] for row in db.execute("SELECT url FROM source WHERE state = ?", (state,))}
    db.close()
    return found


def whole(out: Path) -> None:
    """Nothing half-written, no row without its file, no file without its row."""
    assert set(tree(out).values()) <= {drawn(number, 30_000) for number in range(120)}
    assert not list((out / ".imgtool" / "tmp").iterdir())
    db = sqlite3.connect(out / ".imgtool" / "catalog.sqlite")
    paths = {row[0] for row in db.execute("SELECT path FROM picture WHERE state IN ('kept', 'waiting')")}
    db.close()
    assert all((out / path).exists() for path in paths)
    assert tree(out).keys() <= paths


@pytest.mark.parametrize("size", [700, 2500])
def test_a_full_disk_ends_it_with_7_and_once_there_is_room_it_goes_on(disk: Disk, tmp_path: Path, size: int) -> None:
    disk.mount(f"size={size}k")
    out = disk.root / "set"
    with Street(size=30_000) as street:
        listed = street.listed(tmp_path, 120)

        ran = scrape(listed, out)

        error = ran.answer["error"]
        assert (ran.code, error["exit_code"], error["kind"]) == (7, 7, "StorageError")
        assert str(out) in error["message"]
        assert "Free some space" in error["hint"]
        assert "Traceback" not in ran.told
        assert "never retrieved" not in ran.told
        whole(out)
        disk.mount("size=20m")
        settled, log = rows(out, "kept") | rows(out, "skipped") | rows(out, "waiting"), Counter(street.log)

        again = scrape(listed, out)

        assert (again.code, again.answer["classes"][0]["kept"]) == (0, 120)
        assert len(tree(out)) == 120
        whole(out)
        asked = {path for path in street.log if street.log[path] > log[path]}
        assert not {street.url(path) for path in asked} & settled


def test_a_disk_that_is_full_for_the_catalogue_alone_ends_it_with_7_too(disk: Disk, tmp_path: Path) -> None:
    out = disk.root / "set"
    listed = tmp_path / "gone.txt"
    listed.write_text("\n".join(f"http://127.0.0.1:22/{number:06}/{'x' * 200}.jpg" for number in range(3000)))

    ran = scrape(str(listed), out)
    before = rows(out, "skipped")
    disk.mount("size=20m")
    again = scrape(str(listed), out)

    assert ran.code == 7
    assert "catalog.sqlite" in ran.answer["error"]["message"]
    assert "Free some space" in ran.answer["error"]["hint"]
    assert 0 < len(before) < 3000
    assert again.code == 6  # every one of them is refused by our own rules
    assert len(rows(out, "skipped")) == 3000


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "number"), [("ENOSPC", 0), ("EIO", 5), ("ENOSPC", 40)])
def test_a_flush_that_fails_ends_it_with_7_and_nothing_is_lost(tmp_path: Path, kind: str, number: int) -> None:
    out = tmp_path / "set"
    with Street(size=30_000) as street:
        listed = street.listed(tmp_path, 60)
        ran = scrape(listed, out, before=f"exec({FSYNC_FAILS.format(number, kind)!r})")

        assert ran.code == 7
        assert ran.answer["error"]["hint"]
        assert "Traceback" not in ran.told
        assert not list((out / ".imgtool" / "tmp").iterdir())

        again = scrape(listed, out)

    assert (again.code, len(tree(out))) == (0, 60)
    whole(out)


def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    with Street(size=30_000) as street:
        ran = scrape(street.listed(tmp_path, 5), tmp_path / "set", before=SMALL_FILES.format(20_000))

    assert ran.code == 7
    assert ran.answer["error"]["hint"]
    assert tree(tmp_path / "set") == {}


@pytest.mark.parametrize("known", [False, True])
def test_a_disk_that_is_read_only_is_told_so(disk: Disk, tmp_path: Path, known: bool) -> None:
    with Street() as street:
        listed = street.listed(tmp_path, 3)
        out = disk.root / "set"
        if known:
            assert scrape(listed, out).code == 0
        disk.mount("ro")
        ran = scrape(listed, out)

    assert ran.code == 7
    assert str(out) in ran.answer["error"]["message"]
    assert "writable" in ran.answer["error"]["hint"]
    assert "Traceback" not in ran.told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_ones_own_is_told_so(tmp_path: Path) -> None:
    out = tmp_path / "set"
    out.mkdir(mode=0o500)
    with Street() as street:
        ran = scrape(street.listed(tmp_path, 3), out)

    assert ran.code == 7
    assert "writable" in ran.answer["error"]["hint"]


def test_a_full_tmp_and_a_full_cache_disturb_nobody(disk: Disk, tmp_path: Path) -> None:
    (disk.root / "filler").write_bytes(bytes(1024 * 1024))
    elsewhere = {"TMPDIR": str(disk.root), "XDG_CACHE_HOME": str(disk.root)}
    with Street() as street:
        street.said["/images/search"] = Said(b"", 429)  # a refusal is noted in the cache
        listed = street.listed(tmp_path, 20)
        engines = ("--engine", "bing", "--no-browser", "--n", "20")
        ran = scrape(listed, tmp_path / "set", *engines, **elsewhere, IMGTOOL_BING_URL=street.url(""))

    assert (ran.code, len(tree(tmp_path / "set"))) == (0, 20), ran.told


def test_a_list_that_has_no_room_in_tmp_says_so(disk: Disk, tmp_path: Path) -> None:
    code = (
        "import sys; from imgtool.errors import StorageError\n"
        "from scraper.lists import read_list\n"
        "try: list(read_list('-', 'cat'))\n"
        "except StorageError as error: print(error, error.hint)"
    )
    body = b"PAR1" + os.urandom(2 * 1024 * 1024) + b"PAR1"
    environ = {**os.environ, "TMPDIR": str(disk.root), "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", code], input=body, env=environ, capture_output=True, check=True)

    assert str(disk.root) in ran.stdout.decode()
    assert "Free some space" in ran.stdout.decode()


@pytest.mark.parametrize("files", [64, 40])
def test_with_few_open_files_there_are_fewer_at_once_and_none_is_lost(tmp_path: Path, files: int) -> None:
    with Street() as street:
        ran = scrape(street.listed(tmp_path, 120), tmp_path / "set", before=FEW_FILES.format(files))

    assert (ran.code, len(tree(tmp_path / "set"))) == (0, 120), ran.told
    assert "Traceback" not in ran.told


def test_with_far_too_few_open_files_it_says_what_to_raise(tmp_path: Path) -> None:
    with Street() as street:
        ran = scrape(street.listed(tmp_path, 10), tmp_path / "set", before=FEW_FILES.format(12))

    assert ran.code in {1, 7}
    assert "ulimit -n" in ran.told
    assert "Traceback" not in ran.told
