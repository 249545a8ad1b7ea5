"""Every way of storing colour, as eight bits a channel: one written policy.

| stored                       | becomes                                                            |
|------------------------------|--------------------------------------------------------------------|
| RGB, L, 1, palette           | the same colours                                                   |
| alpha, transparent palette   | over white                                                         |
| CMYK, YCCK                   | by its ICC profile; without one, by Pillow's plain formula         |
| Lab                          | by CIE's formula for sRGB                                          |
| 16 bits a channel            | the upper eight of the 8, 12 or 16 bits that are in use            |
| 32-bit integers, floats      | stretched from the least to the greatest value: they have no range |
| any RGB, L or CMYK + ICC     | to sRGB, perceptually; a broken or foreign profile is ignored      |
| several frames or pages      | the first                                                          |
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

BAND = 256  # rows
WIDE = ("I;16", "I;16L", "I;16B", "I;16N")
UNBOUNDED = ("I", "F")
DEPTHS = ((0xFF, 1), (0xFFF, 16), (0xFFFF, 257))  # greatest value, and what divides it to 255


def rgb(image: Image.Image) -> Image.Image:
    """The picture in sRGB, opaque, eight bits a channel."""
    return over_white(by_profile(eight_bit(image))).convert("RGB")


def grey(image: Image.Image) -> Image.Image:
    """The picture's brightness, opaque, eight bits; profiles are not asked, for hashing needs none."""
    return over_white(eight_bit(image)).convert("L")


def eight_bit(image: Image.Image) -> Image.Image:
    """Modes of more than eight bits, and Lab, brought to eight; others as they are."""
    if image.mode in WIDE:
        values = np.asarray(image)
        step = next(step for top, step in DEPTHS if values.max(initial=0) <= top)
        return Image.fromarray((values // step).astype(np.uint8))
    if image.mode in UNBOUNDED:
        return Image.fromarray(stretched(np.asarray(image)))
    return image.convert("RGB") if image.mode == "LAB" else image


def stretched(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Least to 0, greatest to 255; what is no number counts as least. By bands of rows, to spare memory."""
    numbers = values[np.isfinite(values)]
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)
    shown = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), BAND):
        band = np.nan_to_num(values[top : top + BAND].astype(np.float64), nan=low, posinf=high, neginf=low)
        shown[top : top + BAND] = ((band - low) * (255 / ((high - low) or 1))).round()
    return shown


def over_white(image: Image.Image) -> Image.Image:
    """Transparency laid over white; opaque pictures as they are."""
    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def by_profile(image: Image.Image) -> Image.Image:
    """Colours brought to sRGB by the picture's own profile, when it has a usable one."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or not profile:
        return image
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    transform = to_srgb(profile, image.mode)
    return transform.apply(image) if transform else image


@lru_cache(maxsize=32)  # a camera's pictures share their profile
def to_srgb(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The way from a profile to sRGB; None for sRGB itself and for what no transform can be made of."""
    target = "RGBA" if mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return None
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, target)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None
