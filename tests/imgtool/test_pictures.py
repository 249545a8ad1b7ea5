"""Whatever a person points at becomes a stream of picture files; what is not there is in it, with the reason."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgtool.errors import UsageError
from imgtool.pipeline.arrays import coloured, is_array, pictures
from imgtool.pipeline.pictures import LONGEST, Pick, alone, picks
from tests.loopback import ROOT
from tests.painted import scene

READ = "from imgtool.pipeline.pictures import picks\nfor pick in picks('-'): print(ascii(pick.name), flush=True)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b/2.png", "b/10.JPG", "a.webp", ".hidden/x.jpg", ".imgtool/y.jpg", "notes.txt", "phone.heic"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "empty").mkdir()
    return tmp_path


def names(what: object, root: Path) -> list[str]:
    return [os.path.relpath(pick.name, root) for pick in picks(what)]  # type: ignore[arg-type]


def test_a_folder_is_all_pictures_below_it_by_name(folder: Path) -> None:
    assert names(folder, folder) == ["a.webp", "phone.heic", "b/10.JPG", "b/2.png"]
    assert {pick.home for pick in picks(folder)} == {str(folder)}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("b/*", ["b/10.JPG", "b/2.png"]),
        ("**/*.png", ["b/2.png"]),
        ("[ab].webp", ["a.webp"]),
        ("*", ["a.webp", "notes.txt", "phone.heic"]),
    ],
)
def test_a_pattern_is_the_files_that_it_names(folder: Path, pattern: str, found: list[str]) -> None:
    assert names(str(folder / pattern), folder) == found


def test_what_is_not_there_is_said_and_the_rest_goes_on(folder: Path) -> None:
    told = {
        pick.name: pick.refusal.detail
        for pick in picks([folder / "no.jpg", folder / "empty", folder / "x*", folder / "a.webp"])
        if pick.refusal
    }

    assert [os.path.basename(name) for name in told] == ["no.jpg", "empty", "x*"]
    assert list(told.values()) == [
        "there is no such file",
        "there is no picture in that folder",
        "no file is called so",
    ]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "what[1].jpg").write_bytes(b"x")

    assert [pick.path for pick in picks(tmp_path / "what[1].jpg")] == [str(tmp_path / "what[1].jpg")]
    assert alone(tmp_path / "what[1].jpg")


def test_addresses_are_fetched_not_opened() -> None:
    data = "data:image/png;base64," + "A" * 1000
    assert list(picks(["https://h/1.jpg", "HTTP://h/2.jpg"])) == [
        Pick("https://h/1.jpg", url="https://h/1.jpg"),
        Pick("HTTP://h/2.jpg", url="HTTP://h/2.jpg"),
    ]
    assert [(len(pick.name), pick.url) for pick in picks(data)] == [(LONGEST, data)]


@pytest.mark.parametrize(
    ("what", "one"),
    [
        ("photo.jpg", True),
        (Path("photo.jpg"), True),
        ("https://h/a[1].jpg", True),
        ("-", False),
        (".", False),
        ("*.jpg", False),
        (["photo.jpg"], False),
    ],
)
def test_one_picture_is_told_from_many(what: object, one: bool) -> None:
    assert alone(what) is one  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (b"no.jpg\r\n\n  \nwith blank .jpg\nlast", ["'no.jpg'", "'with blank .jpg'", "'last'"]),
        (b"two\nlines.jpg\0b.jpg\0", ["'two\\nlines.jpg'", "'b.jpg'"]),
        (b"caf\xe9.jpg\n", ["'caf\\udce9.jpg'"]),
        (b"", []),
    ],
    ids=["lines", "zero bytes", "no UTF-8", "nothing"],
)
def test_names_come_from_standard_input(given: bytes, read: list[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", READ], input=given, capture_output=True, cwd=ROOT, check=True)

    assert ran.stdout.decode().splitlines() == read


def test_a_name_is_answered_before_the_next_is_typed() -> None:
    line = [sys.executable, "-c", READ]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"one.jpg\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"'one.jpg'\n"
        process.stdin.close()


@pytest.mark.parametrize(
    ("shape", "many", "lone"),
    [
        ((4, 5), 1, True),
        ((4, 5, 1), 1, True),
        ((4, 5, 3), 1, True),
        ((4, 5, 4), 1, True),
        ((2, 4, 5, 3), 2, False),
        ((2, 4, 5), 2, False),
    ],
)
def test_arrays_are_pictures(shape: tuple[int, ...], many: int, lone: bool) -> None:
    held, single = pictures(np.full(shape, 7, np.uint8))

    assert (len(held), single) == (many, lone)
    assert {coloured(each).shape for each in held} == {(4, 5, 3)}


def test_whatever_numpy_understands_is_an_array() -> None:
    shown = Image.fromarray(scene(8, 6))

    assert is_array(shown)
    assert not is_array("photo.jpg")
    assert (pictures([shown, scene(8, 6)])[0][0] == scene(8, 6)).all()
    assert pictures(np.ones((2, 2), bool))[0][0].max() == 255


def test_transparency_lies_over_white() -> None:
    clear = np.array([[[9, 9, 9, 0], [10, 20, 30, 255]]], np.uint8)

    assert coloured(clear).tolist() == [[[255, 255, 255], [10, 20, 30]]]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.zeros((4, 4, 3)), "received float64"),
        (np.zeros((4, 4, 2), np.uint8), r"\(4, 4, 2\)"),
        (np.zeros((0, 4, 3), np.uint8), "shape"),
        (np.zeros(3, np.uint8), "shape"),
    ],
)
def test_other_numbers_are_no_pictures(value: object, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        pictures(value)
