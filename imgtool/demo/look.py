"""What a picture will be like, decided before a single pixel is drawn: size, colour, style, kind of file.

All of it follows from the seed, the class and the picture's number, so a result page can tell a picture's
width without drawing it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

Colour = tuple[int, int, int]

SHAPES = {"wide": 0.55, "tall": 0.25, "square": 0.2}
STYLES = {"photo": 0.82, "clipart": 0.11, "lineart": 0.07}
FILES = {
    "photo": {"jpeg": 0.84, "png": 0.05, "webp": 0.11},
    "clipart": {"png": 0.5, "gif": 0.2, "webp": 0.3},
    "lineart": {"png": 0.6, "jpeg": 0.4},
}


@dataclass(frozen=True, slots=True)
class Tint:
    """The light of a scene: the sky from top to bottom, what is far, what is near."""

    top: Colour
    bottom: Colour
    far: Colour
    near: Colour


TINTS = {
    "red": Tint((120, 20, 40), (240, 90, 60), (110, 30, 45), (150, 50, 40)),
    "orange": Tint((230, 110, 40), (255, 205, 120), (150, 80, 60), (205, 130, 60)),
    "yellow": Tint((250, 205, 90), (255, 240, 170), (190, 150, 80), (225, 190, 100)),
    "green": Tint((120, 170, 130), (210, 230, 180), (70, 120, 80), (90, 150, 70)),
    "teal": Tint((40, 130, 140), (170, 225, 215), (40, 95, 100), (50, 140, 130)),
    "blue": Tint((50, 110, 200), (190, 220, 245), (80, 110, 150), (45, 95, 160)),
    "purple": Tint((60, 40, 110), (190, 140, 200), (80, 60, 120), (90, 70, 130)),
    "pink": Tint((220, 130, 170), (255, 215, 205), (170, 110, 140), (200, 140, 150)),
    "brown": Tint((170, 140, 110), (225, 205, 175), (120, 90, 65), (150, 110, 75)),
    "black": Tint((8, 10, 25), (40, 45, 75), (15, 18, 30), (20, 25, 40)),
    "gray": Tint((130, 137, 145), (205, 208, 210), (110, 115, 120), (120, 125, 130)),
    "white": Tint((235, 240, 245), (250, 250, 250), (190, 200, 210), (215, 222, 228)),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One picture, before it is drawn."""

    width: int
    height: int
    colour: str  # a key of TINTS
    style: str  # a key of STYLES
    file: str  # jpeg png webp gif
    quality: int  # of lossy files

    @property
    def aspect(self) -> str:
        """Bing's word for its shape."""
        if self.width > 1.1 * self.height:
            return "wide"
        return "tall" if self.height > 1.1 * self.width else "square"


def dice(*about: object) -> np.random.Generator:
    """A generator that depends on nothing but its arguments."""
    told = "\x1f".join(map(str, about)).encode()
    return np.random.default_rng(int.from_bytes(hashlib.sha256(told).digest()[:8], "big"))


def pick(rng: np.random.Generator, odds: dict[str, float]) -> str:
    """One of the names, by its odds."""
    names = list(odds)
    weights = np.array([odds[name] for name in names])
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


@lru_cache(maxsize=8192)
def look(label: str, index: int, seed: int) -> Look:
    """The look of one picture."""
    rng = dice("look", seed, label, index)
    width, height = _sides(rng, pick(rng, SHAPES))
    style = pick(rng, STYLES)
    colour = list(TINTS)[int(rng.integers(len(TINTS)))]
    return Look(width, height, colour, style, pick(rng, FILES[style]), int(rng.integers(78, 94)))


def _sides(rng: np.random.Generator, shape: str) -> tuple[int, int]:
    long = int(rng.integers(420, 901))
    ratio = 1.0 if shape == "square" else float(rng.choice([4 / 3, 3 / 2, 16 / 10]))
    short = max(300, round(long / ratio))
    return (short, long) if shape == "tall" else (long, short if shape == "wide" else long)
