"""Pictures of three classes, drawn on demand: the same class, number and seed give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from imgtool.demo import scenes, subjects
from imgtool.demo.canvas import Canvas, Pen, Pixels
from imgtool.demo.look import TINTS, Look, Tint, dice, look, pick

SUBJECTS: dict[str, Callable[[Pen], None]] = {
    "sailboat": subjects.sailboat,
    "cactus": subjects.cactus,
    "lighthouse": subjects.lighthouse,
}
PLACES: dict[str, dict[str, float]] = {
    "sailboat": {"sea": 0.85, "studio": 0.1, "coast": 0.05},
    "cactus": {"desert": 0.55, "room": 0.3, "studio": 0.1, "meadow": 0.05},
    "lighthouse": {"coast": 0.65, "meadow": 0.2, "sea": 0.1, "desert": 0.05},
}
SCENES: dict[str, scenes.Scene] = {
    "sea": scenes.sea,
    "coast": scenes.coast,
    "meadow": scenes.meadow,
    "desert": scenes.desert,
    "room": scenes.room,
    "studio": scenes.studio,
}


def draw(label: str, index: int, seed: int) -> Pixels:
    """The picture as an array; a label that is no class gives a pattern."""
    seen = look(label, index, seed)
    canvas = Canvas(seen.width, seen.height, dice("draw", seed, label, index))
    if label in SUBJECTS:
        _scene(canvas, label, TINTS[seen.colour])
    else:
        _pattern(canvas, TINTS[seen.colour])
    return FINISH[seen.style](canvas)


def picture(label: str, index: int, seed: int) -> bytes:
    """The picture as a file, of the kind its look says."""
    return encoded(draw(label, index, seed), look(label, index, seed))


def encoded(pixels: Pixels, seen: Look) -> bytes:
    """Pixels as a file."""
    sink, image = io.BytesIO(), Image.fromarray(pixels)
    match seen.file:
        case "png":
            image.save(sink, "PNG", compress_level=1)
        case "gif":
            image.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(sink, "GIF")
        case "webp":
            image.save(sink, "WEBP", quality=seen.quality, method=0)
        case _:
            image.save(sink, "JPEG", quality=seen.quality)
    return sink.getvalue()


def _scene(canvas: Canvas, label: str, tint: Tint) -> None:
    level = SCENES[pick(canvas.rng, PLACES[label])](canvas, tint)
    size = canvas.between(0.42, 0.92)
    foot = (canvas.between(0.22, 0.78), min(0.98, max(level, size * 0.9)))
    lean = canvas.between(-0.12, 0.12) if label == "sailboat" else canvas.between(-0.04, 0.04)
    SUBJECTS[label](Pen(canvas, foot, size, lean, 1 if canvas.chance(0.5) else -1))
    if canvas.chance(0.2):  # a company of its own kind, further off
        there = (canvas.between(0.05, 0.95), foot[1] - canvas.between(0.0, 0.05))
        SUBJECTS[label](Pen(canvas, there, size * canvas.between(0.2, 0.4), lean))


def _pattern(canvas: Canvas, tint: Tint) -> None:
    canvas.gradient(tint.top, tint.bottom)
    for _ in range(14):
        colour = subjects.paint(canvas)
        centre = (canvas.between(0, 1), canvas.between(0, 1))
        canvas.ellipse(centre, canvas.between(0.05, 0.3), canvas.between(0.05, 0.3), colour, canvas.between(0, 180))


def _photo(canvas: Canvas) -> Pixels:
    canvas.shade(int(canvas.rng.integers(3, 7)), canvas.between(0.1, 0.3))
    canvas.grain(int(canvas.rng.integers(3, 6)))
    return canvas.pixels


def _clipart(canvas: Canvas) -> Pixels:
    canvas.shade(4, 0.13)
    return canvas.pixels // 51 * 51  # five steps a channel, 255 the last


def _lineart(canvas: Canvas) -> Pixels:
    canvas.shade(5, 0.3)
    grey = cv2.cvtColor(canvas.pixels, cv2.COLOR_RGB2GRAY)
    around = cv2.GaussianBlur(255 - grey, (0, 0), max(2.0, canvas.height / 60))
    pencil = cv2.divide(grey, 255 - around, scale=235)
    tone = cv2.addWeighted(pencil, 0.7, grey, 0.3, 10)
    return np.asarray(cv2.cvtColor(tone, cv2.COLOR_GRAY2RGB), np.uint8)


FINISH: dict[str, Callable[[Canvas], Pixels]] = {"photo": _photo, "clipart": _clipart, "lineart": _lineart}
