"""The world on loopback: a socket for every host, in this loop, in a thread, or as a program of its own.

    python -m imgtool.demo.server --seed 7

prints the front page's address, then the settings that send imgtool there as `NAME=value` lines, and stops when
its standard input closes.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from imgtool.demo.atlas import Atlas
from imgtool.demo.routes import Served
from imgtool.demo.sites import HOSTS
from imgtool.demo.world import World

QUIET = logging.getLogger("imgtool.demo")  # a scraper that hangs up on an endless body is no news
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False
GOODBYE = 0.2  # seconds for requests still running when the world closes


@asynccontextmanager
async def serving(world: World, port: int = 0) -> AsyncIterator[Served]:
    """The world, as long as the context lasts."""
    sockets = listening(port)
    places = {name: "{}:{}".format(*opened.getsockname()) for name, opened in sockets.items()}
    served = Served(world, Atlas(places))
    runner = web.ServerRunner(web.Server(served.answer, logger=QUIET), shutdown_timeout=GOODBYE, access_log=None)
    await runner.setup()
    try:
        for opened in sockets.values():
            await web.SockSite(runner, opened).start()
        yield served
    finally:
        await runner.cleanup()
        for opened in sockets.values():
            opened.close()


@contextmanager
def threaded(world: World, port: int = 0) -> Iterator[Served]:
    """The world from a thread with a loop of its own."""
    ready: Future[tuple[Served, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=_run, args=(world, port, ready), name="demo world", daemon=True)
    thread.start()
    served, loop, over = ready.result()
    try:
        yield served
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()


def _run(world: World, port: int, ready: Future[tuple[Served, asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
    async def stay() -> None:
        over = asyncio.Event()
        async with serving(world, port) as served:
            ready.set_result((served, asyncio.get_running_loop(), over))
            await over.wait()

    try:
        asyncio.run(stay())
    except OSError as error:  # a port that is taken; the caller waits for an answer
        if ready.done():
            raise
        ready.set_exception(error)


def listening(port: int) -> dict[str, socket.socket]:
    """A socket for every host: addresses of 127/8 on one port, or where there is only 127.0.0.1, other ports of it."""
    first = bound("127.0.0.1", port)
    port = first.getsockname()[1]
    names = HOSTS[1:]
    return {HOSTS[0]: first} | {name: _own(f"127.0.0.{k}", port) for k, name in enumerate(names, 2)}


def _own(address: str, port: int) -> socket.socket:
    try:
        return bound(address, port)
    except OSError:  # macOS knows one loopback address only; or somebody sits on this one's port
        return bound("127.0.0.1", 0)


def bound(address: str, port: int) -> socket.socket:
    """A bound socket. Raises OSError."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((address, port))
    except OSError:
        opened.close()
        raise
    return opened


async def _until_stdin_closes(world: World, port: int) -> None:
    over, loop = asyncio.Event(), asyncio.get_running_loop()
    async with serving(world, port) as served:
        lines = [served.base, *(f"{name}={value}" for name, value in served.settings.items())]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        threading.Thread(target=_watch, args=(loop, over), daemon=True).start()
        await over.wait()


def _watch(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    loop.call_soon_threadsafe(over.set)


def main() -> None:
    """The program."""
    default = World()
    parser = argparse.ArgumentParser(prog="python -m imgtool.demo.server", description="A small web on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 = any free one")
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--stall-seconds", type=float, default=default.stall, help="how long a stalled body waits")
    told = parser.parse_args()
    asyncio.run(_until_stdin_closes(World(told.seed, told.stall_seconds), told.port))


if __name__ == "__main__":
    main()
