"""A picture with its caption: any script, any size, nothing of a stranger's that could do harm."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from curate.caption import Caption, legible, percent
from curate.darkroom.scribe import SMALL, bounded
from curate.pixels.caption import LEAST, MOST, captioned, filed
from curate.pixels.letters import candidates, fancy, has, owner, runs, width
from tests.painted import scene

SURE = Caption((("cat", 0.9), ("dog", 0.1)))


@pytest.mark.parametrize("size", [(40, 30), (640, 480), (1600, 900)])
def test_the_picture_itself_is_untouched(size: tuple[int, int]) -> None:
    pixels = scene(*size)

    page = np.asarray(captioned(pixels, SURE))

    left = (page.shape[1] - size[0]) // 2
    assert (page[: size[1], left : left + size[0]] == pixels).all()
    assert page.shape[1] == max(LEAST, size[0])
    assert page.shape[0] > size[1]


def test_a_bar_is_as_long_as_its_share() -> None:
    def green(share: float) -> int:
        page = np.asarray(captioned(scene(400, 10), Caption((("cat", share),)))).astype(int)
        return int(((page[..., 1] - page[..., 0] > 60) & (np.arange(len(page)) > 10)[:, None]).any(axis=0).sum())

    assert green(0.0) == 0
    assert green(0.5) == pytest.approx(green(1.0) / 2, abs=2)


def test_doubt_is_of_another_colour_and_says_why() -> None:
    sure, unsure = (
        np.asarray(captioned(scene(400, 10), Caption((("cat", 0.5),), why, not why))) for why in ("", "odd")
    )

    assert unsure.shape[0] > sure.shape[0]
    assert (unsure[10:][..., 0].astype(int) - unsure[10:][..., 2] > 100).any()
    assert not (sure[10:][..., 0].astype(int) - sure[10:][..., 2] > 100).any()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("кошка", "кошка"),
        ("line\nbreak", "line\\nbreak"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("cat\u202egpj.exe", "cat\\u202egpj.exe"),
        ("می‌خواهم", "می‌خواهم"),
        ("<b>&amp;", "<b>&amp;"),
    ],
    ids=["another script", "two lines", "terminal", "turned around", "joiner", "markup"],
)
def test_names_are_one_line_that_can_be_read(text: str, shown: str) -> None:
    assert legible(text) == shown


@settings(deadline=None, max_examples=40)  # fonts are opened when they are first asked
@given(st.text(max_size=30))
def test_any_name_can_be_written(text: str) -> None:
    page = captioned(scene(80, 60), Caption(((text, 0.7),), text, sure=False))

    assert page.width == LEAST


@pytest.mark.parametrize(
    ("share", "told"),
    [(1.0, "100.0 %"), (0.99999, "> 99.9 %"), (0.5, "50.0 %"), (0.0004, "< 0.1 %"), (0.0, "0.0 %")],
)
def test_what_is_not_quite_certain_is_not_called_so(share: float, told: str) -> None:
    assert percent(share) == told


def test_each_letter_is_drawn_by_a_font_that_has_it() -> None:
    pieces = runs("cat кошка", 20)

    assert "".join(text for text, _ in pieces) == "cat кошка"
    assert len(pieces) > 1, "Pillow's own font has no Cyrillic"


def test_a_letter_that_nobody_has_is_written_as_its_number() -> None:
    assert owner("\U0010fffe") is None
    assert "".join(text for text, _ in runs("a\U0010fffe", 20)) == "a\\U0010fffe"
    assert width("a\U0010fffe", 20) > width("a", 20)


def test_a_file_that_is_no_font_has_no_letters() -> None:
    assert not has(__file__, "a")
    assert next(iter(candidates())) == ""


def test_plain_fonts_are_asked_before_fancy_ones() -> None:

    names = ["NotoSans-BoldItalic.ttf", "Zapfino.ttf", "NotoSansJP-Regular.otf"]
    assert min(map(Path, names), key=fancy).name == "NotoSansJP-Regular.otf"


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_it_becomes_a_file_of_that_kind(kind: str) -> None:
    with Image.open(io.BytesIO(filed(captioned(scene(50, 40), SURE), kind))) as read:
        assert (read.format or "").lower() == kind


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((32, 16), (SMALL, SMALL // 2)),
        ((300, 200), (300, 200)),
        ((8000, 4000), (MOST, MOST // 2)),
        ((9, 9000), (2, MOST)),
    ],
)
def test_a_picture_is_shown_large_enough_and_no_larger(size: tuple[int, int], shown: tuple[int, int]) -> None:
    assert bounded(*size) == shown
