"""A picture in, a small JPEG of it out: upright, in sRGB, without what its file said besides its pixels."""

from __future__ import annotations

import numpy as np
import simplejpeg
from PIL import Image

from curate.pixels import upright
from imgtool.records import Refusal

QUALITY = 82  # a page's pictures: no block to be seen at arm's length, half the bytes of 92


def small_jpeg(data: bytes, side: int) -> bytes | Refusal:
    """A JPEG no longer than `side`; pictures that are smaller stay as they are. Or why there is none."""
    pixels = upright(data, at_least=side)
    if isinstance(pixels, Refusal):
        return pixels
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    body: bytes = simplejpeg.encode_jpeg(np.ascontiguousarray(image), quality=QUALITY, colorspace="RGB")
    return body
