"""Pictures written out in a `data:` address."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from imgtool.records import Reason, Refusal
from scraper.limits import MIB

LARGEST = 32 * MIB  # as Limits.body: what may not be fetched may not be typed in either

_HEAD = re.compile(r"data:([^,;]*)((?:;[^,;]*)*),", re.IGNORECASE)
_SPACE = re.compile(rb"[\s\x00]+")


def decode_data_url(url: str) -> bytes | Refusal:
    """The bytes that a `data:` address holds, at most 32 MiB of them."""
    head = _HEAD.match(url)
    if not head:
        return Refusal(Reason.BAD_URL, "not a data: address")
    mime, options = head[1].strip().lower(), head[2].lower().split(";")
    if mime and not mime.startswith("image/"):
        return Refusal(Reason.NOT_IMAGE, f"data: address of {mime[:40]}")
    if len(url) - head.end() > 4 * LARGEST:  # every byte as %xx is three signs; base64 is less
        return Refusal(Reason.TOO_LARGE, f"data: address of {len(url)} characters")
    body = unquote_to_bytes(url[head.end() :].encode("utf-8", "replace"))
    held = _unpacked(body) if "base64" in (option.strip() for option in options) else body
    if isinstance(held, bytes) and len(held) > LARGEST:
        return Refusal(Reason.TOO_LARGE, f"data: address of {len(held)} bytes")
    return held


def _unpacked(body: bytes) -> bytes | Refusal:
    signs = _SPACE.sub(b"", body).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return base64.b64decode(signs + b"=" * (-len(signs) % 4), validate=True)
    except (binascii.Error, ValueError):
        return Refusal(Reason.BAD_URL, "data: address with broken base64")
