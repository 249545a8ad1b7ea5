"""What bytes are, by their first few: neither a name nor a Content-Type is believed."""

from __future__ import annotations

import re
import zlib
from functools import cache
from importlib.util import find_spec

from imgtool.records import Reason, Refusal

PHONE = "HEIC, which the extra imgtool-datasets[heic] reads"
HEIF = rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)"
HEAD = 1024  # bytes looked at; an SVG may open with comments and a doctype

TAKEN: tuple[tuple[str, re.Pattern[bytes]], ...] = tuple(
    (name, re.compile(pattern, re.DOTALL))
    for name, pattern in (
        ("jpeg", rb"\xff\xd8\xff"),
        ("png", rb"\x89PNG\r\n\x1a\n"),
        ("webp", rb"RIFF....WEBP"),
        ("gif", rb"GIF8[79]a"),
        ("avif", rb"....ftyp(avif|avis)|\0\0\0.ftyp(mif1|msf1|miaf)....([^\0].{3})*?(avif|avis)"),
        ("bmp", rb"BM.{12}[\x0c\x10-\x7c]\0\0\0|BM.{4}\0\0\0\0"),
        ("tiff", rb"II[*+]\0|MM\0[*+]"),
        ("heif", HEIF),
    )
)
EXTRA = {"heif": "pillow_heif"}  # formats whose reader is installed by who wants it: it brings x265, which is GPL

REFUSED: tuple[tuple[str, Reason, re.Pattern[bytes]], ...] = tuple(
    (name, reason, re.compile(pattern, re.DOTALL))
    for name, reason, pattern in (
        ("SVG", Reason.UNSUPPORTED, rb"(\xef\xbb\xbf)?\s*<svg[\s>]"),
        ("SVG", Reason.UNSUPPORTED, rb"(\xef\xbb\xbf)?\s*<(\?xml|!--|!doctype svg).*?<svg[\s>]"),
        ("HTML", Reason.NOT_IMAGE, rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|script|!--)"),
        ("XML", Reason.NOT_IMAGE, rb"(\xef\xbb\xbf)?\s*<(\?xml|[a-z]+[\s>])"),
        ("JSON", Reason.NOT_IMAGE, rb"(\xef\xbb\xbf)?\s*[\[{]\s*[\"\[{\d]"),
        ("EPS or PostScript", Reason.UNSUPPORTED, rb"%!ps|\xc5\xd0\xd3\xc6"),
        ("PDF", Reason.UNSUPPORTED, rb"%pdf-"),
        ("icon", Reason.UNSUPPORTED, rb"\0\0[\x01\x02]\0[^\0]\0"),
        ("PPM", Reason.UNSUPPORTED, rb"p[1-7f]\s?[\s#\d]"),
        ("JPEG 2000", Reason.UNSUPPORTED, rb"\0\0\0\x0cjp  |\xff\x4f\xff\x51"),
        ("JPEG XL", Reason.UNSUPPORTED, rb"\xff\x0a|\0\0\0\x0cjxl "),
        (PHONE, Reason.UNSUPPORTED, HEIF),
        ("video", Reason.NOT_IMAGE, rb"....ftyp|\x1a\x45\xdf\xa3|riff....avi "),
        ("Photoshop", Reason.UNSUPPORTED, rb"8bps"),
        ("WMF or EMF", Reason.UNSUPPORTED, rb"\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} emf"),
        ("FITS", Reason.UNSUPPORTED, rb"simple  ="),
        ("HDF5", Reason.UNSUPPORTED, rb"\x89hdf\r\n"),
        ("OpenEXR or Radiance", Reason.UNSUPPORTED, rb"\x76\x2f\x31\x01|#\?radiance"),
        ("GIMP, DDS, QOI or ICNS", Reason.UNSUPPORTED, rb"gimp xcf|dds |qoif|icns"),
        ("ZIP", Reason.NOT_IMAGE, rb"pk\x03\x04"),
        ("gzip", Reason.NOT_IMAGE, rb"\x1f\x8b"),
        ("text", Reason.NOT_IMAGE, rb"[\t\n\r\x20-\x7e]{16}"),
    )
)


def sniff(data: bytes) -> str | Refusal:
    """The format's name, or why bytes that open so are not taken."""
    head = data[:HEAD]
    for name, magic in TAKEN:
        if magic.match(head) and readable(name):
            return name
    return refusal(head)


@cache
def readable(kind: str) -> bool:
    """Is that format's reader on this machine?"""
    return kind not in EXTRA or find_spec(EXTRA[kind]) is not None


def refusal(head: bytes) -> Refusal:
    """What a file is that is none of ours."""
    if not head:
        return Refusal(Reason.NOT_IMAGE, "empty file")
    inner = unzipped(head)
    if inner.lower().find(b"<svg") >= 0:
        return Refusal(Reason.UNSUPPORTED, "SVG, compressed")
    low = head.lower()
    for name, reason, magic in REFUSED:
        if magic.match(low):
            return Refusal(reason, name)
    return Refusal(Reason.NOT_IMAGE, "unknown bytes")


def unzipped(head: bytes) -> bytes:
    """The first bytes inside a gzip; nothing when it is none."""
    if not head.startswith(b"\x1f\x8b"):
        return b""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD)
    except zlib.error:
        return b""
