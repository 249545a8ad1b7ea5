"""A request's bytes as they arrive: bounded in number and time, and held only while there is room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import ClientDisconnect, Request

from imgtool.web.serve.room import MIB, SHARE, Share
from imgtool.web.serve.wrong import Wrong

REQUEST = 64 * MIB  # bytes of all of it
SILENCE = 10.0  # s without a byte; a phone at the edge of its network is quicker
WHOLE = 60.0  # s for all of it: 64 MiB at 1 MB a second
FAREWELL = 1.0  # s for whoever is still sending to hear that it was refused: a closed line would tell them nothing


async def chunks(request: Request) -> AsyncGenerator[bytes, None]:
    """The pieces of its body; Wrong when there is too much of it or it takes too long."""
    share: Share = request.scope[SHARE]
    clock = asyncio.get_running_loop()
    end, size = clock.time() + WHOLE, 0
    claimed = request.headers.get("content-length", "0")
    try:
        if not claimed.isdecimal() or int(claimed[:20]) > REQUEST:
            raise too_large()
        async with aclosing(request.stream()) as stream:
            while True:
                async with asyncio.timeout_at(min(end, clock.time() + SILENCE)):
                    chunk = await anext(stream, None)
                if chunk is None:
                    return
                size += len(chunk)
                if size > REQUEST:
                    raise too_large()
                share.take(len(chunk))
                yield chunk
    except TimeoutError:
        raise Wrong(408, "timeout", "That took too long.") from None
    except ClientDisconnect:
        raise Wrong(400, "bad_request", "It ended in the middle.") from None
    except (Wrong, GeneratorExit):  # too much of it, or whoever reads it has read enough
        await heard_out(request)
        raise


def too_large() -> Wrong:
    """All of it is."""
    return Wrong(413, "too_large", "That is too much at once.", f"A request may have {REQUEST // MIB} MiB.")


async def whole(request: Request) -> bytes:
    """All of it."""
    async with aclosing(chunks(request)) as pieces:
        return b"".join([piece async for piece in pieces])


async def heard_out(request: Request) -> None:
    """Let what is under way arrive, and forget it."""
    try:
        async with asyncio.timeout(FAREWELL):
            while (message := await request.receive())["type"] == "http.request" and message.get("more_body"):
                pass
    except TimeoutError:
        return
