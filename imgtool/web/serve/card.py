"""A model's card: what it knows, how well, what it takes for what, where its limits are; a cell opens its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from classify.nouns import Card
from curate.admit import contents
from imgtool.errors import ImgtoolError
from imgtool.pipeline import wording
from imgtool.pipeline.beside import report_of
from imgtool.pipeline.cautions import cautions, measured
from imgtool.pipeline.reported import LARGEST, PREDICTIONS, pictures, reported
from imgtool.pipeline.stands import Stand
from imgtool.web.album import plain
from imgtool.web.figures import lessons, percent
from imgtool.web.serve.confused import Told, confused
from imgtool.web.serve.hall import Hall
from imgtool.web.serve.pages import shown
from imgtool.web.serve.wrong import Wrong

FORMS = ("onnx", "tflite", "savedmodel", "h5")
# What may be taken along from a report's folder, and as what.
FILES: Mapping[str, str] = MappingProxyType(
    {
        "index.html": "text/html",  # never shown from here: its styles are its own
        "predictions.csv": "text/csv",
        "confusion.csv": "text/csv",
        "confusion.png": "image/png",
        "history.csv": "text/csv",
    }
)


def routes(hall: Hall) -> list[BaseRoute]:
    """Where the cards are."""
    cards = Cards(hall)
    return [Route("/card", cards.card), Route("/card/{name}", cards.file)]


class Cards:
    """The cards of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self._told: dict[str, tuple[int, Told]] = {}  # by model, with the time of its report

    def card(self, request: Request) -> Response:
        """The card of a model; of its confusion, the cell that is asked for."""
        stand = self.hall.stand(request.query_params.get("model", ""))
        told = self._report(stand)
        values = confused(told, request.query_params.get("cell", "")) if told.report else {}
        return shown(
            self.hall,
            "card.html",
            "card",
            stands=list(self.hall.stands.values()),
            stand=stand,
            about=stand.card,
            told=told,
            report=told.report,
            rate=told.report.scores.accuracy if told.report else stand.card and measured(stand.card),
            cautions=cautions(stand.card, told.report),
            lessons=lessons(stand.card) if stand.card else {},
            files=files(stand),
            forms=FORMS,
            place=beside(stand),
            plain=plain,
            percent=percent,
            wording=wording,
            **{"cell": "", "full": [], "matrix": [], "pairs": [], "gallery": [], "more": 0} | values,
        )

    def file(self, request: Request) -> Response:
        """One of the files beside the model, to be kept."""
        stand, name = self.hall.stand(request.query_params.get("model", "")), request.path_params["name"]
        body = contents(beside(stand) / name, LARGEST) if name in files(stand) else None
        if not isinstance(body, bytes):
            raise Wrong(404, "no_file", "There is no such file beside the model.")
        kept = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(body, media_type=FILES[name], headers=kept)

    def _report(self, stand: Stand) -> Told:
        """Its report, read again when it was written again."""
        if stand.model is None:
            return Told(None, {})
        at, told = self._told.get(stand.name, (-1, Told(None, {})))
        if at != (now := written(beside(stand))):
            told = told_by(beside(stand), stand.model.path.name, stand.model.card)
            self._told[stand.name] = (now, told)
        return told


def beside(stand: Stand) -> Path:
    """Where its report lies, if it has one."""
    return report_of(stand.model.path) if stand.model else Path()


def files(stand: Stand) -> list[str]:
    """What of its report is there."""
    return [name for name in FILES if (beside(stand) / name).is_file()] if stand.model else []


def told_by(folder: Path, name: str, card: Card) -> Told:
    """What the report in a folder tells."""
    try:
        report = reported(folder, name, card)
    except ImgtoolError as error:
        return Told(None, {}, str(error))
    return Told(report, pictures(folder) if report else {})


def written(folder: Path) -> int:
    """When that was written; 0 where there is none."""
    try:
        return (folder / PREDICTIONS).stat().st_mtime_ns
    except OSError:
        return 0
