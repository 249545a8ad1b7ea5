"""How large a picture may be, decided from its header before a single pixel is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from imgtool.records import Reason, Refusal


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a picture may measure. Every number has a reason."""

    min_size: int = 32  # px, shorter side: CIFAR's pictures pass, tracking pixels and spacers do not
    max_side: int = 16_384  # px: WebP's own limit is 16,383; nothing for training is longer
    max_pixels: int = 50_000_000  # 200 MB as RGBA: what a worker's memory bound holds with its copies
    max_frames: int = 200  # 20 s at GIF's usual 10 a second; beyond it is a film or a bomb
    max_aspect: float = 50.0  # longer : shorter; rulers, banners and gradients, no pictures
    max_bytes: int = 256 * 1024 * 1024  # an uncompressed RGBA TIFF of `max_pixels`, with room


BOUNDS = Bounds()  # unless somebody says otherwise


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of its picture before any pixel is decoded."""

    format: str  # jpeg png webp gif avif bmp tiff heif
    width: int  # as stored, before any turn; no bound asks which side is which
    height: int
    mode: str  # as stored: RGB L CMYK P RGBA I;16 …
    frames: int


def judge(header: Header, bounds: Bounds) -> Refusal | None:
    """None when the header is within the bounds; the first bound that it breaks otherwise."""
    long, short = max(header.width, header.height), min(header.width, header.height)
    size = f"{header.width} × {header.height} px"
    rules = (
        (short < 1, Reason.BROKEN, f"{size}: no pixel at all"),
        (header.width * header.height > bounds.max_pixels, Reason.TOO_MANY_PIXELS, size),
        (long > bounds.max_aspect * short, Reason.BAD_ASPECT, size),
        (long > bounds.max_side, Reason.TOO_MANY_PIXELS, size),
        (short < bounds.min_size, Reason.TOO_SMALL, size),
        (header.frames > bounds.max_frames, Reason.TOO_MANY_FRAMES, f"{header.frames} frames"),
    )
    return next((Refusal(reason, detail) for broken, reason, detail in rules if broken), None)
