"""A picture with its caption under it: bars and names on white, as a file."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from curate.caption import Caption, legible, percent
from curate.pixels import Pixels
from curate.pixels.letters import runs, width

LEAST, MOST = 360, 1600  # px: a caption wants room; a screen shows no more
QUALITY = 90  # of a JPEG: to look at, not to learn from
INK, FAINT, PAPER, TRACK = (32, 36, 40), (112, 118, 124), (255, 255, 255), (234, 236, 238)
SURE, UNSURE, OTHERS = (38, 132, 82), (201, 128, 16), (178, 184, 190)  # of bars


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in a strip so wide; everything follows from its letters' size."""

    width: int
    letters: int

    @property
    def row(self) -> int:
        """The height of a line."""
        return round(self.letters * 1.7)

    @property
    def margin(self) -> int:
        """Around everything."""
        return round(self.letters * 0.9)

    @property
    def bars(self) -> tuple[int, int]:
        """Where bars begin and end."""
        return round(self.width * 0.42), self.width - self.margin - round(self.letters * 4.4)


def captioned(pixels: Pixels, caption: Caption) -> Image.Image:
    """The picture as it is, centred over its caption."""
    height, wide = pixels.shape[:2]
    plan = layout(max(LEAST, wide))
    lines = wrapped(legible(caption.remark), plan.width - 2 * plan.margin, plan.letters)
    strip = 2 * plan.margin + (len(caption.rows) + len(lines)) * plan.row
    page = Image.new("RGB", (plan.width, height + strip), PAPER)
    page.paste(Image.fromarray(np.ascontiguousarray(pixels)), ((plan.width - wide) // 2, 0))
    pen, top = ImageDraw.Draw(page), height + plan.margin
    for place, (name, share) in enumerate(caption.rows):
        first = SURE if caption.sure else UNSURE
        bar(pen, plan, top + place * plan.row, (name, share, OTHERS if place else first))
    top += len(caption.rows) * plan.row
    for place, text in enumerate(lines):
        write(pen, (plan.margin, top + place * plan.row), text, plan.letters, FAINT if caption.sure else UNSURE)
    return page


def layout(wide: int) -> Layout:
    """Letters that can be read at the width of the page."""
    return Layout(wide, min(40, max(15, round(wide / 26))))


def bar(pen: ImageDraw.ImageDraw, plan: Layout, top: int, shown: tuple[str, float, tuple[int, int, int]]) -> None:
    """One line: a name, its bar, its share."""
    name, share, colour = shown
    start, end = plan.bars
    write(pen, (plan.margin, top), fitted(legible(name), start - 2 * plan.margin, plan.letters), plan.letters, INK)
    thick = (top + round(plan.row * 0.2), top + round(plan.row * 0.62))
    radius = (thick[1] - thick[0]) // 3
    pen.rounded_rectangle((start, thick[0], end, thick[1]), radius, TRACK)
    reach = start + round((end - start) * min(max(share, 0.0), 1.0))
    if reach > start:
        pen.rounded_rectangle((start, thick[0], reach, thick[1]), min(radius, (reach - start) // 2), colour)
    write(pen, (end + plan.margin // 2, top), percent(share), plan.letters, INK)


def write(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, colour: tuple[int, int, int]) -> None:
    """Text of any script, its top at that place."""
    left, base = float(at[0]), at[1] + size
    for part, font in runs(text, size):
        pen.text((left, base), part, colour, font, anchor="ls")
        left += font.getlength(part)


def fitted(text: str, room: float, size: int) -> str:
    """The text, cut to the room."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept + "…"


def wrapped(text: str, room: float, size: int) -> list[str]:
    """The text in lines, at most two; a line ends between words."""
    first: list[str] = []
    words = text.split()
    while words and width(" ".join([*first, words[0]]), size) <= room:
        first.append(words.pop(0))
    rest = fitted(" ".join(words), room, size)
    return [line for line in (" ".join(first), rest) if line]


def filed(page: Image.Image, kind: str) -> bytes:
    """The page as a file: "jpeg" or "png"."""
    file = io.BytesIO()
    page.save(file, kind.upper(), **({"quality": QUALITY} if kind == "jpeg" else {}))
    return file.getvalue()
