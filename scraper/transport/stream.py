"""Bodies taken in: into a file or into memory, opened, counted, and watched while they arrive."""

from __future__ import annotations

import os
from pathlib import Path

from aiohttp import ClientResponse

from imgtool.records import Reason
from scraper.doorway import Check, Crowded, Unreachable
from scraper.inflate import opener
from scraper.limits import MIB, Limits
from scraper.magic import ENOUGH
from scraper.reply import Headers, Reply
from scraper.transport.mishaps import FULL, MISHAPS, unreachable
from scraper.transport.watch import Watch

WHOLE = MIB  # bodies up to this are awaited whole: one wake-up and one write instead of one for each packet
BUFFER = WHOLE // 2  # aiohttp lets twice its buffer gather before it stops reading
PIECE = 256 * 1024  # bytes of longer ones that are gathered before each write
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)


class Body:
    """An answer whose head has arrived: `doorway.Stream`."""

    def __init__(
        self, response: ClientResponse, reply: Reply, guard: str, watch: Watch, limits: Limits, deadline: float
    ) -> None:
        self.reply = reply
        self.guard = guard
        self._content = response.content
        self._watch = watch
        self._limits = limits
        self._deadline = deadline
        self._length = _length(reply.headers)

    async def save(self, sink: Path, check: Check | None = None) -> int:
        """Write the body to `sink`; the number of bytes. `check` sees its beginning before a file is made."""
        self._begin(self._limits.body)
        try:
            head = await self._next(ENOUGH)
            refusal = check(head) if check else None
            if refusal:
                raise Unreachable(refusal.reason, refusal.detail, status=self.reply.status)
            return await self._write(sink, head)
        finally:
            self._watch.drop(self._content)

    async def read(self, cut: int = 0) -> bytes:
        """The body in memory; of one longer than `cut` (if set) the first `cut` bytes."""
        self._begin(self._limits.page_body, cut)
        gathered = bytearray()
        try:
            while piece := await self._next(PIECE):
                gathered += piece
                if 0 < cut <= len(gathered):
                    return bytes(gathered[:cut])
            return bytes(gathered)
        finally:
            self._watch.drop(self._content)

    def _begin(self, limit: int, cut: int = 0) -> None:
        if self._length > limit and not cut:
            raise Unreachable(Reason.TOO_LARGE, f"{self._length} bytes", status=self.reply.status)
        self._opening = opener(self.reply.headers, limit)
        self._watch.add(self._content, self._deadline)

    async def _next(self, least: int) -> bytes:
        """At least so many bytes of the opened body; fewer at its end."""
        gathered = b""
        while len(gathered) < least:
            raw = await self._arrive()
            if not raw:
                self._opening.end()
                break
            gathered = gathered + self._opening.feed(raw) if gathered else self._opening.feed(raw)
        return gathered

    async def _arrive(self) -> bytes:
        content = self._content
        try:
            if 0 <= self._length <= WHOLE and content.exception() is None:
                await content.wait_eof()
                return content.read_nowait()
            return await content.readany()
        except MISHAPS as error:
            raise unreachable(error) from error

    async def _write(self, sink: Path, piece: bytes) -> int:
        size = 0
        file = _create(sink)
        try:
            while piece:
                size += _write_all(file, piece)
                piece = await self._next(PIECE)
        finally:
            os.close(file)
        return size


def _length(headers: Headers) -> int:
    """What the server says the body measures; -1 if it does not."""
    text = headers.get("content-length")
    return int(text) if text.isascii() and text.isdigit() and not headers.get("transfer-encoding") else -1


def _create(sink: Path) -> int:
    try:
        return os.open(sink, NEW, 0o666)
    except OSError as error:
        raise Crowded(error.errno, error.strerror) if error.errno in FULL else error from None


def _write_all(file: int, piece: bytes) -> int:
    written = os.write(file, piece)
    while written < len(piece):  # a full disk takes a part first, and says so at the next try
        written += os.write(file, memoryview(piece)[written:])
    return written
