"""An app on 127.0.0.1 until Ctrl-C; nobody else can reach it."""

from __future__ import annotations

import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from imgtool.errors import UsageError

MANY = 256  # requests at once; a browser sends six. Beyond it: 503


def bound(port: int = 0) -> socket.socket:
    """A socket of this machine alone; 0 = any free port."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(("127.0.0.1", port))
        made.listen()  # a browser that is quicker than the server waits in line
    except (OSError, OverflowError) as error:
        made.close()
        message = f"Port {port} cannot be used: {error}."
        raise UsageError(message, hint="Leave --port out; a free one is taken.") from error
    return made


def server(app: ASGIApp) -> uvicorn.Server:
    """A server that says nothing of itself, on the terminal or in its answers, unless it has a bug."""
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        limit_concurrency=MANY,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def serve(app: ASGIApp, where: socket.socket) -> None:
    """Serve until somebody stops us; that is how it ends, and no failure."""
    with suppress(KeyboardInterrupt):
        server(app).run(sockets=[where])
