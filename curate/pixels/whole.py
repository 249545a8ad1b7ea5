"""A picture in colour, decoded no larger than it is wanted: what export and augmentation start from.

A JPEG is decoded at a fraction by libjpeg's own scaling, as `scaled` does for hashing; colours follow the same
policy as `upright`, whatever the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import simplejpeg
from PIL import Image

from curate.bounds import Bounds, judge
from curate.pixels import Pixels, colour, faults, quiet
from curate.pixels.faults import HARMLESS
from curate.pixels.header import opened
from curate.pixels.scaled import webp
from curate.pixels.sniff import sniff
from curate.pixels.turn import orientation, turned, upright_size
from imgtool.records import Refusal

Wanted: TypeAlias = Callable[[int, int], tuple[int, int]]  # a picture's width and height in, the least of use out


@dataclass(frozen=True, slots=True)
class Whole:
    """A picture's pixels, and what its file was."""

    pixels: Pixels  # rows × columns × RGB, upright
    width: int  # of the file, upright; `pixels` may be fewer
    height: int
    format: str
    mode: str  # as stored
    frames: int
    orientation: int
    profiled: bool  # its colours had to be brought to sRGB
    see_through: bool  # it has transparency, now over white


def everything(width: int, height: int) -> tuple[int, int]:
    """Every pixel is wanted."""
    return width, height


def whole(data: bytes, bounds: Bounds, wanted: Wanted = everything) -> Whole | Refusal:
    """The picture at `wanted` size or somewhat larger, never below unless it is; or why there is none."""
    kind = sniff(data)
    if isinstance(kind, Refusal):
        return kind
    try:
        with quiet():
            return seen(data, kind, bounds, wanted)
    except faults.COMPLAINTS as error:
        return faults.refusal(error, data, kind, bounds)


def seen(data: bytes, kind: str, bounds: Bounds, wanted: Wanted) -> Whole | Refusal:
    """Header first, pixels only within the bounds."""
    image, head = opened(data, kind, bounds.max_frames)
    if refusal := judge(head, bounds):
        return refusal
    profile = image.info.get("icc_profile")
    profiled = isinstance(profile, bytes) and colour.to_srgb(profile, image.mode) is not None
    see_through = bool(image.has_transparency_data)
    pixels = decoded(image, data, wanted(*image.size), plain=not profiled)
    turn = orientation(image)
    shown = np.asarray(turned(Image.fromarray(pixels), turn)) if turn != 1 else pixels
    size = upright_size(head.width, head.height, turn)
    return Whole(shown, *size, kind, head.mode, head.frames, turn, profiled, see_through)


def decoded(image: Image.Image, data: bytes, least: tuple[int, int], *, plain: bool) -> Pixels:
    """RGB as stored, not turned; by the quickest way that keeps to the policy."""
    if plain and image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB"):
        return jpeg(image, data, least)
    if plain and image.format == "WEBP" and getattr(image, "n_frames", 1) == 1:
        image = webp(data)
    image.draft("RGB", least)  # heeded by JPEG alone
    return np.asarray(colour.rgb(image))


def jpeg(image: Image.Image, data: bytes, least: tuple[int, int]) -> Pixels:
    """A JPEG by simplejpeg: ValueError when cut short or corrupt."""
    height, width, _, _ = simplejpeg.decode_jpeg_header(data, strict=False)
    if (width, height) != image.size:  # else a small header could let a large picture in
        raise ValueError(f"two sizes in one header: {image.size} and {(width, height)}")
    smallest: dict[str, Any] = {"min_width": least[0], "min_height": least[1]}
    try:
        pixels: Pixels = simplejpeg.decode_jpeg(data, "RGB", strict=True, **smallest)
    except ValueError as error:
        if not HARMLESS.search(str(error)):
            raise
        image.draft("RGB", least)
        return np.asarray(colour.rgb(image))
    return pixels
