"""The bytes behind an address: the picture, a copy of it, or what stands there instead."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image

from imgtool.demo.canvas import Canvas, Pixels
from imgtool.demo.kinds import Kind
from imgtool.demo.look import Look, dice, look
from imgtool.demo.painter import draw, encoded, picture
from imgtool.demo.world import Plant

HELD = 256  # files kept in memory, some 20 MB: a copy often follows its original
TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
SIGN_IN = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to see this picture.</body></html>"
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">'
    b'<path d="M20 400 L320 40 L620 400 Z" fill="#1c4e96"/></svg>'
)
# The shortest GIF there is, as trackers send it.
PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


def media_type(plant: Plant) -> str:
    """What its server calls it, rightly or not."""
    told = {Kind.MISNAMED: "image/jpeg", Kind.VECTOR: "image/svg+xml", Kind.PIXEL: "image/gif", Kind.BOMB: "image/png"}
    return told.get(plant.kind, "image/png" if plant.kind is Kind.PLACEHOLDER else TYPES[plant.seen.file])


@lru_cache(maxsize=HELD)
def content(plant: Plant, seed: int) -> bytes:
    """What its server sends, if it sends it whole."""
    return INSTEAD.get(plant.kind, shown)(plant, seed)


def shown(plant: Plant, seed: int) -> bytes:
    """The picture that is to be seen there."""
    label, number = plant.shows[0] if plant.shows else plant.label, plant.number
    if plant.variant:
        return near(draw(label, number, seed), look(label, number, seed), plant.variant)
    if plant.kind is Kind.MISNAMED:
        return encoded(draw(label, number, seed), plant.seen)
    return picture(label, number, seed)


def near(pixels: Pixels, seen: Look, how: str) -> bytes:
    """The same picture, as somebody else saved it."""
    changed, file, quality = CHANGES[how](pixels), seen.file, seen.quality
    if how == "converted":
        file = "jpeg" if file != "jpeg" else "webp"
    if how == "recompressed":
        file, quality = "jpeg", 45
    return encoded(changed, replace(seen, file=file, quality=quality))


def thumbnail(plant: Plant, seed: int, side: int = 200) -> bytes:
    """A small JPEG for result pages."""
    label, number = plant.shows or ("pattern", 0)
    pixels = draw(label, number, seed)
    scale = side / max(pixels.shape[:2])
    return encoded(_resized(pixels, scale), replace(plant.seen, file="jpeg", quality=80))


@lru_cache(maxsize=1)
def placeholder() -> bytes:
    """The one picture that many addresses show when theirs is gone."""
    canvas = Canvas(480, 360, dice("placeholder"))
    canvas.gradient((226, 228, 230), (226, 228, 230))
    canvas.ellipse((0.5, 0.4), 0.16, 0.16, (180, 184, 188))
    canvas.line([(0.4, 0.28), (0.6, 0.52)], (226, 228, 230), 0.03)
    cv2.putText(canvas.pixels, "image removed", (120, 270), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (120, 124, 128), 2)
    sink = io.BytesIO()
    Image.fromarray(canvas.pixels).save(sink, "PNG")
    return sink.getvalue()


def bomb() -> bytes:
    """A PNG whose head promises 60,000 × 60,000 pixels and whose body holds almost none."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _resized(pixels: Pixels, scale: float) -> Pixels:
    return np.asarray(cv2.resize(pixels, (0, 0), fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _trimmed(pixels: Pixels) -> Pixels:
    high, wide = (round(side * 0.008) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[high:-high, wide:-wide])


def _brighter(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.convertScaleAbs(pixels, alpha=1.06, beta=4), np.uint8)


def _same(pixels: Pixels) -> Pixels:
    return pixels


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "recompressed": _same,
    "converted": _same,
    "smaller": lambda pixels: _resized(pixels, 0.6),
    "trimmed": _trimmed,
    "brighter": _brighter,
}


def _half(plant: Plant, seed: int) -> bytes:
    whole = encoded(draw(plant.label, plant.number, seed), plant.seen)
    return whole[: len(whole) * 6 // 10]


def _tiny(plant: Plant, seed: int) -> bytes:
    return thumbnail(plant, seed, 48)


INSTEAD: dict[Kind, Callable[[Plant, int], bytes]] = {
    Kind.TRUNCATED: _half,
    Kind.TINY: _tiny,
    Kind.EMPTY: lambda _plant, _seed: b"",
    Kind.PAGE: lambda _plant, _seed: SIGN_IN,
    Kind.VECTOR: lambda _plant, _seed: SVG,
    Kind.PIXEL: lambda _plant, _seed: PIXEL,
    Kind.PLACEHOLDER: lambda _plant, _seed: placeholder(),
    Kind.BOMB: lambda _plant, _seed: bomb(),
}
