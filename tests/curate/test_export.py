"""An export is whole or not there, the same every time, and tells no stranger's formula nor anybody's position."""

import csv
import errno
import io
import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from curate.cells import safe
from curate.export import FORMATS, place
from curate.export.lockfile import sha256
from curate.export.options import ExportOptions
from curate.export.plan import planned
from curate.pixels.private import untold
from imgtool.errors import DatasetBusy, StorageError, UsageError
from imgtool.records import Reason
from tests.exporting import Album, album, tree
from tests.painted import chunk, encoded, oriented, scene


@pytest.fixture
def made(tmp_path: Path) -> Album:
    return album(tmp_path / "data")


# the same every time


@pytest.mark.parametrize("to", FORMATS)
def test_any_number_of_workers_gives_the_same_bytes(to: str, made: Album, tmp_path: Path) -> None:
    wish: dict[str, Any] = {"size": 24, "per_class": 11, "augment": "strong", "shard": 7}
    one = made.export(tmp_path / "one", to, workers=1, **wish)
    two = made.export(tmp_path / "two", to, workers=3, **wish)
    assert tree(one.path) == tree(two.path)
    assert one.digest == two.digest
    assert one.counts["train"] == {"bear": 11, "cat": 11}


def test_another_seed_gives_other_variants_of_the_same_pictures(made: Album, tmp_path: Path) -> None:
    one = made.export(tmp_path / "one", "tree", per_class=6, size=24)
    two = made.export(tmp_path / "two", "tree", per_class=6, size=24, seed=1)
    plain = {name for name in tree(one.path) if "-a" not in name and "/" in name}
    assert plain == {name for name in tree(two.path) if "-a" not in name and "/" in name}
    assert all(tree(one.path)[name] == tree(two.path)[name] for name in plain)
    assert one.digest != two.digest


def test_order_of_entries_changes_nothing(made: Album, tmp_path: Path) -> None:
    one = made.export(tmp_path / "one", "npz", size=24)
    made.entries.reverse()
    assert tree(made.export(tmp_path / "two", "npz", size=24).path) == tree(one.path)


def test_the_lock_names_every_file_and_its_sha256(made: Album, tmp_path: Path) -> None:
    exported = made.export(tmp_path / "out", "tree")
    lock = json.loads((exported.path / place.MARK).read_text())
    files = {path.relative_to(exported.path).as_posix() for path in exported.path.rglob("*") if path.is_file()}
    assert set(lock["files"]) == files - {place.MARK}
    assert all(sha256(exported.path / name) == digest for name, digest in lock["files"].items())
    assert {told["sha256"] for told in lock["pictures"]} == {entry.picture.sha256 for entry in made.entries}
    assert exported.digest == sha256(exported.path / place.MARK)


def test_only_training_pictures_are_varied_and_large_classes_are_cut(made: Album) -> None:
    plan = planned(made.entries, made.splits, ExportOptions("npz", size=8, per_class=3))
    assert plan.counts() == {
        "train": {"bear": 3, "cat": 3},
        "val": {"bear": 1, "cat": 1},
        "test": {"bear": 1, "cat": 1},
    }
    assert plan.left_out == 2
    more = planned(made.entries, made.splits, ExportOptions("npz", size=8, per_class=9))
    assert {unit.split for unit, item in more.rows() if item.copy} == {"train"}
    assert len({item.key for _, item in more.rows()}) == sum(1 for _ in more.rows())


def test_equal_bytes_in_two_classes_are_two_pictures(made: Album, tmp_path: Path) -> None:
    data = (made.root / made.entries[0].path).read_bytes()
    made.add("cat/again.jpg", data)
    exported = made.export(tmp_path / "out", "tree")
    assert sum(sum(row.values()) for row in exported.counts.values()) == 13
    assert len(list(exported.path.rglob("*.*g"))) == 13


# whole or not there


def test_a_failure_leaves_nothing(made: Album, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(place, "flush", full)
    with pytest.raises(StorageError, match="No space"):
        made.export(tmp_path / "out", "tree")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_disk_that_fails_under_a_worker_ends_the_export_and_blames_no_picture(made: Album, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(StorageError, match="large"):
            made.export(tmp_path / "out", "npz", size=128, memory=0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


PROGRAM = """
import sys, time
from pathlib import Path
from curate.export import tree
from tests.exporting import album

root, out = Path(sys.argv[1]), Path(sys.argv[2])
write = Path.write_bytes
def slow(self, data):
    if "train" in self.parts:
        print("writing", flush=True)
        time.sleep(60)
    return write(self, data)
made = album(root)
Path.write_bytes = slow
made.export(out, "tree")
"""


def test_a_kill_leaves_nothing_that_looks_like_an_export_and_the_next_run_sweeps(made: Album, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "data"), str(out)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(DatasetBusy):
            made.export(out, "tree")
        process.send_signal(signal.SIGKILL)
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == [".out.part"]
    made.export(out, "tree")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


def test_an_export_is_replaced_only_when_asked_and_nothing_else_ever(made: Album, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made.export(out, "tree")
    before = tree(out)
    with pytest.raises(UsageError, match="already"):
        made.export(out, "npz", size=8)
    assert tree(out) == before
    made.export(out, "npz", size=8, replace=True)
    assert (out / "data.npz").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="no export of ours"):
        made.export(tmp_path / "mine", "npz", size=8, replace=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "mine", "out"]


def test_an_export_that_was_moved_aside_when_its_builder_died_comes_back(made: Album, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made.export(out, "tree")
    out.rename(place.beside(out, "old"))
    with pytest.raises(UsageError, match="already"):
        made.export(out, "tree")
    assert (out / place.MARK).exists()


def test_a_picture_that_changed_is_left_out_and_told_of(made: Album, tmp_path: Path) -> None:
    changed = made.entries[0].path
    (made.root / changed).write_bytes(encoded(scene(seed=999), "JPEG"))
    (made.root / made.entries[1].path).unlink()
    exported = made.export(tmp_path / "out", "npz", size=16, per_class=6)
    assert set(exported.lost) == {changed, made.entries[1].path}
    assert exported.lost[changed].reason is Reason.BROKEN
    assert exported.counts["train"] == {"bear": 6, "cat": 6}


def test_nothing_to_export_is_said(made: Album, tmp_path: Path) -> None:
    made.splits.clear()
    with pytest.raises(UsageError, match="no picture"):
        made.export(tmp_path / "out", "tree")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("to", "options"),
    [("gzip", {}), ("npz", {}), ("tree", {"fit": "squash"}), ("tree", {"augment": "wild"}), ("tree", {"size": -1})],
)
def test_a_wish_that_makes_no_sense_is_refused_before_anything_is_read(
    to: str, options: dict[str, Any], made: Album, tmp_path: Path
) -> None:
    with pytest.raises(UsageError):
        made.export(tmp_path / "out", to, **options)


# what a picture becomes


def located() -> bytes:
    """An EXIF block with a position."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return exif.tobytes()


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>52,31N</exif:GPSLatitude></x:xmpmeta>"


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + (len(body) + 2).to_bytes(2, "big") + body


def with_segment(data: bytes, mark: int, body: bytes) -> bytes:
    return data[:2] + segment(mark, body) + data[2:]


def with_chunk(data: bytes, name: bytes, body: bytes) -> bytes:
    return data[:33] + chunk(name, body) + data[33:]


JPEG, PNG = encoded(scene(), "JPEG"), encoded(scene(), "PNG")
TELLING = {
    "EXIF in a JPEG": encoded(scene(), "JPEG", exif=located()),
    "XMP in a JPEG": with_segment(JPEG, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
    "EXIF in a further picture": JPEG + encoded(scene(), "JPEG", exif=located()),
    "broken EXIF": with_segment(JPEG, 0xE1, b"Exif\0\0garbage"),
    "EXIF in a PNG": encoded(scene(), "PNG", exif=located()),
    "XMP in a PNG": with_chunk(PNG, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
    "compressed words in a PNG": with_chunk(PNG, b"zTXt", b"a\0\0whatever"),
    "a comment": with_segment(JPEG, 0xFE, b"GPS 52.5 N"),
    "EXIF in a progressive JPEG": encoded(scene(), "JPEG", exif=located(), progressive=True),
}


@pytest.mark.parametrize("data", TELLING.values(), ids=TELLING)
def test_positions_are_taken_out_and_every_pixel_stays(data: bytes) -> None:
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    clean = untold(data, kind)
    assert clean is not None
    assert b"GPS" not in clean
    picture, before = Image.open(io.BytesIO(clean)), Image.open(io.BytesIO(data))
    assert not picture.getexif()
    assert np.array_equal(np.asarray(picture), np.asarray(before))


@pytest.mark.parametrize(
    "data",
    [
        encoded(scene(), "JPEG", exif=oriented(1)),
        encoded(scene(), "JPEG", icc_profile=b"x" * 200, comment=b"by Ann"),
        encoded(scene(), "JPEG", progressive=True),
        with_chunk(PNG, b"tEXt", b"Author\0Ann"),
    ],
)
def test_bytes_without_a_position_stay_as_they_are(data: bytes) -> None:
    assert untold(data, "png" if data.startswith(b"\x89PNG") else "jpeg") == data


@given(st.binary(max_size=200), st.integers(0, 60), st.sampled_from([("jpeg", JPEG), ("png", PNG)]))
def test_no_bytes_make_it_fail(noise: bytes, at: int, sound: tuple[str, bytes]) -> None:
    kind, data = sound
    clean = untold(data[:at] + noise + data[at:], kind)
    assert clean is None or isinstance(clean, bytes)


@pytest.mark.parametrize("to", ["tree", "hf", "webdataset", "parquet", "tfrecord"])
def test_no_export_has_a_position(to: str, tmp_path: Path) -> None:
    made = Album(tmp_path / "data")
    for name, data in TELLING.items():
        made.add(f"cat/{name}", data)
    exported = made.export(tmp_path / "out", to)
    assert not exported.lost
    pictures = {name: data for name, data in tree(exported.path).items() if name.startswith(("train", "data"))}
    assert not any(b"GPS" in data for data in pictures.values())


def test_pictures_are_upright_opaque_and_of_eight_bits(tmp_path: Path) -> None:
    made = Album(tmp_path / "data")
    wide = scene(60, 30)
    made.add("cat/turned.jpg", encoded(wide, "JPEG", exif=oriented(6), quality=95))
    made.add("cat/clear.png", encoded(np.dstack([wide, np.zeros((30, 60), np.uint8)]), "PNG"))
    made.add("cat/deep.png", encoded(wide[:, :, 0].astype(np.uint16) * 257, "PNG"))
    made.add("cat/cmyk.jpg", encoded(Image.fromarray(wide).convert("CMYK"), "JPEG"))
    made.add("cat/old.gif", encoded(wide, "GIF"))
    made.add("cat/new.avif", encoded(wide, "AVIF"))
    made.add("cat/scan.tif", encoded(wide, "TIFF"))
    exported = made.export(tmp_path / "out", "tree")
    by_sha = {entry.picture.sha256[:16]: entry.path for entry in made.entries}
    found = {by_sha[path.stem]: Image.open(io.BytesIO(path.read_bytes())) for path in exported.path.rglob("*.*g")}
    assert len(found) == 7
    assert found["cat/turned.jpg"].size == (30, 60)
    assert not found["cat/turned.jpg"].getexif()
    assert np.asarray(found["cat/clear.png"]).min() == 255
    assert {picture.mode for picture in found.values()} == {"RGB"}
    assert {path: picture.format for path, picture in found.items() if picture.format == "PNG"}.keys() == {
        "cat/clear.png",
        "cat/deep.png",
        "cat/old.gif",
        "cat/scan.tif",
    }


def test_a_wide_picture_is_padded_cropped_or_stretched(tmp_path: Path) -> None:
    made = Album(tmp_path / "data")
    half = np.zeros((40, 80, 3), np.uint8)
    half[:, 20:60] = (255, 0, 0)  # red in the middle, black at the sides
    made.add("cat/a.png", encoded(half, "PNG"))
    shown = {}
    for fit in ("pad", "crop", "stretch"):
        exported = made.export(tmp_path / fit, "npz", size=40, fit=fit)
        shown[fit] = np.load(exported.path / "data.npz")["x"][0][:, :, 0] > 128
    assert shown["crop"].all()
    assert shown["pad"][10:30, 10:30].all()
    assert shown["pad"].sum() == 400
    assert shown["stretch"][:, 10:30].all()
    assert shown["stretch"].sum() == 800


# what lies beside the pictures


def test_no_cell_is_a_formula(made: Album, tmp_path: Path) -> None:
    nasty = ['=cmd|"/C calc"!A0', "+1", "-1", "@SUM(A1)", "\t=1", "a\r\n=1", "nul\0", 'quote " and, comma', " =1"]
    for place_, title in enumerate(nasty):
        made.add(f"bear/n{place_}.png", encoded(scene(seed=500 + place_), "PNG"), title=title)
    exported = made.export(tmp_path / "out", "tree")
    with (exported.path / "ATTRIBUTION.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    titles = {row["title"] for row in rows}
    assert not any(title.lstrip().startswith(("=", "+", "-", "@")) for title in titles)
    assert {"'+1", 'quote " and, comma', "nul "} <= titles
    assert len(rows) == len(made.entries)


@given(st.text())
def test_a_safe_cell_starts_no_formula_and_ends_no_line(text: str) -> None:
    cell = safe(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert cell.isprintable() or not cell


def test_what_lies_beside_the_pictures_is_in_every_format(made: Album, tmp_path: Path) -> None:
    for to in FORMATS:
        files = tree(made.export(tmp_path / to, to, size=16).path)
        assert {"README.md", "ATTRIBUTION.csv", place.MARK} <= files.keys()
