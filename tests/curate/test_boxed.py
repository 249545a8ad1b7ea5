"""Boxes and names drawn on pictures; and the files of it, that know whether somebody has changed them."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from curate.pixels.boxed import DARK, PALETTE, Plate, Tag, boxed, free, luminance
from curate.pixels.signed import ours, signed
from tests.painted import encoded, scene

SIZE = (200, 150)


@pytest.mark.parametrize("ground", [0, 255, *range(40, 240, 50)])
@pytest.mark.parametrize("colour", range(len(PALETTE)))
def test_a_line_can_be_seen_on_any_ground(ground: int, colour: int) -> None:
    plain = np.full((150, 200, 3), ground, np.uint8)

    drawn = boxed(plain, [Tag((40, 60, 160, 140), "x", colour)])

    line = {tuple(int(value) for value in pixel) for pixel in drawn[100, 36:46]}
    clearest = max(contrast((ground,) * 3, ink) for ink in line)
    assert clearest >= 3  # what WCAG asks of graphics


@pytest.mark.parametrize("colour", PALETTE)
def test_a_name_can_be_read_on_its_plate(colour: tuple[int, int, int]) -> None:
    assert max(contrast(colour, DARK), contrast(colour, (255, 255, 255))) >= 4.5
    plain = np.zeros((150, 200, 3), np.uint8)
    inks = boxed(plain, [Tag((40, 60, 160, 140), "MMM", PALETTE.index(colour))]).reshape(-1, 3)
    shown = {tuple(int(value) for value in ink) for ink in inks}
    assert max(contrast(colour, ink) for ink in shown) >= 4.5


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)  # type: ignore[arg-type]
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "box",
    [(0, 0, 200, 150), (0, 0, 1, 1), (199, 149, 200, 150), (50, 50, 50, 50), (-20, -20, 300, 300), (0, 70, 200, 71)],
    ids=["all of it", "one pixel", "the last pixel", "no area", "beyond", "a line"],
)
@pytest.mark.parametrize("text", ["", "cat 99 %", "Лиса עברית 猫 \u202e\x1b[31m", "long " * 60])
def test_any_box_and_any_name_can_be_drawn(box: tuple[float, float, float, float], text: str) -> None:
    assert boxed(scene(*SIZE), [Tag(box, text)]).shape == (150, 200, 3)


@pytest.mark.parametrize("size", [(1, 1), (10, 10), (3, 400)])
def test_a_picture_may_be_smaller_than_its_names(size: tuple[int, int]) -> None:
    shown = np.zeros((size[1], size[0], 3), np.uint8)

    assert boxed(shown, [Tag((0, 0, *size), "a cat on a mat")]).shape == shown.shape


def test_names_do_not_hide_each_other_while_there_is_room() -> None:
    taken: list[Plate] = []
    for _ in range(4):
        taken.append(free((60, 60, 160, 110), (60, 13), SIZE, taken))

    assert not any(one.covers(other) for one in taken for other in taken if one is not other)
    assert all(one.left >= 0 and one.right <= 200 and one.top >= 0 and one.bottom <= 150 for one in taken)


def test_the_picture_itself_is_left_alone() -> None:
    pixels = scene(*SIZE)
    before = pixels.copy()

    drawn = boxed(pixels, [Tag((60, 60, 120, 120), "cat")])

    assert (pixels == before).all()
    assert (drawn[130:, :50] == before[130:, :50]).all()


def test_a_file_of_ours_is_known_by_its_picture() -> None:
    data = signed(scene(*SIZE), "photo.jpg")

    Image.open(BytesIO(data)).verify()
    assert (np.asarray(Image.open(BytesIO(data))) == scene(*SIZE)).all()
    assert ours(data, "photo.jpg")
    assert not ours(data, "other.jpg")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
        lambda data: encoded(scene(*SIZE)),
        lambda data: data[-100:],
    ],
    ids=["empty", "cut", "longer", "one bit", "another's", "its end alone"],
)
def test_what_somebody_changed_is_not_ours(change: object) -> None:
    assert callable(change)
    assert not ours(change(signed(scene(*SIZE), "photo.jpg")), "photo.jpg")
