"""Pictures that somebody holds in memory: arrays, and whatever NumPy can make an array of."""

from __future__ import annotations

from typing import Any

import numpy as np

from classify.nouns import Pixels
from imgtool.errors import UsageError

SHAPES = "rows × columns, with 1 (grey), 3 (RGB) or 4 (RGBA) channels; several have one axis more, in front"
HINT = "Values go from 0 to 255: `(array * 255).round().astype('uint8')` makes that of 0 to 1."
CHANNELS = (1, 3, 4)
NARROWEST = 5  # px of several grey pictures: less is one picture with a wrong number of channels


def is_array(value: object) -> bool:
    """Is it a picture in memory, rather than the name of one?"""
    return hasattr(value, "__array_interface__") or hasattr(value, "__array__")


def pictures(value: Any) -> tuple[list[Pixels], bool]:
    """The pictures of an array, or of a list of them, and whether it is one alone. UsageError for other numbers."""
    if isinstance(value, list | tuple):
        return [picture for each in value for picture in pictures(each)[0]], False
    array = np.asarray(value)
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255  # a drawing of one bit
    if array.dtype != np.uint8:
        raise UsageError(f"A picture is an array of uint8; received {array.dtype}.", hint=HINT)
    lone = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in CHANNELS)
    grey = array.ndim == 3 and array.shape[2] >= NARROWEST
    many = grey or (array.ndim == 4 and array.shape[3] in CHANNELS)
    if not array.size or not (lone or many):
        raise UsageError(f"No pictures have the shape {array.shape}.", hint=f"A picture is {SHAPES}.")
    return ([array] if lone else list(array)), lone


def coloured(picture: Pixels) -> Pixels:
    """As RGB: grey in all three channels, transparency over white."""
    deep = picture[..., None] if picture.ndim == 2 else picture
    if deep.shape[2] == 4:
        return over_white(deep)
    return np.repeat(deep, 3, axis=2) if deep.shape[2] == 1 else deep


def over_white(picture: Pixels) -> Pixels:
    """Colours as they look on paper."""
    alpha = picture[..., 3:].astype(np.float32) / np.float32(255)
    mixed: Pixels = (picture[..., :3] * alpha + 255 * (1 - alpha)).round().astype(np.uint8)
    return mixed
