"""What passes through the gate: requests to a proxy read, tunnels and single exchanges carried: HTTP/1.1."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

PIECE = 64 * 1024  # bytes carried at a time; also asyncio's bound on the head of a request
LONGEST = 8 * 1024 * 1024  # bytes of a request's body
HOP = {"proxy-authorization", "proxy-connection", "connection", "keep-alive"}  # meant for the next hop alone


@dataclass(frozen=True, slots=True)
class Road:
    """A connection, both ways."""

    reader: StreamReader
    writer: StreamWriter

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Closed at the end, whatever happened."""
        try:
            yield
        finally:
            self.writer.close()


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request to a proxy."""

    method: str
    url: str
    version: str
    fields: tuple[tuple[str, str], ...]

    @property
    def connect(self) -> bool:
        """Does it ask for a tunnel?"""
        return self.method == "CONNECT"

    @property
    def password(self) -> bytes:
        """What it says to be let through."""
        return self._field("proxy-authorization").encode("latin-1")

    @property
    def length(self) -> int:
        """Bytes of its body. Raises ValueError for a length that is none or too much."""
        length = int(self._field("content-length") or "0")
        if not 0 <= length <= LONGEST or self._field("transfer-encoding"):
            raise ValueError(length)
        return length

    def onward(self) -> bytes:
        """The head as the server gets it: its own path, and no second request on this connection."""
        parts = urlsplit(self.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept = [f"{name}: {value}" for name, value in self.fields if name.lower() not in HOP]
        return "\r\n".join([f"{self.method} {path} {self.version}", *kept, "Connection: close", "", ""]).encode(
            "latin-1"
        )

    def _field(self, wanted: str) -> str:
        return next((value for name, value in self.fields if name.lower() == wanted), "")


async def read_request(browser: Road) -> Request:
    """The next request. Raises ValueError, EOFError, LimitOverrunError for what is none."""
    head = (await browser.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    start, *lines = head[:-4].split("\r\n")
    method, target, version = start.split(" ")
    fields = ((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
    return Request(method, f"https://{target}" if method == "CONNECT" else target, version, tuple(fields))


def no(status: int, field: bytes) -> bytes:
    """The gate's own answer; not empty, for which Chromium would put an error page of its own."""
    return b"HTTP/1.1 %d No\r\n%sContent-Length: 3\r\nConnection: close\r\n\r\nno\n" % (status, field)


async def tunnel(browser: Road, there: Road) -> None:
    """Carry both ways until both have ended."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_carry(browser.reader, there.writer))
        group.create_task(_carry(there.reader, browser.writer))


async def exchange(request: Request, browser: Road, there: Road) -> None:
    """One request there, its answer back."""
    there.writer.write(request.onward())
    there.writer.write(await browser.reader.readexactly(request.length))
    await _carry(there.reader, browser.writer)


async def _carry(source: StreamReader, sink: StreamWriter) -> None:
    try:
        while piece := await source.read(PIECE):
            sink.write(piece)
            await sink.drain()
        sink.write_eof()
    except OSError:  # one side went away: so does the other
        sink.close()
