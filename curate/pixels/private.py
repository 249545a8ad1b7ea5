"""Where a picture was taken, found in its file and taken out without touching a pixel.

A file that may tell a position loses all of its metadata but what its colours need: positions hide in EXIF, in
XMP, and in the EXIF of the further pictures that some cameras append. Others keep every byte, and with them the
names of their makers.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from curate.pixels.faults import COMPLAINTS

GPS = 0x8825  # the EXIF tag of the position's own directory
PLACES = re.compile(rb"gps|latitude|longitude|geo:", re.IGNORECASE)
EXIF = b"Exif\0\0"
COLOURS = (b"JFIF\0", b"ICC_PROFILE\0", b"Adobe")  # the application segments that a JPEG's colours need
WORDS = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")  # a PNG's chunks of metadata
COMMENT, SCAN, END = 0xFE, 0xDA, 0xD9
CODED = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)  # the mark after a scan's coded pixels


@dataclass(frozen=True, slots=True)
class Part:
    """A segment of a JPEG or a chunk of a PNG."""

    name: bytes  # the chunk's, or the segment's mark
    body: bytes
    whole: bytes  # with name, length and checksum

    @property
    def words(self) -> bool:
        """Is it metadata, and needed by no colour?"""
        if len(self.name) > 1:
            return self.name in WORDS
        mark = self.name[0]
        return mark == COMMENT or (0xE0 <= mark <= 0xEF and not self.body.startswith(COLOURS))


def untold(data: bytes, kind: str) -> bytes | None:
    """A JPEG or PNG that tells no position: the same bytes if it never did; None if only a new one can."""
    try:
        parts = list(PARTS[kind](data))
        tells = any(telling(part) for part in parts if part.words)
    except COMPLAINTS:
        return None
    head = data[: HEADS[kind]]
    whole = head + b"".join(part.whole for part in parts)
    if not tells and not data[len(whole) :].strip(b"\0"):  # what follows the end may be another picture
        return data
    return head + b"".join(part.whole for part in parts if not part.words)


def telling(part: Part) -> bool:
    """May this metadata name a position? Compressed words are not read but taken for some that do."""
    if part.name == b"eXIf" or part.body.startswith(EXIF):
        return positioned(EXIF + part.body.removeprefix(EXIF))
    packed = part.name == b"zTXt" or (part.name == b"iTXt" and part.body.partition(b"\0")[2][:1] == b"\1")
    hexed = part.name == b"tEXt" and part.body.startswith(b"Raw profile")
    return packed or hexed or bool(PLACES.search(part.body))


def positioned(exif: bytes) -> bool:
    """Has an EXIF block a position? One that cannot be read may have."""
    tags = Image.Exif()
    try:
        tags.load(exif)
    except COMPLAINTS:
        return True
    return GPS in tags


def segments(data: bytes) -> Iterator[Part]:
    """A JPEG's segments, up to its first end; the coded pixels of a scan belong to its segment."""
    at, mark = 2, 0
    while mark != END:
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if data[at] != 0xFF:
            raise ValueError("no mark where a JPEG's segment should begin")
        mark = data[at + 1]
        stop = at + 2 if mark == END else at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        body = data[at + 4 : stop]
        stop = coded(data, stop) if mark == SCAN else stop
        yield Part(bytes([mark]), body, data[at:stop])
        at = stop


def coded(data: bytes, at: int) -> int:
    """Where the coded pixels from `at` on end."""
    found = CODED.search(data, at)
    if found is None:
        raise EOFError("image file is truncated")
    return found.start()


def chunks(data: bytes) -> Iterator[Part]:
    """A PNG's chunks, up to its last."""
    at, name = 8, b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", data, at)
        yield Part(name, data[at + 8 : at + 8 + size], data[at : at + size + 12])
        at += size + 12


PARTS = {"jpeg": segments, "png": chunks}
HEADS = {"jpeg": 2, "png": 8}
