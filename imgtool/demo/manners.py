"""How each kind of address behaves when it is asked for: one function a kind, most of them plain."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from imgtool.demo.files import content, media_type
from imgtool.demo.kinds import Kind
from imgtool.demo.world import Plant

DRIPS, DRIP = 8, 0.25  # pieces of a slow body and the seconds between them: two seconds in all
ENDLESS = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(64 * 1024)
HOPS = 3  # redirects of a chain
INWARD = ("http://127.0.0.1:25/inbox.jpg", "http://224.0.0.1/camera.jpg")  # a mail port; a multicast address
EXTRA = {
    Kind.NO_AI: {"X-Robots-Tag": "noai, noimageai"},
    Kind.TDM: {"tdm-reservation": "1"},
    Kind.OTHER_BOT: {"X-Robots-Tag": "shoppingbot: noai"},
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for one address."""

    request: web.BaseRequest
    plant: Plant
    seed: int
    stall: float
    before: int = 0  # requests for the same address so far
    step: int = 0  # how many redirects led here
    headers: Mapping[str, str] = field(default_factory=dict)

    async def body(self) -> bytes:
        """The file, drawn away from the loop."""
        return await asyncio.to_thread(content, self.plant, self.seed)

    @property
    def told(self) -> dict[str, str]:
        """The headers of a whole answer."""
        return {"Content-Type": media_type(self.plant), **EXTRA.get(self.plant.kind, {})}


Manner = Callable[[Visit], Awaitable[web.StreamResponse]]


async def answer(visit: Visit) -> web.StreamResponse:
    """What the address does."""
    return await MANNERS.get(visit.plant.kind, whole)(visit)


async def whole(visit: Visit) -> web.StreamResponse:
    """The file, plainly."""
    return web.Response(body=await visit.body(), headers=visit.told)


def status(code: int, headers: Mapping[str, str] | None = None) -> Manner:
    """An answer that is no picture."""

    async def manner(_: Visit) -> web.StreamResponse:
        return web.Response(status=code, text=f"{code}\n", headers=headers)

    return manner


def at_first(code: int, headers: Mapping[str, str] | None = None) -> Manner:
    """A refusal the first time, the file from then on."""

    async def manner(visit: Visit) -> web.StreamResponse:
        return await (whole if visit.before else status(code, headers))(visit)

    return manner


def redirects(count: int) -> Manner:
    """So many redirects, then the file."""

    async def manner(visit: Visit) -> web.StreamResponse:
        if visit.step >= count:
            return await whole(visit)
        return away(f"/moved/{visit.step + 1}{visit.plant.path}", 301)

    return manner


def away(where: str, code: int = 302) -> web.Response:
    """A redirect."""
    return web.Response(status=code, headers={"Location": where})


async def circle(visit: Visit) -> web.StreamResponse:
    """There and back again."""
    return away(visit.plant.path if visit.step else f"/moved/1{visit.plant.path}")


async def inward(visit: Visit) -> web.StreamResponse:
    """To where no picture is, inside the asker's own network."""
    return away(INWARD[int(visit.plant.key, 16) % len(INWARD)])


async def to_file(_: Visit) -> web.StreamResponse:
    """To a file of the asker's."""
    return away("file:///etc/hostname")


async def slow(visit: Visit) -> web.StreamResponse:
    """The file, in drips."""
    body = await visit.body()
    response = await begun(visit, len(body))
    size = -(-len(body) // DRIPS)
    for start in range(0, len(body), size):
        await asyncio.sleep(DRIP)
        await response.write(body[start : start + size])
    return response


async def stalled(visit: Visit) -> web.StreamResponse:
    """A beginning, then nothing for a while, then the end of the connection."""
    response = await begun(visit, 100_000)
    await response.write(ENDLESS[:2048])
    await asyncio.sleep(visit.stall)
    return hung_up(visit, response)


async def cut_off(visit: Visit) -> web.StreamResponse:
    """Less than was announced."""
    body = await visit.body()
    response = await begun(visit, 2 * len(body))
    await response.write(body)
    return hung_up(visit, response)


async def reset(visit: Visit) -> web.StreamResponse:
    """A beginning, then a reset."""
    response = await begun(visit, 100_000)
    await response.write(ENDLESS[:4096])
    return hung_up(visit, response, hard=True)


async def endless(visit: Visit) -> web.StreamResponse:
    """More and more, until the asker hangs up."""
    response = await begun(visit, None)
    while True:
        try:
            await response.write(ENDLESS)
        except ConnectionError:
            return response


async def begun(visit: Visit, length: int | None) -> web.StreamResponse:
    """An answer whose head is sent."""
    response = web.StreamResponse(headers={"Content-Type": "image/jpeg"} | visit.told)
    response.content_length = length
    await response.prepare(visit.request)
    return response


def hung_up(visit: Visit, response: web.StreamResponse, *, hard: bool = False) -> web.StreamResponse:
    """The connection closed under the answer; hard = with a reset."""
    transport = visit.request.transport
    if transport is not None:
        if hard:
            linger = struct.pack("ii", 1, 0)  # closing at once discards what is unsent and sends RST
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()
        else:
            transport.close()
    return response


MANNERS: dict[Kind, Manner] = {
    Kind.SLOW: slow,
    Kind.MOVED: redirects(1),
    Kind.CHAIN: redirects(HOPS),
    Kind.HICCUP: at_first(500),
    Kind.BUSY: at_first(429, {"Retry-After": "1"}),
    Kind.RESCUED: status(404),
    Kind.GONE: status(404),
    Kind.WITHDRAWN: status(410),
    Kind.DOWN: status(500),
    Kind.LOOP: circle,
    Kind.INWARD: inward,
    Kind.TO_FILE: to_file,
    Kind.CUT_OFF: cut_off,
    Kind.STALLED: stalled,
    Kind.RESET: reset,
    Kind.ENDLESS: endless,
}
