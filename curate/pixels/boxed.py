"""Boxes with names on a picture, to be read on any ground: each line has a dark and a light rim, each name a plate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from curate.caption import legible
from curate.pixels import Pixels
from curate.pixels.caption import fitted, write
from curate.pixels.letters import width

# Eight colours that colour-blind people tell apart (Okabe & Ito 2008), but their black: it is the outline
PALETTE = (
    *((86, 180, 233), (230, 159, 0), (0, 158, 115), (240, 228, 66)),
    *((213, 94, 0), (204, 121, 167), (0, 114, 178), (255, 255, 255)),
)
DARK, WHITE = (16, 18, 20), (255, 255, 255)
LETTERS, STROKE = 30, 240  # the longer side is so many letters high, so many lines wide
LEAST, MOST = 13, 40  # px: letters that can be read, and that do not hide the picture
LIGHT = 0.25  # relative luminance (WCAG) from which on dark letters are the clearer ones

Colour = tuple[int, int, int]
Frame = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Tag:
    """One box of a picture, in its pixels."""

    box: Frame
    text: str
    colour: int = 0  # of the palette, in turn


@dataclass(frozen=True, slots=True)
class Plate:
    """Where a name stands."""

    left: int
    top: int
    right: int
    bottom: int

    def covers(self, other: Plate) -> bool:
        """Do the two overlap?"""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


def boxed(pixels: Pixels, tags: Sequence[Tag]) -> Pixels:
    """The picture with its boxes; the first is drawn last, over all others."""
    page = Image.fromarray(np.ascontiguousarray(pixels))
    pen, letters = ImageDraw.Draw(page), min(MOST, max(LEAST, round(max(page.size) / LETTERS)))
    for tag in reversed(tags):
        frame(pen, tag, max(1, round(max(page.size) / STROKE)))
    taken: list[Plate] = []
    for tag in tags:
        text = fitted(legible(tag.text), page.width - letters, letters)
        taken.append(free(tag.box, (round(width(text, letters)), letters), page.size, taken))
        name(pen, taken[-1], text, (letters, colour(tag)))
    return np.asarray(page)


def frame(pen: ImageDraw.ImageDraw, tag: Tag, stroke: int) -> None:
    """A coloured line, dark without and white within: one of the three can be seen on any ground."""
    left, top, right, bottom = (round(value) for value in tag.box)
    edge = max(1, stroke // 2)
    last = max(right - 1, left), max(bottom - 1, top)
    for by, ink, thick in ((0, DARK, edge), (edge, colour(tag), stroke), (edge + stroke, WHITE, edge)):
        inner = left + by, top + by, last[0] - by, last[1] - by
        if inner[0] <= inner[2] and inner[1] <= inner[3]:
            pen.rectangle(inner, None, ink, thick)


def name(pen: ImageDraw.ImageDraw, plate: Plate, text: str, how: tuple[int, Colour]) -> None:
    """A plate with its text."""
    letters, ground = how
    pen.rectangle((plate.left, plate.top, plate.right - 1, plate.bottom - 1), ground, DARK)
    ink = DARK if luminance(ground) > LIGHT else WHITE
    write(pen, (plate.left + margin(letters), plate.top + margin(letters) // 2), text, letters, ink)


def free(box: Frame, text: tuple[int, int], size: tuple[int, int], taken: Sequence[Plate]) -> Plate:
    """Above the box, inside at its top, below it or inside at its bottom: the first place that no name has."""
    left, top, _, bottom = (round(value) for value in box)
    plate = text[0] + 2 * margin(text[1]), round(text[1] * 1.3) + margin(text[1])
    wished = top - plate[1], top, bottom, bottom - plate[1]
    places = [within(left, down, plate, size) for down in wished]
    whole = [place for place, down in zip(places, wished, strict=True) if place.top == down] or places
    return next((place for place in whole if not any(map(place.covers, taken))), whole[0])


def within(left: int, top: int, plate: tuple[int, int], size: tuple[int, int]) -> Plate:
    """A plate moved into the picture."""
    x, y = (max(0, min(at, side - long)) for at, long, side in zip((left, top), plate, size, strict=True))
    return Plate(x, y, x + plate[0], y + plate[1])


def margin(letters: int) -> int:
    """Around a name."""
    return max(2, letters // 4)


def colour(tag: Tag) -> Colour:
    """Its class's colour."""
    return PALETTE[tag.colour % len(PALETTE)]


def luminance(ground: Colour) -> float:
    """How light a colour is, by WCAG: 0 to 1."""
    parts = [value / 255 for value in ground]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
