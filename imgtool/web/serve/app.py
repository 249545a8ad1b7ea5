"""The serving app: every part's routes behind one door."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from imgtool.errors import ImgtoolError
from imgtool.web.door import Door
from imgtool.web.entry import entry
from imgtool.web.guard import POLICY, WORN, Guarded
from imgtool.web.page import page, static
from imgtool.web.serve import api, card, looks, pages, teach
from imgtool.web.serve.hall import Hall
from imgtool.web.serve.metrics import Counted
from imgtool.web.serve.room import Roomed
from imgtool.web.serve.wrong import answer_to, told

SERVED = {
    **WORN,
    "content-security-policy": POLICY.replace("img-src 'self'", "img-src 'self' blob: data:"),
    "permissions-policy": "camera=(self)",
}
MACHINES = ("/api/", "/metrics", "/healthz")  # whoever asks there reads JSON


def serve_app(hall: Hall, door: Door) -> ASGIApp:
    """The whole app."""
    app = Starlette(
        routes=[
            *api.routes(hall),
            *pages.routes(hall),
            *looks.routes(hall),
            *card.routes(hall),
            *teach.routes(hall),
            entry(door),
            Mount("/static", static()),
        ],
        exception_handlers={HTTPException: answered, ImgtoolError: answered, Exception: answered},
    )
    app.state.hall = hall
    return Guarded(Counted(Roomed(app, hall.room), hall.metrics), door, turned_away, SERVED)


def answered(request: Request, error: Exception) -> Response:
    """What went wrong: to a program as JSON, to a person as a page."""
    reply = answer_to(error)
    if request.method not in ("GET", "HEAD") or request.url.path.startswith(MACHINES):
        return reply
    what, hint = getattr(error, "detail", str(error)), getattr(error, "hint", "")
    return page("error.html", {"what": what, "hint": hint}, reply.status_code)


def turned_away(why: str, path: str) -> Response:
    """What those see who may not come in."""
    if why == "token" and not path.startswith(MACHINES):
        return page("enter.html", {}, 403)
    if why == "token":
        hint = "Send `Authorization: Bearer TOKEN` with the token that imgtool printed."
        return told(401, "no_token", "This needs the token.", hint, {"www-authenticate": "Bearer"})
    return told(403, why, "Not from there.", "Use the address that imgtool printed, or name yours with --name.")
