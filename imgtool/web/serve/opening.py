"""Models opened for visitors: their hall, their door, and the address to open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from imgtool.errors import UsageError
from imgtool.pipeline.stands import Stand
from imgtool.web.door import HERE, Door, fresh
from imgtool.web.review.opening import seated
from imgtool.web.serve.app import serve_app
from imgtool.web.serve.crowd import affordable
from imgtool.web.serve.hall import Hall, House
from imgtool.web.server import bound, serve, server

PORT = 8000
TOKEN = 16  # characters of a token that a person chose
LOCAL = ("/",)  # who is on this machine may ask anything,
WRITING = ("/teach", "/review")  # and needs the ticket to write
ABROAD = ("/healthz",)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is served, and where."""

    stands: tuple[Stand, ...]
    house: House = field(default_factory=House)
    port: int = PORT  # 0 = any free one
    host: str = HERE
    names: tuple[str, ...] = ()  # what this machine is called by others
    token: str = ""  # "" = one is made


@contextmanager
def serving(opening: Opening) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address, and a function that serves it until somebody stops it."""
    with bound(opening.port, opening.host) as where, furnished(opening.house) as house:
        door = door_of(opening, where.getsockname()[1])
        hall = Hall(opening.stands, house)
        yield door.address, lambda: serve(server(serve_app(hall, door), affordable()), where, hall)


@contextmanager
def furnished(house: House) -> Iterator[House]:
    """With a desk, where there is a dataset to be taught."""
    if not house.data:
        yield house
        return
    with seated(house.data) as desk:
        yield replace(house, desk=desk)


def door_of(opening: Opening, port: int) -> Door:
    """Who may come in."""
    if opening.token and len(opening.token) < TOKEN:
        message = f"IMGTOOL_TOKEN has {len(opening.token)} characters; it needs {TOKEN}."
        raise UsageError(message, hint="`openssl rand -hex 32` makes a good one.")
    free, closed = (LOCAL, WRITING) if opening.host == HERE else (ABROAD, ())
    token = opening.token or fresh()
    return Door(port, token, host=opening.host, names=opening.names, free=free, closed=closed)
