"""What phones write: read where its reader is installed, refused by name where it is not."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curate.admit import examine, examine_bytes
from curate.pixels import upright
from imgtool.records import Picture, Reason, Refusal
from tests.painted import scene

pytest.importorskip("pillow_heif", reason="the extra imgtool-datasets[heic] is not installed")
SNIFF = importlib.import_module("curate.pixels.sniff")  # the package has a function of that name
ROTATED = 6  # EXIF's number for "turn me right"


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(SNIFF, "EXTRA", {"heif": "no_such_reader"})
    SNIFF.readable.cache_clear()
    yield
    SNIFF.readable.cache_clear()


def photo(turn: int = 1) -> bytes:
    """Red above, blue below, on its side if it is turned."""
    importlib.import_module("pillow_heif.HeifImagePlugin")  # which Pillow then knows
    drawn = scene(160, 90, seed=4).copy()
    drawn[:45] = (220, 20, 20)
    drawn[45:] = (20, 20, 220)
    image = Image.fromarray(drawn)
    exif = image.getexif()
    exif[0x112] = turn
    file = io.BytesIO()
    image.save(file, "HEIF", exif=exif.tobytes(), quality=90)
    return file.getvalue()


def test_a_phone_s_photograph_is_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(photo())
    found = examine(path)
    assert isinstance(found, Picture)
    assert (found.format, found.width, found.height) == ("heif", 160, 90)


def test_one_held_upright_is_shown_upright() -> None:
    found = examine_bytes(photo(ROTATED))
    assert isinstance(found, Picture)
    assert (found.width, found.height) == (90, 160)
    pixels = np.asarray(upright(photo(ROTATED)))
    assert pixels[:, 60:, 0].mean() > 150, "what was above is on the right"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_one_cut_short_is_refused(share: float) -> None:
    whole = photo()
    found = examine_bytes(whole[: int(len(whole) * share)])
    assert isinstance(found, Refusal)
    assert found.reason in {Reason.TRUNCATED, Reason.BROKEN}


def test_without_its_reader_the_refusal_names_what_to_install(unread: None) -> None:
    found = examine_bytes(photo())
    assert isinstance(found, Refusal)
    assert found.reason is Reason.UNSUPPORTED
    assert "imgtool-datasets[heic]" in found.detail
