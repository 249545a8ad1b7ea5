"""The way in: the token of the printed address against a cookie."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from imgtool.web.asked import sent, text
from imgtool.web.door import ENTRANCE, Door, same
from imgtool.web.page import answer


def entry(door: Door) -> Route:
    """The token in, a cookie out that scripts cannot read and other sites cannot send."""

    async def enter(request: Request) -> Response:
        if not same(text((await sent(request)).get("token"), "token"), door.token):
            raise HTTPException(403, "This is not the address that imgtool printed.")
        reply = answer({"to": "/"})
        reply.set_cookie(door.cookie, door.ticket, httponly=True, samesite="strict", path="/")
        return reply

    return Route(ENTRANCE, enter, methods=["POST"])
