"""Why a model says so: the picture upright, where the model looked, and the training pictures it is reminded of."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from classify.nouns import Pixels
from curate.sights import Sight
from imgtool.pipeline.looking import VIEW, Why, reasons
from imgtool.pipeline.near import Neighbour
from imgtool.pipeline.stands import Stand
from imgtool.records import Refusal
from imgtool.web.album import plain
from imgtool.web.page import answer
from imgtool.web.serve.api import unless_left
from imgtool.web.serve.body import pictures
from imgtool.web.serve.hall import Hall
from imgtool.web.serve.line import Full
from imgtool.web.serve.wrong import Wrong, refused

QUALITY = 85  # of the view
AT_ONCE = 2  # looked at; whoever only wants a name goes first
PLACES = 32  # pictures that wait for it
SOON = 2  # s until it is worth asking again
FOREIGN = "Where a published network looks is not known here, nor what it learnt from."


def routes(hall: Hall) -> list[BaseRoute]:
    """Where pages and programs ask for it."""
    return [Route("/api/look", Looks(hall).look, methods=["POST"])]


class Looks:
    """The looks of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self._inside = 0
        self._threads = ThreadPoolExecutor(AT_ONCE, "imgtool-look")

    async def look(self, request: Request) -> Response:
        """Why a model says what it says of one picture, or what speaks for the label that is named."""
        stand, label = self.hall.stand(request.query_params.get("model", "")), request.query_params.get("label", "")
        if label and label not in stand.labels:
            raise Wrong(422, "unknown_label", f"{stand.name} knows no {label[:100]!r}.", "GET /api/models names all.")
        if self._inside >= PLACES:
            raise Full(SOON)
        self._inside += 1
        try:
            upload, *more = await pictures(request)
            if more:
                raise Wrong(422, "too_many", "It looks at one picture at a time.", "/api/predict names many.")
            return answer(await unless_left(request, self._looked(stand, upload.data, label)))
        finally:
            self._inside -= 1

    async def _looked(self, stand: Stand, data: bytes, label: str) -> dict[str, object]:
        view = await self.hall.seen(data, VIEW, "whole")
        if isinstance(view, Refusal):
            raise refused(view)
        shown = await self.hall.seen(data, *stand.eyes) if stand.model else view
        if isinstance(shown, Refusal):
            raise refused(shown)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, told, stand, view, shown.pixels, label)


def told(stand: Stand, view: Sight, pixels: Pixels, label: str) -> dict[str, object]:
    """The answer as JSON."""
    from curate.pixels.encode import jpeg
    from curate.pixels.heat import png

    why = reasons(stand.model, pixels, label)[1] if stand.model else Why(label, None, FOREIGN, (), FOREIGN)
    height, width = view.pixels.shape[:2]
    return {
        "model": stand.name,
        "label": why.label,
        "view": data_url("jpeg", jpeg(view.pixels, QUALITY)),
        "heat": data_url("png", png(why.heat, width, height)) if why.heat is not None else None,
        "why": why.cold,
        "nearest": [neighbour(each) for each in why.nearest],
        "alone": why.alone,
    }


def neighbour(one: Neighbour) -> dict[str, object]:
    """A training picture as JSON."""
    return {
        "label": plain(one.label),
        "path": plain(one.path),
        "likeness": round(one.likeness, 4),
        "thumb": data_url("jpeg", one.thumb),
    }


def data_url(kind: str, body: bytes) -> str:
    """A picture inside the answer."""
    return f"data:image/{kind};base64,{b64encode(body).decode()}"
