"""`imgtool locate` as a process: what is printed, what is drawn, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from imgtool.cli.locate import thresholds
from imgtool.errors import UsageError
from tests.nets import LABELS, quick
from tests.painted import encoded, scene
from tests.street import Ran, imgtool

pytestmark = pytest.mark.slow  # the model file is made by TensorFlow, once


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model and its quick form in a cache."""
    room = tmp_path_factory.mktemp("room")
    quick(room / "pets.keras", room / "cache")
    return room


def locate(room: Path, *args: str) -> Ran:
    return imgtool("locate", str(room / "pets.keras"), *args, XDG_CACHE_HOME=str(room / "cache"))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "photo.jpg"
    file.write_bytes(encoded(scene(96, 64, 1), "JPEG"))
    return file


def test_finds_are_told_and_drawn_beside_the_photo(room: Path, photo: Path) -> None:
    ran = locate(room, str(photo), "--threshold", "0.01", "--most", "2")

    assert (ran.code, ran.err) == (0, "")
    assert " px at " in ran.out
    assert any(label in ran.out for label in LABELS)
    assert sorted(path.name for path in photo.parent.iterdir()) == ["photo-located.png", "photo.jpg"]


def test_machines_get_boxes_and_no_drawing(room: Path, photo: Path) -> None:
    ran = locate(room, str(photo), "--threshold", "0.01", "--json", "--quick")

    answer = ran.answer
    assert (answer["ok"], answer["schema"], answer["labels"]) == (True, "imgtool/locate/1", list(LABELS))
    (said,) = answer["pictures"]
    assert answer["finds"] == len(said["finds"]) > 0
    for find in said["finds"]:
        left, top, right, bottom = find["box"]
        assert 0 <= left < right <= said["width"] == 96
        assert 0 <= top < bottom <= said["height"] == 64
    assert [path.name for path in photo.parent.iterdir()] == ["photo.jpg"]


def test_where_nothing_is_found_what_to_try_is_said(room: Path, photo: Path) -> None:
    ran = locate(room, str(photo), "--threshold", "1")

    assert ran.code == 4
    assert "nothing found" in ran.out
    assert "Nothing was found" in ran.err
    assert "--threshold" in ran.err


def test_a_broken_picture_is_named_and_the_others_go_on(room: Path, photo: Path) -> None:
    (photo.parent / "cut.jpg").write_bytes(photo.read_bytes()[:300])

    ran = locate(room, str(photo.parent), "--threshold", "0.01", "--out", str(photo.parent / "out"))

    assert ran.code == 3
    assert "1 picture could not be read" in ran.err
    assert [path.name for path in (photo.parent / "out").iterdir()] == ["photo-located.png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "No picture is named"),
        (("photo.jpg", "--threshold", "bird=0.5"), "cannot find 'bird'"),
        (("photo.jpg", "--threshold", "much"), "'much' is no threshold"),
        (("a.jpg", "b.jpg", "--out", "one.png"), "one file, for one picture"),
    ],
    ids=["nothing", "a stranger", "no number", "one file for two"],
)
def test_what_makes_no_sense_is_said(room: Path, words: tuple[str, ...], said: str) -> None:
    ran = locate(room, *words)

    assert (ran.code, said in ran.err) == (2, True), ran.told


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ([], (None, {})),
        (["0.6"], (0.6, {})),
        (["0.6", "cat=0.8", "a=b=.5"], (0.6, {"cat": 0.8, "a=b": 0.5})),
        (["0.2", "0.4"], (0.4, {})),
    ],
    ids=["none", "for all", "for some", "the last"],
)
def test_thresholds_are_read(given: list[str], meant: object) -> None:
    assert thresholds(given) == meant


def test_what_is_no_threshold_is_refused() -> None:
    with pytest.raises(UsageError, match="no threshold"):
        thresholds(["cat="])
