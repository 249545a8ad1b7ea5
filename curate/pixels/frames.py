"""How many frames a picture has, found without decoding them, and never counting on for ever."""

from __future__ import annotations

from PIL import Image

IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B  # GIF's block marks


def count(image: Image.Image, data: bytes, limit: int) -> int:
    """The number of frames, pages or pictures in one file; `limit` + 1 when there are more."""
    if image.format == "GIF":
        return gif(data, limit)
    if image.format == "TIFF":
        return pages(image, limit)
    return int(getattr(image, "n_frames", 1))


def gif(data: bytes, limit: int) -> int:
    """Frames of a GIF, by walking its blocks; a file that ends inside a block is cut short."""
    at = 13 + table(data, 10)
    frames = 0
    while frames <= limit and at < len(data) and data[at] in (IMAGE, EXTENSION):
        if data[at] == IMAGE:
            frames += 1
            at = past(data, at + 11 + table(data, at + 9))
        else:
            at = past(data, at + 2)
    return frames


def table(data: bytes, at: int) -> int:
    """Bytes of the colour table that the flags at `at` announce."""
    flags = at_or_end(data, at)
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def past(data: bytes, at: int) -> int:
    """The place after a chain of sub-blocks."""
    while size := at_or_end(data, at):
        at += size + 1
    return at + 1


def at_or_end(data: bytes, at: int) -> int:
    """The byte there."""
    if at >= len(data):
        raise EOFError("image file is truncated")
    return data[at]


def pages(image: Image.Image, limit: int) -> int:
    """Pages of a TIFF: Pillow reads the directories it has not seen, at most `limit` + 1 of them."""
    for page in range(1, limit + 1):
        try:
            image.seek(page)
        except EOFError:
            image.seek(0)
            return page
    image.seek(0)
    return limit + 1
