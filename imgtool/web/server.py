"""An app on 127.0.0.1, or where a person asks for it, until Ctrl-C."""

from __future__ import annotations

import asyncio
import socket
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from typing import TypeAlias

import uvicorn
from starlette.types import ASGIApp

from imgtool.errors import UsageError
from imgtool.web.door import HERE
from imgtool.web.patience import Patient

Within: TypeAlias = AbstractAsyncContextManager[object]  # what is open while it serves

MANY = 256  # requests at once; a browser sends six. Beyond it: 503


def bound(port: int = 0, host: str = HERE) -> socket.socket:
    """A socket of this machine alone, or of that address; 0 = any free port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once only where TCP is named; else an answer in two writes waits 40 ms for the client's ACK.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(1024)  # a browser that is quicker than the server waits in line
    except (OSError, OverflowError) as error:
        made.close()
        why = getattr(error, "strerror", None) or str(error)
        hint = "Name another with --port; 0 takes any free one."
        raise UsageError(f"Port {port} of {host} cannot be used: {why}.", hint=hint) from error
    return made


def server(app: ASGIApp, many: int = MANY) -> uvicorn.Server:
    """A server that says nothing of itself, on the terminal or in its answers, unless it has a bug."""
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        http=Patient,
        lifespan="off",
        ws="none",
        limit_concurrency=many,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def serve(
    made: uvicorn.Server, where: socket.socket, within: AbstractAsyncContextManager[object] | None = None
) -> None:
    """Serve until somebody stops us; that is how it ends, and no failure."""

    async def main() -> None:
        async with within or nullcontext():
            await made.serve(sockets=[where])

    with suppress(KeyboardInterrupt):
        asyncio.run(main())
