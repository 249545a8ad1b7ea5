"""The door: no stranger's page, no other machine and no other user of this one comes in.

A page elsewhere can send a browser here, and a name elsewhere can come to mean 127.0.0.1. Neither knows the
token, and both give themselves away by Origin or Host.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WORN = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
ENTRANCE = "/enter"  # the token is shown here, a cookie is given for it
OPEN = (ENTRANCE, "/static/")  # the same for everybody, and of nobody's pictures
SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Door:
    """What opens it. The token goes by the address, which others may see; the pass by a cookie, which they do not."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def hosts(self) -> frozenset[str]:
        """The names of this machine, to itself."""
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    @property
    def origins(self) -> frozenset[str]:
        """Where a request that changes something may come from."""
        return frozenset(f"http://{host}" for host in self.hosts)

    @property
    def cookie(self) -> str:
        """Its name; ports share cookies, so each has its own."""
        return f"imgtool-{self.port}"

    @property
    def address(self) -> str:
        """What a person opens. Nothing after # is ever sent or logged."""
        return f"http://127.0.0.1:{self.port}/#{self.token}"

    def refusal(self, method: str, path: str, headers: Headers) -> str:
        """Why not; "" to come in."""
        if headers.get("host", "") not in self.hosts:
            return "host"
        if method not in SAFE and headers.get("origin", "") not in self.origins:
            return "origin"
        if path.startswith(OPEN) or same(_cookie(headers, self.cookie), self.ticket):
            return ""
        return "token"


def same(given: str, wanted: str) -> bool:
    """Are they equal? In a time that does not tell how nearly."""
    return secrets.compare_digest(given.encode(), wanted.encode())


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


class Guarded:
    """An app behind a door. Every answer wears the headers that keep a browser in its place."""

    def __init__(self, app: ASGIApp, door: Door, entrance: Response) -> None:
        self.app = app
        self.door = door
        self.entrance = entrance  # what those without a ticket see

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in, or tell it no."""
        if scope["type"] != "http":
            return  # a websocket: not accepted is refused

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(WORN)
            await send(message)

        why = self.door.refusal(scope["method"], scope["path"], Headers(scope=scope))
        await (self._no(why) if why else self.app)(scope, receive, dressed)

    def _no(self, why: str) -> Response:
        return self.entrance if why == "token" else Response("Not from there.\n", 403, media_type="text/plain")
