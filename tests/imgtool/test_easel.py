"""Where drawings go: beside the photos, and never over a file of somebody's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imgtool.errors import StorageError, UsageError
from imgtool.pipeline.easel import Easel
from imgtool.pipeline.located import Find, Located
from imgtool.pipeline.pictures import Pick

PIXELS = np.full((40, 60, 3), 90, np.uint8)
FOUND = Located("photo.jpg", (Find("cat", 0.9, (5, 5, 30, 30)),), None, 60, 40, pixels=PIXELS)
NOTHING = Located("photo.jpg", (), None, 60, 40, pixels=PIXELS)


def pick(folder: Path, name: str = "photo.jpg") -> Pick:
    return Pick(name, str(folder / name), home=str(folder))


def saved(easel: Easel, at: Pick, said: Located = FOUND) -> str:
    return Path(easel.saved(said, at).saved).name


def test_a_drawing_lies_beside_its_photo(tmp_path: Path) -> None:
    assert saved(Easel(), pick(tmp_path)) == "photo-located.png"
    assert [path.name for path in tmp_path.iterdir()] == ["photo-located.png"]


def test_where_nothing_is_found_nothing_is_drawn(tmp_path: Path) -> None:
    assert Easel().saved(NOTHING, pick(tmp_path)) == NOTHING
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_replaces_its_own_drawing(tmp_path: Path) -> None:
    for _ in range(3):
        assert saved(Easel(), pick(tmp_path)) == "photo-located.png"


@pytest.mark.parametrize("mine", [b"", b"a picture of mine", None], ids=["empty", "something", "a drawing I changed"])
def test_a_file_of_somebodys_is_left_alone(tmp_path: Path, mine: bytes | None) -> None:
    place = tmp_path / "photo-located.png"
    Easel().saved(FOUND, pick(tmp_path))
    place.write_bytes(place.read_bytes() + b"\0" if mine is None else mine)
    before = place.read_bytes()

    assert saved(Easel(), pick(tmp_path)) == "photo-located-2.png"
    assert saved(Easel(), pick(tmp_path)) == "photo-located-2.png"
    assert place.read_bytes() == before


def test_a_link_or_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photo-located.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "photo-located-2.png").mkdir()

    assert saved(Easel(), pick(tmp_path)) == "photo-located-3.png"
    assert not (tmp_path / "nowhere").exists()


def test_photos_of_one_name_do_not_share_a_drawing(tmp_path: Path) -> None:
    one, other = pick(tmp_path, "photo.jpg"), pick(tmp_path, "photo.webp")

    names = [saved(Easel(), at) for at in (one, other, one, other)]

    assert names == ["photo-located.png", "photo-located-2.png"] * 2


def test_a_folder_is_filled_as_the_photos_lie(tmp_path: Path) -> None:
    easel = Easel(tmp_path / "out")
    (tmp_path / "in" / "deep").mkdir(parents=True)
    at = Pick("deep/a.jpg", str(tmp_path / "in" / "deep" / "a.jpg"), home=str(tmp_path / "in"))

    assert easel.saved(FOUND, at).saved == str(tmp_path / "out" / "deep" / "a-located.png")


def test_the_one_file_that_is_named_is_written(tmp_path: Path) -> None:
    assert saved(Easel(tmp_path / "out.png"), pick(tmp_path)) == "out.png"
    assert saved(Easel(tmp_path / "out.png"), pick(tmp_path)) == "out.png"


def test_the_one_file_is_not_written_over_somebodys(tmp_path: Path) -> None:
    (tmp_path / "out.png").write_bytes(b"mine")

    with pytest.raises(UsageError, match="not a drawing of ours"):
        Easel(tmp_path / "out.png").saved(FOUND, pick(tmp_path))


def test_one_file_is_for_one_picture(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one file"):
        Easel(tmp_path / "out.png", alone=False)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")

    with pytest.raises(UsageError, match="no folder"):
        Easel(tmp_path / "out")


def test_a_drawing_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)

    with pytest.raises(StorageError, match="No space"):
        Easel().saved(FOUND, pick(tmp_path))
    assert list(tmp_path.iterdir()) == []
