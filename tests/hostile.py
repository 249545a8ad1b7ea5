"""A server that says anything: raw bytes, at any pace, and lies. On loopback, within the test's own loop.

async with hostile({"/a.jpg": answer(JPEG)}) as server:
    ...
    server.url("/a.jpg"), server.seen
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from imgtool.records import Fetched, ImageRef, Skipped
from scraper.crew import Crew
from scraper.fetch import Fetcher
from scraper.limits import Limits
from scraper.transport import AiohttpTransport

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4  # begins like one; nothing here decodes
QUICK = Limits(  # the same bounds as for users, a hundredth as long
    allow_private=True,
    connect=1.0,
    first_byte=0.3,
    stall=0.3,
    stall_bytes=1024,
    total=1.5,
    body=1024 * 1024,
    retries=0,
    breaker=1000,
)


@dataclass
class Visit:
    """One request, and the wire to answer it on."""

    path: str
    head: str
    writer: asyncio.StreamWriter
    number: int  # of the connection it came on

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def header(self, name: str) -> str:
        lines = (line.partition(":") for line in self.head.splitlines()[1:])
        return next((value.strip() for key, _, value in lines if key.lower() == name.lower()), "")

    def drop(self) -> None:
        """A reset, not a goodbye."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Answer: TypeAlias = bytes | Callable[[Visit], Awaitable[None]]


@dataclass
class Hostile:
    """What the server will say, and what it was asked."""

    answers: Mapping[str, Answer]
    port: int = 0
    scheme: str = "http"
    seen: list[Visit] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [visit.path for visit in self.seen if visit.path != "/robots.txt"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split()[1]
                visit = Visit(path, head, writer, number)
                self.seen.append(visit)
                said = self.answers.get(path, self.answers.get("*", answer(b"", status="404 Not Found")))
                if callable(said):
                    await said(visit)
                    break
                await visit.send(said)
                if b"content-length" not in said.lower() or b"connection: close" in said.lower():
                    break
        writer.close()


@asynccontextmanager
async def hostile(answers: Mapping[str, Answer], tls: ssl.SSLContext | None = None) -> AsyncIterator[Hostile]:
    server = Hostile(answers, scheme="https" if tls else "http")
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        with suppress(asyncio.CancelledError):  # the test is over
            await server.serve(reader, writer)
        tasks.discard(task)
        writer.transport.abort()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # aborted sockets close in the next turn of the loop


def answer(body: bytes = JPEG, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A well-formed answer, unless told otherwise."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def bare(*lines: str, body: bytes = b"") -> bytes:
    """A head of exactly these lines."""
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def to(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {location}", status=status)


def drip(data: bytes, pause: float) -> Callable[[Visit], Awaitable[None]]:
    """A byte, a pause, a byte …"""

    async def dripping(visit: Visit) -> None:
        for byte in data:
            await visit.send(bytes([byte]))
            await asyncio.sleep(pause)

    return dripping


async def silence(visit: Visit) -> None:
    await asyncio.sleep(60)


def in_turn(*answers: Answer) -> Callable[[Visit], Awaitable[None]]:
    """The first answer first, the last one for ever."""
    left = list(answers)

    async def next_one(visit: Visit) -> None:
        said = left.pop(0) if len(left) > 1 else left[0]
        if callable(said):
            await said(visit)
        else:
            await visit.send(said)

    return next_one


def fetched(
    answers: Mapping[str, Answer], path: str = "/a.jpg", *, sink: Path, limits: Limits = QUICK, **more: Any
) -> tuple[Fetched | Skipped, Hostile]:
    """One picture, from a hostile server to a file, with everything that lies between."""

    async def run() -> tuple[Fetched | Skipped, Hostile]:
        tls = more.pop("tls", None)
        async with hostile(answers, tls) as server, AiohttpTransport(limits) as transport:
            fallback = more.pop("fallback", "")
            url = server.url(path) if path.startswith("/") else path
            ref = ImageRef(url=url, label="cat", engine="urls", fallback_url=fallback and server.url(fallback), **more)
            return await Fetcher(transport, limits, Crew(limits)).fetch(ref, sink), server

    return asyncio.run(run())
