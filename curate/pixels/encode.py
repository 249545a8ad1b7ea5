"""Pixels in, a file's bytes out: no metadata, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
import simplejpeg

from curate.pixels import Pixels

# What a file becomes that cannot stay as it is: what lost detail before loses a little more, the rest none
BECOMES = MappingProxyType(
    {
        "jpeg": "jpeg",
        "webp": "jpeg",
        "avif": "jpeg",
        "png": "png",
        "gif": "png",
        "bmp": "png",
        "tiff": "png",
        "heif": "jpeg",
    }
)


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """A JPEG with its colours at full resolution."""
    if pixels.ndim == 2:
        return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels[:, :, None]), quality, "GRAY", "Gray"))
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality, "RGB", "444"))


def png(pixels: Pixels, _: int = 0) -> bytes:
    """A PNG, which has no quality to choose."""
    shown = pixels if pixels.ndim == 2 else cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGR)
    return bytes(cv2.imencode(".png", shown)[1])


ENCODERS: Mapping[str, Callable[[Pixels, int], bytes]] = MappingProxyType({"jpeg": jpeg, "png": png})
