"""PNGs that say they are ours: whoever changes one byte of such a file has made it his own, and it is left alone."""

from __future__ import annotations

import hashlib
import struct
import zlib

from curate.pixels import Pixels
from curate.pixels.encode import png

END = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
KEY = b"imgtool\0"  # a text chunk's keyword
LONG = 12 + len(KEY) + 64  # bytes of the chunk: length, name, keyword, digest in hex, checksum


def signed(pixels: Pixels, name: str) -> bytes:
    """A PNG with the digest of all its other bytes, and of what it was made from, in it."""
    data = png(pixels)
    return data[: -len(END)] + chunk(data, name) + END


def ours(data: bytes, name: str) -> bool:
    """Has `signed` made these very bytes of that?"""
    body = data[: -LONG - len(END)]
    return len(body) > 0 and data == body + chunk(body + END, name) + END


def chunk(data: bytes, name: str) -> bytes:
    """The text chunk for a PNG."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape") + b"\0" + data).hexdigest()
    body = b"tEXt" + KEY + digest.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
