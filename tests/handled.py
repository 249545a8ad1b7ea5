"""A plain server of Python's own, by one handler, for tests whose pages are few."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], address: str = "127.0.0.1") -> Iterator[str]:
    """The host and port where it answers; OSError for an address that this machine has not."""
    world = ThreadingHTTPServer((address, 0), handler)
    thread = threading.Thread(target=world.serve_forever)
    thread.start()
    try:
        yield f"{address}:{world.server_port}"
    finally:
        world.shutdown()
        world.server_close()
        thread.join()
