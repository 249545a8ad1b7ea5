"""Compressed bodies opened a piece at a time, never beyond a bound."""

from __future__ import annotations

import zlib
from typing import Protocol

from imgtool.records import Reason
from scraper.doorway import Unreachable
from scraper.limits import MIB
from scraper.reply import Headers

RATIO = 100  # decoded over encoded; pages reach 20, bombs 1,000
FREE = MIB  # below this much no ratio is a danger, and an empty table may well shrink a hundredfold
WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
PLAIN = {"", "identity", "none", "binary", "utf-8"}  # some servers write nonsense for "nothing"


class Opener(Protocol):
    """Pieces in, pieces out."""

    def feed(self, data: bytes) -> bytes:
        """What the next piece of the body holds. Raises Unreachable."""
        ...

    def end(self) -> None:
        """The body has ended. Raises Unreachable if it should not have."""
        ...


def opener(headers: Headers, limit: int) -> Opener:
    """What opens a body with such headers. Raises Unreachable for what we never asked for."""
    named = [name.strip().lower() for line in headers.all("content-encoding") for name in line.split(",")]
    encodings = [name for name in named if name not in PLAIN]
    if not encodings:
        return Plain(limit)
    if len(encodings) > 1:
        raise Unreachable(Reason.DECODE_BOMB, f"encoded {len(encodings)} times: {', '.join(encodings)[:80]}")
    if encodings[0] not in WINDOWS:
        raise Unreachable(Reason.UNSUPPORTED, f"content-encoding {encodings[0][:40]}, which was not asked for")
    return Inflater(encodings[0], limit)


class Plain:
    """Nothing to open, only to count."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0

    def feed(self, data: bytes) -> bytes:
        """The piece itself."""
        self._size += len(data)
        if self._size > self._limit:
            raise Unreachable(Reason.TOO_LARGE, f"more than {self._limit} bytes")
        return data

    def end(self) -> None:
        """Always a good moment."""


class Inflater:
    """gzip and deflate, with the ratio and the sum bounded while they are opened."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._bits = WINDOWS[encoding]
        self._limit = limit
        self._inflate = zlib.decompressobj(self._bits)
        self._read = self._made = 0

    def feed(self, data: bytes) -> bytes:
        """What the next piece holds."""
        if not self._read and self._bits == 15 and data[:1] and data[0] & 0x0F != 8:
            self._inflate = zlib.decompressobj(-15)  # "deflate" without zlib's two bytes, as old servers send it
        self._read += len(data)
        made = bytearray()
        while data and not (self._inflate.eof and not data.strip(b"\0")):  # padding after gzip is no second member
            made += self._opened(data)
            data = self._inflate.unconsumed_tail or self._inflate.unused_data
            if self._inflate.eof:
                self._inflate = zlib.decompressobj(self._bits) if data.strip(b"\0") else self._inflate
        return bytes(made)

    def end(self) -> None:
        """Raises Unreachable if the last piece is missing."""
        if self._read and not self._inflate.eof:
            raise Unreachable(Reason.TRUNCATED, "compressed body ends early")

    def _opened(self, data: bytes) -> bytes:
        try:
            made = self._inflate.decompress(data, self._limit - self._made + 1)
        except zlib.error as error:
            raise Unreachable(Reason.TRUNCATED, f"broken compressed body: {error}") from error
        self._made += len(made)
        if self._made > self._limit or self._made > max(FREE, RATIO * self._read):
            raise Unreachable(Reason.DECODE_BOMB, f"{self._read} bytes open to more than {self._made - 1}")
        return made
