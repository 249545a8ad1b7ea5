"""Letters of any script: each is drawn by the first font of this machine that has it.

Pillow's own font has Latin; matplotlib, which we depend on, brings DejaVu with the alphabets of Europe and the
Near East; the system's fonts are asked for the others. A letter that nobody has is written as its escape.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

from curate.caption import JOINERS, escape

FOLDERS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"),
    *("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
)
SUFFIXES = frozenset((".ttf", ".otf", ".ttc"))
MOST = 400  # files of the system that are asked for one letter, 1 ms each
NOBODY = "\U0010ffff"  # no letter, so that a font draws for it what it draws for all that it lacks
PROBE = 24  # px: the size at which fonts are asked

Font = ImageFont.FreeTypeFont


def runs(text: str, size: int) -> list[tuple[str, Font]]:
    """The text in pieces, each with the font that has its letters."""
    shown = "".join(sign if owner(sign) is not None else escape(sign) for sign in text)
    parts = groupby(shown, key=lambda sign: owner(sign) or "")
    return [("".join(signs), font(name, size)) for name, signs in parts]


def width(text: str, size: int) -> float:
    """How many pixels the text is long."""
    return sum(one.getlength(part) for part, one in runs(text, size))


@lru_cache(maxsize=4096)
def owner(sign: str) -> str | None:
    """The font that draws a letter: its file, "" for Pillow's own; None = nobody has it."""
    return next((name for name in candidates() if has(name, sign)), None)


@lru_cache(maxsize=2 * MOST)
def font(name: str, size: int) -> Font:
    """A font of that file, so many pixels high."""
    if name:
        return ImageFont.truetype(name, size)
    own = ImageFont.load_default(size)
    assert isinstance(own, ImageFont.FreeTypeFont)  # Pillow's wheels have FreeType
    return own


def has(name: str, sign: str) -> bool:
    """Does the font draw that letter, and not its box for what it lacks?"""
    if sign.isspace() or sign in JOINERS:
        return True
    try:
        asked = font(name, PROBE)
        mask, lacking = asked.getmask(sign), asked.getmask(NOBODY)
    except (OSError, ValueError):  # a font of coloured pictures, or a damaged one
        return False
    return (mask.size, bytes(mask)) != (lacking.size, bytes(lacking))


def candidates() -> Iterator[str]:
    """Fonts in the order in which they are asked."""
    yield ""
    yield from brought()
    yield from installed()


@cache
def brought() -> tuple[str, ...]:
    """The font that a library of ours brings along, found without importing it."""
    spec = find_spec("matplotlib")
    places = (spec and spec.submodule_search_locations) or []
    files = [Path(place) / "mpl-data/fonts/ttf/DejaVuSans.ttf" for place in places]
    return tuple(str(file) for file in files if file.is_file())


@cache
def installed() -> tuple[str, ...]:
    """The system's fonts, plain ones first."""
    folders = (Path(folder).expanduser() for folder in FOLDERS)
    found = [Path(top, name) for folder in folders for top, _, names in os.walk(folder) for name in names]
    fonts = sorted((file for file in found if file.suffix.lower() in SUFFIXES), key=fancy)
    return tuple(str(file) for file in fonts[:MOST])


def fancy(file: Path) -> tuple[bool, bool, str]:
    """Sorts upright sans serifs of normal weight to the front."""
    name = file.stem.lower()
    slanted = any(word in name for word in ("bold", "italic", "oblique", "light", "thin", "black", "condensed", "mono"))
    return slanted, "sans" not in name, name
