"""A file's header: size, mode and frames, with no pixel decoded."""

from __future__ import annotations

import io
from importlib import import_module

from PIL import Image

from curate.bounds import Header
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
    "heif": "pillow_heif.HeifImagePlugin",
}


def opened(data: bytes, kind: str, max_frames: int) -> tuple[Image.Image, Header]:
    """Pillow's view of the bytes, by that one reader and no other; raises one of COMPLAINTS."""
    import_module(READERS[kind])
    image = Image.open(io.BytesIO(data), formats=(kind,))
    width, height = image.size
    return image, Header(kind, width, height, image.mode, frames.count(image, data, max_frames))
