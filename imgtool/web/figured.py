"""Arrays as small pictures that a page carries within itself."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from classify.insight import Filter
    from classify.nouns import Pixels

COLOURS = ("red", "green", "blue")
SMALL = 32  # px: up to here single places are seen, and drawn with sharp edges
SIDE = 128  # px of a map on the page: what is larger is drawn smaller
GROUND = 128  # grey of a filter's zero
QUALITY = 88


@dataclass(frozen=True, slots=True)
class Figure:
    """A small picture and what stands below it."""

    url: str
    words: str
    sharp: bool = False


def photo(pixels: Pixels) -> str:
    """A picture as a data URL: small ones with all their pixels."""
    from curate.pixels.encode import jpeg, png

    if max(pixels.shape[:2]) <= SMALL:
        return f"data:image/png;base64,{base64.b64encode(png(pixels)).decode()}"
    return jpeg_url(jpeg(pixels, QUALITY))


def jpeg_url(data: bytes) -> str:
    """A JPEG as a data URL."""
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"


def warm(pixels: Pixels, heat: NDArray[np.float32] | None) -> str:
    """The picture under its heat."""
    from curate.pixels.heat import over

    return photo(pixels if heat is None else over(pixels, heat))


def colours(pixels: Pixels) -> list[Figure]:
    """Red, green and blue of a picture, each alone as grey; nothing where they are the same."""
    lone = [np.ascontiguousarray(pixels[..., n]) for n in range(3)]
    sharp = max(pixels.shape[:2]) <= SMALL
    same = all((each == lone[0]).all() for each in lone)
    return [] if same else [Figure(photo(each), name, sharp) for each, name in zip(lone, COLOURS, strict=True)]


def tinted(one: Filter) -> Pixels:
    """A filter as colours: grey is zero, a colour what it looks for."""
    most = float(np.abs(one.weights).max()) or 1.0
    shown = np.clip(GROUND + one.weights / most * (255 - GROUND), 0, 255).round().astype(np.uint8)
    return np.repeat(shown, 3, axis=2) if shown.shape[-1] == 1 else shown


def mapped(values: NDArray[np.float32], words: str) -> Figure:
    """A map as light: dark is its least, bright its most."""
    from curate.pixels.canvas import resized
    from curate.pixels.heat import coloured

    low, high = float(values.min()), float(values.max())
    light = (values - low) / (high - low) if high > low else np.zeros_like(values)
    pixels = coloured(light)
    rows, columns = pixels.shape[:2]
    shown = pixels if max(rows, columns) <= SIDE else resized(pixels, *fitted(columns, rows))
    return Figure(photo(shown), words, sharp=max(rows, columns) <= SMALL)


def fitted(width: int, height: int) -> tuple[int, int]:
    """As large as a map is on the page."""
    scale = SIDE / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))
