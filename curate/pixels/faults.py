"""What a decoder's complaint means: cut short, broken, a bomb, or nothing to worry about."""

from __future__ import annotations

import re
import struct
import zlib

from PIL import Image, UnidentifiedImageError

from curate.bounds import Bounds
from curate.pixels import claims
from imgtool.records import Reason, Refusal

# What Pillow's readers let out on foreign bytes, collected by fuzzing; a programming error elsewhere is
# not hidden by it, for only decoding happens under this guard.
COMPLAINTS = (
    ArithmeticError,
    AttributeError,
    AssertionError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    struct.error,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)

MEANINGS: tuple[tuple[re.Pattern[str], Reason], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (r"exceeds limit", Reason.TOO_MANY_PIXELS),
        (r"decompressed data too large|MAX_TEXT_MEMORY", Reason.DECODE_BOMB),
        (r"truncated|premature end of jpeg|ran out of data|unexpected end|not enough data", Reason.TRUNCATED),
    )
)

COMMON: dict[type[BaseException], str] = {
    UnidentifiedImageError: "its header makes no sense"
}  # Pillow's own words are a memory address

# libjpeg's warnings that leave every pixel as it was meant: junk between markers, odd profiles, old writers.
# Junk before 0xd9, the end mark, is no such thing: of 1,500 JPEGs with one byte changed, 299 said so, and a
# third of their pixels were wrong.
HARMLESS = re.compile(
    r"extraneous bytes before marker (?!0xd9)|bad ICC marker|Adobe color transform|JFIF revision|SOS parameters"
)


def refusal(error: BaseException, data: bytes, kind: str, bounds: Bounds) -> Refusal:
    """The verdict on a picture whose decoder complained."""
    if isinstance(error, MemoryError):
        return Refusal(Reason.DECODE_BOMB, "needs more memory than a picture may")
    side, area = claims.side_and_area(data, kind)
    if side > bounds.max_side or area > bounds.max_pixels:
        return Refusal(Reason.TOO_MANY_PIXELS, f"{side} px long, {area} px in all")
    if claims.length(data, kind) > len(data):
        return Refusal(Reason.TRUNCATED, f"{len(data)} bytes of {claims.length(data, kind)}")
    text = COMMON.get(type(error), str(error)) or type(error).__name__
    meant = (reason for pattern, reason in MEANINGS if pattern.search(text))
    return Refusal(next(meant, Reason.BROKEN), " ".join(text.split())[:120])
