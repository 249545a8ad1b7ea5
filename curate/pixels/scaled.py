"""One decode a picture, as small as its hash allows: the whole stream is read, few pixels are made.

A JPEG is decoded at 1/8, 1/4 or 1/2 by libjpeg's own scaling: the entropy-coded stream is walked to its
end all the same, so that truncation and corruption are found. Other formats have no such scaling; they
are decoded whole and averaged in boxes of the same sizes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import simplejpeg
from PIL import Image

from curate.pixels import colour
from curate.pixels.faults import HARMLESS

SCALES = (8, 4, 2)
# px, shorter side. Of 600 photographs resized to 30–100 % and re-encoded, the share whose phash moved by more
# than 2 of 64 bits was 5.0 % at 64 px, 3.7 % at 80, 1.3 % at 96; none moved by more than 4 from 80 on. At 80 a
# picture of 1024 × 683 still decodes at 1/8.
ENOUGH = 80


def scale(width: int, height: int) -> int:
    """By how much the picture may shrink and still be large enough to hash."""
    return next((by for by in SCALES if min(width, height) >= by * ENOUGH), 1)


def decoded(image: Image.Image, data: bytes) -> tuple[Image.Image, str]:
    """The opened picture as a small grey one, not yet turned, and how its pixels were made."""
    by = scale(*image.size)
    if image.format in ("JPEG", "MPO"):
        return jpeg(image, data, by), f"jpeg/{by}"
    if image.format == "WEBP" and getattr(image, "n_frames", 1) == 1:
        image = webp(data)
    small = colour.grey(image)
    return (small.reduce(by), f"box/{by}") if by > 1 else (small, "full")


def jpeg(image: Image.Image, data: bytes, by: int) -> Image.Image:
    """A JPEG by simplejpeg: ValueError when cut short or corrupt."""
    height, width, _, _ = simplejpeg.decode_jpeg_header(data, strict=False)
    if (width, height) != image.size:  # else a small header could let a large picture in
        raise ValueError(f"two sizes in one header: {image.size} and {(width, height)}")
    least: dict[str, Any] = {"min_height": -(-height // by), "min_width": -(-width // by)}
    try:
        pixels = simplejpeg.decode_jpeg(data, "GRAY", strict=True, **least)
    except ValueError as error:
        if not HARMLESS.search(str(error)):
            raise
        return leniently(image, by)
    return Image.fromarray(pixels[:, :, 0])


def leniently(image: Image.Image, by: int) -> Image.Image:
    """A JPEG by Pillow, which minds no junk between markers, but a missing end."""
    image.draft("L", (image.width // by, image.height // by))
    return colour.grey(image)


def webp(data: bytes) -> Image.Image:
    """A still WebP by OpenCV, a quarter faster than Pillow; imported when the first one comes."""
    import cv2

    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise ValueError(str(error)) from error
    if pixels is None:
        raise ValueError("WebP data that cannot be decoded")
    alpha = pixels.shape[2] == 4
    return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if alpha else cv2.COLOR_BGR2RGB))
