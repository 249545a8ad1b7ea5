"""Pictures brought to one size: the shape policies of an export."""

from __future__ import annotations

import cv2
import numpy as np

from curate.pixels import Pixels

FITS = ("pad", "crop", "stretch")
LONGEST = 4  # times as long as wide: what lies beyond is never in the middle square, however it is turned


def fitted(width: int, height: int, side: int, fit: str) -> tuple[int, int]:
    """Width and height to which a picture is scaled before it is padded or cropped to a square."""
    if fit == "stretch":
        return side, side
    edge = min(width, height) if fit == "crop" else max(width, height)
    return max(1, round(width * side / edge)), max(1, round(height * side / edge))


def scaled(pixels: Pixels, side: int, fit: str) -> Pixels:
    """The picture at the size that it will have in its square; 0 = as it is."""
    if not side:
        return pixels
    shown = trimmed(pixels) if fit == "crop" else pixels
    height, width = shown.shape[:2]
    return resized(shown, *fitted(width, height, side, fit))


def trimmed(pixels: Pixels) -> Pixels:
    """Without the ends of a very long picture, which no crop would show: one pixel wide, it would grow to gigabytes."""
    height, width = pixels.shape[:2]
    most = LONGEST * min(height, width)
    top, left = max(0, height - most) // 2, max(0, width - most) // 2
    return pixels[top : top + most, left : left + most]


def squared(pixels: Pixels, side: int, fit: str) -> Pixels:
    """A scaled picture as a square: whole on black (`pad`), its middle (`crop`), or as it has become (`stretch`)."""
    if not side or fit == "stretch":
        return pixels
    return centred(pixels, side) if fit == "pad" else middle(pixels, side)


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Averaged when it shrinks, so that fine patterns do not turn into coarse ones; interpolated when it grows."""
    if pixels.shape[:2] == (height, width):
        return pixels
    shrinks = width <= pixels.shape[1] and height <= pixels.shape[0]
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC))


def centred(pixels: Pixels, side: int) -> Pixels:
    """On black, which is what the loaders' own padding is."""
    height, width = pixels.shape[:2]
    top, left = (side - height) // 2, (side - width) // 2
    canvas = np.zeros((side, side, 3), np.uint8)
    canvas[top : top + height, left : left + width] = pixels
    return canvas


def middle(pixels: Pixels, side: int) -> Pixels:
    """The central square."""
    height, width = pixels.shape[:2]
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])


def grey(pixels: Pixels) -> Pixels:
    """Brightness alone: rows × columns."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY))
