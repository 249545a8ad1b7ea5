"""The interface described for machines: OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from imgtool.version import __version__
from imgtool.web.serve.shapes import BODY, SHAPES, TEXT, Shape, named

ABOUT = """Pictures in, names with probabilities out.

On the machine that serves, nothing is needed; from elsewhere, `Authorization: Bearer TOKEN`."""
ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "400": "The request cannot be read.",
        "401": "The token is missing.",
        "403": "Not from there, or not allowed here.",
        "404": "There is no such model.",
        "408": "It took too long to arrive.",
        "413": "Too much: bytes, pixels, frames, or pictures.",
        "415": "This is no picture of a kind that is read here.",
        "422": "The picture is broken, or the request makes no sense.",
        "429": "Too many wait; come again after Retry-After seconds.",
        "500": "Something broke in here.",
    }
)
READING = ("401", "403", "500")  # of those, what a question without a body can meet
WHICH: Shape = {"name": "model", "in": "query", "description": "Its name; without it the first.", "schema": TEXT}
TOP: Shape = {
    "name": "top",
    "in": "query",
    "description": "How many names are told of each picture.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 5},
}
FOR: Shape = {
    "name": "label",
    "in": "query",
    "description": "What speaks for it; else the likeliest.",
    "schema": TEXT,
}
TITLE: Shape = {
    "name": "name",
    "in": "query",
    "description": "What a picture is called that is sent as it is.",
    "schema": TEXT,
}


def document() -> dict[str, object]:
    """The description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "imgtool serve", "version": __version__, "description": ABOUT, "license": {"name": "MIT"}},
        "security": [{}, {"token": []}],
        "paths": {
            "/api/predict": {"post": predict()},
            "/api/look": {"post": look()},
            "/api/models": {"get": asked("models", "What is served.", json("What is served.", named("Models")))},
            "/api/openapi.json": {"get": asked("openapi", "This.", json("This.", {"type": "object"}))},
            "/healthz": {
                "get": asked("health", "Is everybody ready?", json("Yes.", named("Health"))) | {"security": []}
            },
            "/metrics": {"get": asked("metrics", "How it goes, as Prometheus reads it.", plain("Counts."))},
        },
        "components": {
            "schemas": dict(SHAPES),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def predict() -> Shape:
    """The first of the questions with a body."""
    return {
        "operationId": "predict",
        "summary": "What a model says of pictures.",
        "description": "One picture that cannot be read is an error; of several, each has its own.",
        "parameters": [WHICH, TOP, TITLE],
        "requestBody": body(),
        "responses": {"200": json("What it says of each, in order.", named("Predictions")), **errors(*ERRORS)},
    }


def look() -> Shape:
    """The other one."""
    return {
        "operationId": "look",
        "summary": "Why a model says what it says of one picture: where it looked, and what it is reminded of.",
        "parameters": [WHICH, FOR],
        "requestBody": body(),
        "responses": {"200": json("What can be said.", named("Look")), **errors(*ERRORS)},
    }


def body() -> Shape:
    """Pictures, in any of the ways."""
    return {"required": True, "content": {kind: {"schema": shape} for kind, shape in BODY.items()}}


def asked(name: str, summary: str, answer: Shape) -> Shape:
    """A question without a body."""
    responses = {"200": answer, **errors(*READING)}
    if name == "health":
        responses["503"] = json("Not yet, or not well.", named("Health"))
    return {"operationId": name, "summary": summary, "responses": responses}


def errors(*statuses: str) -> dict[str, Shape]:
    """What may go wrong."""
    return {status: json(ERRORS[status], named("Error")) for status in statuses}


def json(about: str, shape: Shape) -> Shape:
    """An answer."""
    return {"description": about, "content": {"application/json": {"schema": shape}}}


def plain(about: str) -> Shape:
    """An answer to be read line by line."""
    return {"description": about, "content": {"text/plain": {"schema": TEXT}}}
