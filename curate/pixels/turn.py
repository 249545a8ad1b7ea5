"""Pictures the right way up: EXIF's orientation, read without trust and applied."""

from __future__ import annotations

from PIL import Image

from curate.pixels.faults import COMPLAINTS

ORIENTATION = 0x0112  # the EXIF tag
FLIPS = Image.Transpose
TURNS = {
    2: FLIPS.FLIP_LEFT_RIGHT,
    3: FLIPS.ROTATE_180,
    4: FLIPS.FLIP_TOP_BOTTOM,
    5: FLIPS.TRANSPOSE,
    6: FLIPS.ROTATE_270,
    7: FLIPS.TRANSVERSE,
    8: FLIPS.ROTATE_90,
}
SIDEWAYS = frozenset((5, 6, 7, 8))  # the orientations that swap width and height


def orientation(image: Image.Image) -> int:
    """EXIF's (or XMP's) orientation, 1–8; 1 when there is none or it is broken.

    Asked after decoding: a PNG may carry it behind its pixels, and a TIFF has been turned by then.
    """
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except COMPLAINTS:
        return 1
    return value if value in TURNS else 1


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture the right way up."""
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height the right way up."""
    return (height, width) if orientation in SIDEWAYS else (width, height)
