"""The review app: a table of pages and acts behind the door."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from imgtool.errors import DatasetBusy, ImgtoolError, UsageError
from imgtool.pipeline.review import Desk
from imgtool.web.door import Door
from imgtool.web.entry import entry
from imgtool.web.guard import Guarded, turned_away
from imgtool.web.page import answer, page, static
from imgtool.web.review.acts import Acts
from imgtool.web.review.pages import Pages, Tabs
from imgtool.web.review.pictures import Pictures

STATUS: tuple[tuple[type[ImgtoolError], int], ...] = (
    (DatasetBusy, 409),
    (UsageError, 422),
    (ImgtoolError, 500),  # disk full, catalogue damaged
)


def review_app(desk: Desk, door: Door) -> ASGIApp:
    """The whole app, alone behind its door."""
    app = Starlette(
        routes=[entry(door), Mount("/static", static()), Mount("/", review_room(desk))],
        exception_handlers={HTTPException: _answered, ImgtoolError: _failed},
    )
    return Guarded(app, door, turned_away(page("enter.html", {}, 403)))


def review_room(desk: Desk, tabs: Tabs = ()) -> Starlette:
    """The review itself, to be put wherever there is a door; `tabs` are the pages beside it."""
    pages, acts, pictures = Pages(desk, tabs), Acts(desk), Pictures(desk)
    return Starlette(
        routes=[
            Route("/", pages.overview),
            Route("/taught", pages.taught),
            Route("/groups", pages.groups),
            Route("/conflicts", pages.conflicts),
            Route("/findings", pages.findings),
            Route("/class", pages.grid),
            Route("/history", pages.history),
            Route("/facts/{id}", pages.facts),
            Route("/thumb/{sha256}", pictures.thumb),
            Route("/view/{sha256}", pictures.view),
            Route("/state", acts.state),
            Route("/decide", acts.decide, methods=["POST"]),
            Route("/undo", acts.undo, methods=["POST"]),
            Route("/look", acts.look, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _answered, ImgtoolError: _failed},
    )


def _answered(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _told(request, error.status_code, error.detail, "")


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, ImgtoolError)
    status = next(number for kind, number in STATUS if isinstance(error, kind))
    return _told(request, status, str(error), error.hint)


def _told(request: Request, status: int, what: str, hint: str) -> Response:
    """What went wrong: to a script as JSON, to a person as a page."""
    if request.method == "POST":
        return answer({"error": what, "hint": hint}, status)
    return page("error.html", {"what": what, "hint": hint}, status)
