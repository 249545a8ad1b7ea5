"""`imgtool what`: names for any picture by a network that somebody else trained, as a person would ask."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.painted import encoded, scene
from tests.street import Street, imgtool

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
NETWORK = str(DATA / "weights" / "tf2_mobilenet_v2_1.0_224_ptq.tflite")
STARFISH = str(DATA / "caltech101_subset" / "starfish" / "image_0002.jpg")
real = pytest.mark.skipif(not Path(NETWORK).is_file(), reason="no ../shared/data/weights here")


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    if Path(STARFISH).is_file():
        shutil.copy(STARFISH, folder / "starfish.jpg")
    (folder / "[red]\x1b[31m.png").write_bytes(encoded(scene(300, 200)))
    (folder / "cut.jpg").write_bytes(encoded(scene(), "JPEG")[:500])
    return folder


@real
@pytest.mark.shared
def test_a_starfish_is_called_one(album: Path) -> None:
    ran = imgtool("what", str(album / "starfish.jpg"), "--weights", NETWORK)

    assert ran.code == 0, ran.err
    assert "starfish, sea star" in ran.out
    assert "█" in ran.out
    assert "98" in ran.out
    assert ran.err == ""


@real
@pytest.mark.shared
def test_many_are_a_line_each_and_a_bad_one_is_named(album: Path) -> None:
    ran = imgtool("what", str(album), "--weights", NETWORK)

    assert ran.code == 3
    assert [line for line in ran.out.splitlines() if "[red]\\x1b[31m.png" in line]
    assert [line for line in ran.out.splitlines() if "starfish" in line and "not sure" not in line]
    assert "cut short" in ran.out or "incomplete" in ran.out
    assert "3 pictures" in ran.out
    assert "1 picture could not be read" in ran.err
    assert "\x1b" not in ran.told


@real
@pytest.mark.shared
def test_machines_read_one_object_or_lines(album: Path) -> None:
    whole = imgtool("what", str(album), "--weights", NETWORK, "--json", "--top", "2")
    lines = imgtool("what", str(album), "--weights", NETWORK, "--jsonl", "--top", "2")
    table = imgtool("what", str(album), "--weights", NETWORK, "--csv", "--top", "2")

    told = whole.answer
    assert (whole.code, told["schema"], told["ok"], told["pictures"]) == (3, "imgtool/what/1", False, 2)
    assert told["predictions"] == [json.loads(line) for line in lines.out.splitlines()]
    by_name = {Path(each["picture"]).name: each for each in told["predictions"]}
    assert by_name["starfish.jpg"]["label"] == "starfish, sea star"
    assert len(by_name["starfish.jpg"]["ranked"]) == 2
    assert (by_name["cut.jpg"]["refused"], by_name["cut.jpg"]["label"]) == ("truncated", None)
    rows = list(csv.DictReader(io.StringIO(table.out)))
    assert [row["picture"] for row in rows] == [each["picture"] for each in told["predictions"]]
    assert [row["label"] for row in rows] == [each["label"] or "" for each in told["predictions"]]


@real
@pytest.mark.shared
def test_an_address_is_named_too(album: Path) -> None:
    with Street() as street:
        ran = imgtool("what", street.picture(1), "--weights", NETWORK, "--save", str(album / "out"))
        gone = imgtool("what", street.url("/none.jpg"), "--weights", NETWORK)

    assert ran.code == 0, ran.err
    assert [path.name for path in (album / "out").iterdir()] == ["1.predicted.jpg"]
    assert (gone.code, "HTTP 404" in gone.err) == (4, True)


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        ((), 2, "No picture is named"),
        (("x.jpg", "--weights", "/none.tflite"), 2, "There is no network '/none.tflite'"),
        (("x.jpg", "--weights", "/none.h5"), 2, "There is no file of weights '/none.h5'"),
        (("x.jpg", "--csv", "--json"), 2, "contradict each other"),
        (("x.jpg", "--top", "0"), 2, "--top"),
    ],
    ids=["nothing", "no network", "no weights", "two ways", "no names"],
)
def test_a_request_that_makes_no_sense_says_what_to_do(flags: tuple[str, ...], code: int, said: str) -> None:
    ran = imgtool("what", *flags)

    assert ran.code == code
    assert said in ran.told


@pytest.mark.slow
def test_without_the_internet_it_says_how_to_do_without(tmp_path: Path) -> None:
    dead = "http://127.0.0.1:9"

    ran = imgtool("what", "x.jpg", KERAS_HOME=str(tmp_path), https_proxy=dead, http_proxy=dead)

    assert ran.code == 2
    assert "cannot be fetched" in ran.err
    assert "--weights" in ran.err
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 2, "nothing but the error and its hint"
