"""Before an app: the door is asked, and every answer wears the headers that keep a browser in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imgtool.web.door import ADMITTED, Door

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WORN: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
    }
)

Told: TypeAlias = Callable[[str, str], Response]  # why not, and the path that was asked for


class Guarded:
    """An app behind a door. Every answer wears the headers that keep a browser in its place."""

    def __init__(self, app: ASGIApp, door: Door, told: Told, worn: Mapping[str, str] = WORN) -> None:
        self.app = app
        self.door = door
        self.told = told  # what those see who may not come in
        self.worn = worn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in, or tell it no."""
        if scope["type"] != "http":
            return  # a websocket: not accepted is refused

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.worn)
            await send(message)

        headers = Headers(scope=scope)
        why = self.door.refusal(scope["method"], scope["path"], headers)
        scope[ADMITTED] = self.door.admits(headers)
        await (self.told(why, scope["path"]) if why else self.app)(scope, receive, dressed)


def turned_away(entrance: Response) -> Told:
    """The way in for those without a ticket, and no word more for the others."""
    away = Response("Not from there.\n", 403, media_type="text/plain")
    return lambda why, _: entrance if why == "token" else away
