"""A contact sheet: rows of pictures with a few words under each, as one PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from curate.pixels import Pixels

GAP, WORDS = 6, 18  # px: between pictures; under each, for a line of text
INK, PAPER = (40, 40, 40), (255, 255, 255)


def sheet(rows: Sequence[Sequence[tuple[Pixels, str]]], side: int) -> bytes:
    """The rows as a PNG; every picture is `side` px square."""
    columns = max((len(row) for row in rows), default=0)
    page = Image.new("RGB", (GAP + columns * (side + GAP), GAP + len(rows) * (side + WORDS + GAP)), PAPER)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(WORDS - 6)
    for down, row in enumerate(rows):
        for across, (pixels, words) in enumerate(row):
            left, top = GAP + across * (side + GAP), GAP + down * (side + WORDS + GAP)
            page.paste(Image.fromarray(np.ascontiguousarray(pixels)), (left, top))
            pen.text((left, top + side + 2), shortened(words, side, font), INK, font)
    file = io.BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def shortened(words: str, width: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """The words, cut to the width."""
    if font.getlength(words) <= width:
        return words
    return shortened(words[:-2].rstrip("…") + "…", width, font) if len(words) > 2 else words
