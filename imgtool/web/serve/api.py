"""The interface for programs: pictures in, names out; what there is, how it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from imgtool.pipeline.predict import TOP
from imgtool.pipeline.predicted import Prediction
from imgtool.pipeline.stands import Stand
from imgtool.web.asked import number
from imgtool.web.page import answer
from imgtool.web.serve.body import pictures
from imgtool.web.serve.hall import Hall
from imgtool.web.serve.openapi import document
from imgtool.web.serve.wrong import Wrong, error_of, refused

MOST = 1000  # names of a picture that are told: as many as ImageNet has
LEFT = 499  # what the answer to somebody who is gone is called; nobody reads it

T = TypeVar("T")


def routes(hall: Hall) -> list[BaseRoute]:
    """Where programs find it."""
    api = Api(hall)
    return [
        Route("/api/predict", api.predict, methods=["POST"]),
        Route("/api/models", api.models),
        Route("/api/openapi.json", api.openapi),
        Route("/healthz", api.health),
        Route("/metrics", api.metrics),
    ]


class Api:
    """The answers of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    async def predict(self, request: Request) -> Response:
        """What a model says of the pictures that were sent."""
        stand = self.hall.stand(request.query_params.get("model", ""))
        top = number(request.query_params.get("top", TOP), "top")
        if not 1 <= top <= MOST:
            raise Wrong(422, "makes_no_sense", f"top should be from 1 to {MOST}.")
        sent = await pictures(request)
        said = await unless_left(request, self.hall.judged(stand, [each.data for each in sent], top))
        if len(said) == 1 and said[0].refusal:
            raise refused(said[0].refusal)
        told = [spoken(each.name, one) for each, one in zip(sent, said, strict=True)]
        return answer({"model": stand.name, "predictions": told})

    def models(self, _: Request) -> Response:
        """What is served."""
        return answer({"models": [described(stand) for stand in self.hall.stands.values()]})

    def openapi(self, _: Request) -> Response:
        """How to ask, as machines read it."""
        return answer(document())

    def health(self, _: Request) -> Response:
        """Is everybody ready?"""
        faults = self.hall.faults
        status = "failing" if faults else "ok" if self.hall.ready else "starting"
        return answer({"status": status, "faults": faults}, 200 if status == "ok" else 503)

    def metrics(self, _: Request) -> Response:
        """How it goes, as Prometheus reads it."""
        return Response(self.hall.metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")


def spoken(name: str, said: Prediction) -> dict[str, object]:
    """A prediction as JSON."""
    return {
        "name": name,
        "label": said.label,
        "probability": said.probability,
        "sure": said.sure,
        "why": said.why,
        "strangeness": said.strangeness,
        "ranked": [{"label": label, "probability": share} for label, share in said.ranked],
        "error": error_of(said.refusal) if said.refusal else None,
    }


def described(stand: Stand) -> dict[str, object]:
    """A model as JSON; what nobody knows is null."""
    card = stand.card
    known = card.metrics if card else {}
    interval = [known["low"], known["high"]] if {"low", "high"} <= known.keys() else None
    return {
        "name": stand.name,
        "kind": stand.kind,
        "labels": list(stand.labels),
        "size": stand.eyes[0],
        "accuracy": known.get("accuracy"),
        "interval": interval,
        "tested": known.get("tested"),
        "backbone": (card.backbone or None) if card else None,
        "created": (card.created or None) if card else None,
    }


async def unless_left(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What comes of it, unless its client goes away first: then it is left, and frees its place."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Wrong(LEFT, "left", "Nobody waits for it.")
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()


async def left(request: Request) -> None:
    """Wait until the client is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
