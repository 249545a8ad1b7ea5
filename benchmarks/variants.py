"""A photograph as it comes back from the web: the ways pictures are changed, each a function."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

Change = Callable[[Image.Image], Image.Image]

QUALITY = 85  # of every variant that is not about quality


def scaled(share: float) -> Change:
    return lambda it: it.resize([max(1, round(side * share)) for side in it.size], Image.Resampling.LANCZOS)


def cropped(share: float, place: float = 0.5) -> Change:
    """So much of each side is cut off: half at either end, or all at one."""

    def cut(it: Image.Image) -> Image.Image:
        left, top = (round(side * share * place) for side in it.size)
        return it.crop((left, top, left + round(it.width * (1 - share)), top + round(it.height * (1 - share))))

    return cut


def bordered(colour: str, share: float) -> Change:
    return lambda it: ImageOps.expand(it, max(1, round(min(it.size) * share)), colour)


def captioned(it: Image.Image) -> Image.Image:
    copy, size = it.copy(), max(10, it.height // 10)
    place = (it.width * 0.05, it.height * 0.82)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(copy).text(
        place, "© example.com", "white", font, stroke_width=max(1, size // 12), stroke_fill="black"
    )
    return copy


def brighter(by: float) -> Change:
    return lambda it: ImageEnhance.Brightness(it).enhance(by)


def same(it: Image.Image) -> Image.Image:
    return it


VARIANTS: dict[str, tuple[Change, int]] = {
    "q95": (same, 95),
    "q60": (same, 60),
    "q30": (same, 30),
    "resize 25 %": (scaled(0.25), QUALITY),
    "squashed to a square": (lambda it: it.resize((200, 200), Image.Resampling.LANCZOS), QUALITY),
    "brightness × 1.2": (brighter(1.2), QUALITY),
    "brightness × 0.7": (brighter(0.7), QUALITY),
    "contrast × 1.3": (lambda it: ImageEnhance.Contrast(it).enhance(1.3), QUALITY),
    "crop 5 %": (cropped(0.05), QUALITY),
    "crop 10 %": (cropped(0.10), QUALITY),
    "crop 20 %": (cropped(0.20), QUALITY),
    "crop 10 %, one corner": (cropped(0.10, 0.0), QUALITY),
    "crop 13 %, off centre": (cropped(0.13, 0.3), QUALITY),
    "border 5 %, white": (bordered("white", 0.05), QUALITY),
    "border 8 %, black": (bordered("black", 0.08), QUALITY),
    "text overlay": (captioned, QUALITY),
    "mirror": (ImageOps.mirror, QUALITY),
    "rotation 90": (lambda it: it.transpose(Image.Transpose.ROTATE_90), QUALITY),
}
TURNED = ("mirror", "rotation 90")


def variant(picture: Image.Image, name: str) -> bytes:
    """The file of a variant."""
    change, quality = VARIANTS[name]
    file = io.BytesIO()
    change(picture).save(file, "JPEG", quality=quality)
    return file.getvalue()
