"""Many clients of a server, each asking again as soon as it is answered: no library between them and the socket.

A client that costs as much as the server measures itself. This one writes bytes that were made beforehand, and reads
a status line, a length and a body. It keeps its connection as long as the server does.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 60.0  # s without an answer


@dataclass(frozen=True, slots=True)
class Request:
    """Bytes to be sent, and what may be answered."""

    kind: str
    data: bytes
    fine: frozenset[int] = frozenset({200})
    cut: int = 0  # bytes after which the client hangs up; 0 = it waits for the answer


@dataclass(slots=True)
class Heard:
    """What came back."""

    times: list[float] = field(default_factory=list)  # s, of good answers to good requests
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)  # what should not have been answered
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.times) / self.seconds

    def at(self, share: float) -> float:
        """The time within which that share was answered, in ms."""
        times = sorted(self.times)
        return 1000 * times[min(len(times) - 1, math.ceil(share * len(times)) - 1)] if times else math.nan


def post(at: str, body: bytes, kind: str = "image/jpeg", path: str = "/api/predict", **headers: str) -> bytes:
    """A request as it goes over the wire."""
    head = {"host": urlsplit(at).netloc, "content-type": kind, "content-length": str(len(body))} | headers
    lines = [f"POST {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in head.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def asked(at: str, clients: int, requests: Iterator[Request], more: Callable[[Heard], bool]) -> Heard:
    """What so many clients hear, until there is no more to be asked."""
    heard, began = Heard(), time.perf_counter()
    await asyncio.gather(*(client(at, requests, more, heard) for _ in range(clients)))
    heard.seconds = time.perf_counter() - began
    return heard


def for_seconds(seconds: float) -> Callable[[Heard], bool]:
    """Until the time is over."""
    end = time.perf_counter() + seconds
    return lambda _: time.perf_counter() < end


def so_many(count: int) -> Callable[[Heard], bool]:
    """Until so many have begun."""
    left = itertools.count(count, -1)
    return lambda _: next(left) > 0


async def client(at: str, requests: Iterator[Request], more: Callable[[Heard], bool], heard: Heard) -> None:
    """One of them."""
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while more(heard):
        asking, began = next(requests), time.perf_counter()
        try:
            line = line or await asyncio.open_connection(urlsplit(at).hostname, urlsplit(at).port)
            status, body, stays = await asyncio.wait_for(told(*line, asking), PATIENCE)
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError) as error:
            status, body, stays = 0, repr(error).encode(), False
        note(heard, asking, status, body, time.perf_counter() - began)
        if not stays and line:
            line[1].close()
            line = None
    if line:
        line[1].close()


async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asking: Request) -> tuple[int, bytes, bool]:
    """Status, body, and whether the connection stays."""
    sending = asyncio.ensure_future(sent(writer, asking.data[: asking.cut or None]))
    if asking.cut:
        await sending
        return 0, b"", False
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        body = await reader.readexactly(size)
        early = not sending.done()  # refused before it was read: nobody knows what is still on its way
        return int(head.split(None, 2)[1]), body, not early and b"connection: close" not in head
    finally:
        sending.cancel()


async def sent(writer: asyncio.StreamWriter, data: bytes) -> None:
    """All of it, unless the other side has heard enough."""
    try:
        writer.write(data)
        await writer.drain()
    except ConnectionError:
        return


def note(heard: Heard, asking: Request, status: int, body: bytes, took: float) -> None:
    """Write down what came back."""
    heard.answers[asking.kind, status] += 1
    if status == 200 and 200 in asking.fine:
        heard.times.append(took)
    elif not asking.cut and status not in asking.fine:
        heard.wrong.append(f"{asking.kind}: {status} {body[:200]!r}")


def family(root: int) -> Iterator[int]:
    """A process and those below it."""
    yield root
    for task in Path(f"/proc/{root}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def memory(root: int) -> float:
    """MB that a process and those below it hold, what they share counted once."""
    held = 0
    for each in family(root):
        text = Path(f"/proc/{each}/smaps_rollup").read_text()
        held += int(text.partition("\nPss:")[2].split()[0])
    return held / 1024


def cores() -> int:
    """Processors that are ours."""
    return len(os.sched_getaffinity(0))
