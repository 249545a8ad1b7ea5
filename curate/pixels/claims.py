"""What a file claims of itself in a few bytes, for when its decoder says no more than "no"."""

from __future__ import annotations

import re

BOXED = ("avif", "heif")
# libavif refuses large pictures without a word; their size stands in an `ispe` box of its own
SIZE = re.compile(rb"ispe.{4}(.{4})(.{4})", re.DOTALL)


def side_and_area(data: bytes, kind: str) -> tuple[int, int]:
    """The longest side and the most pixels that an AVIF or HEIC names; zeros for other formats."""
    if kind not in BOXED:
        return 0, 0
    sizes = [(int.from_bytes(box[1]), int.from_bytes(box[2])) for box in SIZE.finditer(data)]
    return max((max(size) for size in sizes), default=0), max((w * h for w, h in sizes), default=0)


def length(data: bytes, kind: str) -> int:
    """How many bytes the file says it has; 0 where its format does not say."""
    if kind == "webp":
        return 8 + int.from_bytes(data[4:8], "little")
    return boxes(data) if kind in BOXED else 0


def boxes(data: bytes) -> int:
    """The end of the last of a file's boxes, each of which opens with its size."""
    end = 0
    while end < len(data) and (size := int.from_bytes(data[end : end + 4])) >= 8:
        end += size
    return end
