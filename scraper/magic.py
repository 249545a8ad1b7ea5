"""The first bytes of a body in, what it is out: what servers and file names say of a picture is not asked."""

from __future__ import annotations

import re

from imgtool.records import Reason, Refusal

SMALLEST = 26  # bytes of the smallest whole picture there is, a GIF
ENOUGH = 512  # bytes that tell everything this module can tell

_PICTURES = re.compile(
    rb"\xff\xd8\xff"  # JPEG
    rb"|\x89PNG\r\n\x1a\n"
    rb"|GIF8[79]a"
    rb"|RIFF....WEBP"
    rb"|....ftyp(?:avif|avis)"
    rb"|....ftyp(?:mif1|msf1).{4}(?:....){0,12}?avi[fs]"  # AVIF that names itself second
    rb"|BM.{8}"
    rb"|II\*\x00|MM\x00\*|II\+\x00|MM\x00\+",  # TIFF, BigTIFF
    re.DOTALL,
)

# Pictures that are not taken (no decoder that we would trust with foreign bytes), then what is no picture at all.
_OTHERS: tuple[tuple[Reason, str, re.Pattern[bytes]], ...] = tuple(
    (reason, name, re.compile(pattern, re.DOTALL | re.IGNORECASE))
    for reason, name, pattern in (
        (Reason.NOT_IMAGE, "HTML page", rb"\s*(?:<!--.{0,200}?-->\s*)?<(?:!doctype )?(?:html|head|body|script|meta)\b"),
        (Reason.UNSUPPORTED, "SVG", rb"\s*<(?:svg[\s>]|!doctype svg|[?!].*<svg[\s>])"),
        (Reason.UNSUPPORTED, "HEIC", rb"....ftyp(?:heic|heix|hevc|mif1|msf1)"),
        (Reason.UNSUPPORTED, "JPEG XL", rb"\xff\x0a|\x00\x00\x00\x0cJXL \r\n"),
        (Reason.UNSUPPORTED, "JPEG 2000", rb"\x00\x00\x00\x0cjP  \r\n|\xff\x4f\xff\x51"),
        (Reason.UNSUPPORTED, "icon", rb"\x00\x00[\x01\x02]\x00.\x00"),
        (Reason.UNSUPPORTED, "Photoshop", rb"8BPS"),
        (Reason.UNSUPPORTED, "EPS", rb"%!PS|\xc5\xd0\xd3\xc6"),
        (Reason.UNSUPPORTED, "PDF", rb"%PDF-"),
        (Reason.NOT_IMAGE, "XML", rb"\s*<\?xml"),
        (Reason.NOT_IMAGE, "JSON", rb"\s*[\[{]\s*(?:[\"\]}{\[]|\d)"),
        (Reason.NOT_IMAGE, "video", rb"....ftyp|\x1a\x45\xdf\xa3"),
        (Reason.NOT_IMAGE, "archive", rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!"),
        (Reason.NOT_IMAGE, "text", rb"[\t\n\r\x20-\x7e]{16}"),
    )
)  # fmt: skip


def refusal(head: bytes) -> Refusal | None:
    """Why a body that begins like this is no picture of ours; None if it looks like one."""
    if len(head) < SMALLEST:
        return Refusal(Reason.NOT_IMAGE, f"{len(head)} bytes" if head else "empty")
    if _PICTURES.match(head):
        return None
    start = head[:ENOUGH].removeprefix(b"\xef\xbb\xbf")
    found = ((reason, name) for reason, name, pattern in _OTHERS if pattern.match(start))
    return Refusal(*next(found, (Reason.NOT_IMAGE, f"begins with {head[:8].hex(' ')}")))
