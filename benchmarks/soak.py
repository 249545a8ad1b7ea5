"""Minutes of good and bad uploads: no answer but the right one, and memory as it was.

    python benchmarks/soak.py model.keras photos/                 # 5 minutes, 32 clients, 5 % bad
    python benchmarks/soak.py model.keras photos/ --minutes 0.3 --bad 30

Of the bad ones each is of a kind in turn: cut off, empty, text, a drawing, a page, a program's bomb, too large, made of
too many parts, of another site, for a model that is not there, or from a client that hangs up. Every kind knows the
answers that are right; any other is printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import itertools
import json
import random
import struct
import sys
import urllib.request
import zlib
from collections.abc import Iterator

from asking import Heard, Request, asked, cores, for_seconds, memory, post, so_many
from serve import WARM, Server, pictures, serving, turns

CLIENTS = 32
LOOKS = 10  # at the memory
LARGE = 33 << 20  # bytes: more than a picture may have
EDGE = "x-edge-of-a-part"


def bomb(side: int) -> bytes:
    """A PNG that says it has so many pixels a side, and has next to nothing."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT" + zlib.compress(bytes(1000)), b"IEND")
    packed = (struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def parts(count: int) -> bytes:
    """A form of so many fields, and no picture."""
    field = f'--{EDGE}\r\ncontent-disposition: form-data; name="f"\r\n\r\nx\r\n'
    return (field * count + f"--{EDGE}--\r\n").encode()


def form(picture: bytes) -> bytes:
    """A form with a picture."""
    head = f'--{EDGE}\r\ncontent-disposition: form-data; name="file"; filename="../../a.jpg"\r\n\r\n'.encode()
    return head + picture + f"\r\n--{EDGE}--\r\n".encode()


def bad(at: str, good: bytes) -> list[Request]:
    """One of each kind, with the answers that are right."""
    multipart = f"multipart/form-data; boundary={EDGE}"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

    def one(kind: str, data: bytes, *fine: int, cut: int = 0) -> Request:
        return Request(kind, data, frozenset(fine), cut)

    return [
        one("cut off", post(at, good[: len(good) // 2]), 422),
        one("empty", post(at, b""), 422),
        one("text", post(at, b"hello " * 100), 415),
        one("svg", post(at, svg, "image/svg+xml"), 415),
        one("html", post(at, b"<!doctype html><script>alert(1)</script>"), 415),
        one("pdf", post(at, b"%PDF-1.7\n" + bytes(100)), 415),
        one("eps", post(at, b"%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(100)), 415),
        one("what has no reader", post(at, good, "application/x-thing"), 415),
        one("pixel bomb", post(at, bomb(100_000)), 413, 422),
        one("too large", post(at, bytes(LARGE)), 413),
        one("many parts", post(at, parts(20_000), multipart), 413, 422),
        one("a form that never ends", post(at, form(good)[:-40], multipart), 400, 422),
        one("no JSON", post(at, b"{", "application/json"), 400),
        one("no base64", post(at, b'{"image": "?"}', "application/json"), 422),
        one("an address", post(at, b'{"url": "http://169.254.169.254/"}', "application/json"), 403),
        one("no such model", post(at, good, path="/api/predict?model=..%2F..%2Fx"), 404),
        one("another site", post(at, good, origin="http://evil.example"), 403),
        one("another name", post(at, good, x="y").replace(b"127.0.0.1", b"evil.example", 1), 403),
        one("hangs up", post(at, good), cut=len(good) // 2),
        one("hangs up before its answer", post(at, good), cut=1 << 40),
    ]


def good(at: str, held: list[bytes]) -> Iterator[Request]:
    """The ways in which a picture may be sent, in turn."""
    for data in itertools.cycle(held):
        yield Request("raw", post(at, data))
        yield Request("form", post(at, form(data), f"multipart/form-data; boundary={EDGE}"))
        body = json.dumps({"image": base64.b64encode(data).decode()}).encode()
        yield Request("json", post(at, body, "application/json"))


def mixed(at: str, held: list[bytes], percent: float) -> Iterator[Request]:
    """Good ones, and so many of a hundred bad."""
    chance, fine, foul = random.Random(0), good(at, held), itertools.cycle(bad(at, held[0]))
    while True:
        yield next(foul) if 100 * chance.random() < percent else next(fine)


async def watched(server: Server, flow: Iterator[Request], seconds: float) -> tuple[Heard, list[float]]:
    """What is heard, and the MB held at the beginning and after each tenth of the time."""
    held = [memory(server.pid)]

    async def look() -> None:
        for _ in range(LOOKS):
            await asyncio.sleep(seconds / LOOKS)
            held.append(memory(server.pid))

    looking = asyncio.create_task(look())
    heard = await asked(server.at, CLIENTS, flow, for_seconds(seconds))
    await looking
    return heard, held


def told(heard: Heard, server: Server, held: list[float]) -> None:
    """What came back."""
    print("| sent | answered | times |\n|---|---|---|")
    for (kind, status), count in sorted(heard.answers.items()):
        print(f"| {kind} | {status or 'nothing, as it left'} | {count:,} |")
    total = sum(heard.answers.values())
    print(f"\n{total:,} requests in {heard.seconds:.0f} s by {CLIENTS} clients on {cores()} cores:", end=" ")
    print(f"{heard.rate:.1f} good ones a second, p50 {heard.at(0.5):.0f} ms, p99 {heard.at(0.99):.0f} ms.")
    print(f"MB held, before and after each tenth: {' '.join(f'{each:.0f}' for each in held)}")
    with urllib.request.urlopen(f"{server.at}/healthz", timeout=10) as reply:
        print(f"Afterwards it says: {reply.read().decode()}")


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("model")
    given.add_argument("pictures", help="a folder with JPEGs")
    given.add_argument("--minutes", type=float, default=5)
    given.add_argument("--bad", type=float, default=5, metavar="PERCENT")
    taken = given.parse_args()
    held = pictures(taken.pictures)
    with serving("imgtool", taken.model, sys.executable) as server:
        asyncio.run(asked(server.at, CLIENTS, turns(server.at, held), so_many(WARM)))
        flow = mixed(server.at, held, taken.bad)
        heard, weighed = asyncio.run(watched(server, flow, 60 * taken.minutes))
        told(heard, server, weighed)
    for line in heard.wrong[:20]:
        print(f"wrong: {line}")
    sys.exit(bool(heard.wrong))


if __name__ == "__main__":
    main()
