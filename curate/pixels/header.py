"""A file's header: size, mode and frames, with no pixel decoded."""

from __future__ import annotations

import io
import re
from importlib import import_module

from PIL import Image, UnidentifiedImageError

from curate.bounds import Bounds, Header
from curate.pixels import frames

# Each format's reader, imported when the first such file comes: Pillow would import all forty at once.
READERS = {
    "jpeg": "PIL.JpegImagePlugin",
    "png": "PIL.PngImagePlugin",
    "webp": "PIL.WebPImagePlugin",
    "gif": "PIL.GifImagePlugin",
    "avif": "PIL.AvifImagePlugin",
    "bmp": "PIL.BmpImagePlugin",
    "tiff": "PIL.TiffImagePlugin",
}


# libavif refuses large pictures without a word; their size stands in an `ispe` box of its own
CLAIM = re.compile(rb"ispe.{4}(.{4})(.{4})", re.DOTALL)


def opened(data: bytes, kind: str, bounds: Bounds) -> tuple[Image.Image, Header]:
    """Pillow's view of the bytes, by that one reader and no other; raises one of COMPLAINTS."""
    import_module(READERS[kind])
    try:
        image = Image.open(io.BytesIO(data), formats=(kind,))
    except UnidentifiedImageError:
        if kind == "avif" and claims_too_much(data, bounds):
            raise Image.DecompressionBombError("AVIF that claims more pixels than a picture may") from None
        raise
    return image, header(image, data, kind, bounds)


def header(image: Image.Image, data: bytes, kind: str, bounds: Bounds) -> Header:
    """What the opened file says of itself."""
    width, height = image.size
    return Header(kind, width, height, image.mode, frames.count(image, data, bounds.max_frames))


def claims_too_much(data: bytes, bounds: Bounds) -> bool:
    """Does an AVIF name a size beyond the bounds?"""
    sizes = ((int.from_bytes(box[1]), int.from_bytes(box[2])) for box in CLAIM.finditer(data))
    return any(w * h > bounds.max_pixels or max(w, h) > bounds.max_side for w, h in sizes)
