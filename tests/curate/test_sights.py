"""Files seen, and captions written, by processes of their own: a bad one is a value with its reason."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curate.caption import Caption
from curate.pixels.canvas import scaled
from curate.sights import Pool, Sight, captioning, eyes, scribes, sighted, written
from curate.team import Rules
from imgtool.records import Reason, Refusal
from tests.painted import encoded, gif_of, oriented, scene


def asked(rules: Rules, orders: dict[str, object]) -> dict[str, object]:
    """The answer to each order."""
    told: dict[str, object] = {}
    with Pool[str](rules) as pool:
        for name, order in orders.items():
            pool.submit(name, order)
        while pool.busy:
            told |= dict(pool.heard())
    return told


@pytest.fixture
def album(tmp_path: Path) -> dict[str, object]:
    files = {
        "plain.png": encoded(scene(90, 60)),
        "turned.jpg": encoded(scene(90, 60), "JPEG", quality=95, exif=oriented(6)),
        "moving.gif": gif_of(3),
        "modern.avif": encoded(scene(90, 60), "AVIF"),
        "misnamed.jpg": encoded(scene(90, 60), "WEBP"),
        "grey.png": encoded(scene(90, 60)[..., 0]),
        "tiny.png": encoded(scene(1, 1)),
        "cut.jpg": encoded(scene(90, 60), "JPEG")[:400],
        "page.jpg": b"<html>gone</html>",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in [*files, "missing.jpg"]}


BAD = {"cut.jpg": Reason.TRUNCATED, "page.jpg": Reason.NOT_IMAGE, "missing.jpg": Reason.BROKEN}


def test_any_file_becomes_pixels_of_one_size_or_a_reason(album: dict[str, object]) -> None:
    told = {name: sighted(answer) for name, answer in asked(eyes(32, workers=1), album).items()}

    assert {name: each.reason for name, each in told.items() if isinstance(each, Refusal)} == BAD
    seen = {name: each for name, each in told.items() if isinstance(each, Sight)}
    assert {each.pixels.shape for each in seen.values()} == {(32, 32, 3)}
    assert (seen["turned.jpg"].width, seen["turned.jpg"].height) == (60, 90)
    assert (seen["plain.png"].pixels == scaled(scene(90, 60), 32, "stretch")).all()


@pytest.mark.parametrize(("fit", "shape"), [("whole", (21, 32, 3)), ("pad", (32, 32, 3)), ("crop", (32, 32, 3))])
def test_a_picture_can_keep_its_shape(tmp_path: Path, fit: str, shape: tuple[int, ...]) -> None:
    (tmp_path / "a.png").write_bytes(encoded(scene(90, 60)))

    seen = sighted(asked(eyes(32, fit, workers=1), {"a": str(tmp_path / "a.png")})["a"])

    assert isinstance(seen, Sight)
    assert seen.pixels.shape == shape


def test_what_is_shown_whole_is_never_enlarged(tmp_path: Path) -> None:
    (tmp_path / "digit.png").write_bytes(encoded(scene(28, 28)))
    answer = sighted(asked(eyes(256, "whole", 1), {"it": str(tmp_path / "digit.png")})["it"])
    assert isinstance(answer, Sight)
    assert (answer.pixels == scene(28, 28)).all()


def test_captions_are_written_as_files_of_a_fitting_kind(album: dict[str, object]) -> None:
    caption = Caption((("cat", 0.6), ("dog", 0.4)), "not sure: cat or dog", sure=False)
    orders: dict[str, object] = {name: captioning(str(path), caption) for name, path in album.items()}

    told = {name: written(answer) for name, answer in asked(scribes(workers=1), orders).items()}

    assert {name: each.reason for name, each in told.items() if isinstance(each, Refusal)} == BAD
    files = {name: each for name, each in told.items() if not isinstance(each, Refusal)}
    assert (files["plain.png"][1], files["turned.jpg"][1]) == ("png", "jpeg")
    for data, kind in files.values():
        with Image.open(io.BytesIO(data)) as page:
            assert (page.format or "").lower() == kind
            assert min(page.size) > 60
            np.asarray(page)
