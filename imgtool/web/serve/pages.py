"""The pages for people: recognise, draw. Their scripts ask the same interface as programs do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from curate.admit import contents
from curate.pixels.sniff import sniff
from imgtool.pipeline.stands import DIGITS, Stand
from imgtool.records import Refusal
from imgtool.web.door import ADMITTED
from imgtool.web.page import page
from imgtool.web.serve.body import pictures
from imgtool.web.serve.hall import Hall
from imgtool.web.serve.room import MIB
from imgtool.web.serve.wrong import Wrong

PICTURES = "pictures"  # the kind of a model that was taught classes
SUGGESTED = 1000  # names offered to whoever teaches; more are typed
HEAVY = 32 * MIB  # a sample: as much as may be uploaded


def routes(hall: Hall) -> list[Route]:
    """Theirs."""
    pages = Pages(hall)
    made = [
        Route("/", pages.recognise),
        Route("/draw", pages.draw),
        Route("/sample/{number:int}", pages.sample),
    ]
    return [*made, Route("/fetch", pages.fetch, methods=["POST"])] if hall.allow_url else made


def tabs(hall: Hall) -> Iterator[tuple[str, str, str]]:
    """What leads to the other pages: the address, the word, and what a page calls itself."""
    yield "/", "Recognise", "recognise"
    if drawn(hall):
        yield "/draw", "Draw", "draw"
    yield "/card", "Models", "card"
    if hall.desk:
        yield "/review/", "Review", "review"


def shown(hall: Hall, template: str, here: str, **values: object) -> Response:
    """A page in the common frame."""
    return page(f"serve/{template}", {"tabs": list(tabs(hall)), "here": here} | values)


def drawn(hall: Hall) -> list[Stand]:
    """Those that read drawings."""
    return [stand for stand in hall.stands.values() if stand.kind == DIGITS]


class Pages:
    """The pages of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def recognise(self, request: Request) -> Response:
        """Pictures in, names out."""
        hall, stands = self.hall, list(self.hall.stands.values())
        return shown(
            hall,
            "recognise.html",
            "recognise",
            stands=stands,
            chosen=_chosen(request, stands),
            samples=range(len(hall.samples)),
            allow_url=hall.allow_url,
            teaching=hall.desk is not None and request.scope[ADMITTED],
            labels=self._suggested(),
        )

    def draw(self, request: Request) -> Response:
        """Strokes in, digits out."""
        stands = drawn(self.hall)
        if not stands:
            raise Wrong(404, "no_digits", "No model of digits is served.", "Serve one with --digits FILE.")
        return shown(self.hall, "draw.html", "draw", stands=stands, chosen=_chosen(request, stands))

    def sample(self, request: Request) -> Response:
        """One of the pictures to try."""
        number = request.path_params["number"]
        data = contents(str(self.hall.samples[number]), HEAVY) if number < len(self.hall.samples) else None
        kind = sniff(data) if isinstance(data, bytes) else None
        if not isinstance(data, bytes) or not isinstance(kind, str):
            raise Wrong(404, "no_sample", "There is no such sample.")
        return Response(data, media_type=f"image/{kind}", headers={"cache-control": "no-store"})

    async def fetch(self, request: Request) -> Response:
        """The picture at an address, for the page to show and to send on: so it is fetched once."""
        upload, *more = await pictures(request)
        kind = sniff(upload.data)
        if more:
            raise Wrong(422, "makes_no_sense", "One address at a time.")
        if isinstance(kind, Refusal):
            raise Wrong(415, kind.reason.value, kind.detail or "This is no picture.")
        return Response(upload.data, media_type=f"image/{kind}", headers={"cache-control": "no-store"})

    def _suggested(self) -> list[str]:
        """Names for what a model had wrong: the dataset's classes, and what models know that learnt from others."""
        classes = self.hall.desk.dataset.classes() if self.hall.desk else ()
        known = (stand.labels for stand in self.hall.stands.values() if stand.kind == PICTURES)
        return list(dict.fromkeys([*classes, *chain.from_iterable(known)]))[:SUGGESTED]


def _chosen(request: Request, stands: list[Stand]) -> str:
    """The model that the address names, or the first."""
    asked = request.query_params.get("model", "")
    return next((stand.name for stand in stands if stand.name == asked), stands[0].name)
