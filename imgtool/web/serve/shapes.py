"""The shapes of what goes to and fro, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from imgtool.web.serve.parts import FIELD, FIELDS, PICTURES

Shape: TypeAlias = dict[str, Any]

TEXT: Shape = {"type": "string"}
SHARE: Shape = {"type": "number", "minimum": 0, "maximum": 1}
NUMBER: Shape = {"type": "number"}
BINARY: Shape = {"type": "string", "format": "binary"}
BASE64: Shape = {"type": "string", "format": "picture", "description": "A picture's bytes in base64, or as a data URL."}


def thing(fields: Shape, about: str = "", *, more: bool = False) -> Shape:
    """An object with all of these fields, and no others."""
    said = {"description": about} if about else {}
    return {"type": "object", "properties": fields, "required": [*fields], "additionalProperties": more, **said}


def named(name: str) -> Shape:
    """One of the shapes below."""
    return {"$ref": f"#/components/schemas/{name}"}


def row(of: Shape, **more: int) -> Shape:
    """A list."""
    return {"type": "array", "items": of, **more}


def maybe(shape: Shape) -> Shape:
    """It, or null when nobody knows."""
    return {"anyOf": [shape, {"type": "null"}]}


WHY = thing({"reason": TEXT, "message": TEXT})
PREDICTION = thing(
    {
        "name": TEXT | {"description": "As its sender calls it."},
        "label": TEXT | {"description": "The likeliest name."},
        "probability": SHARE,
        "sure": {"type": "boolean"},
        "why": TEXT | {"description": "Why it is not sure."},
        "strangeness": NUMBER | {"description": "About 0 = as usual."},
        "ranked": row(thing({"label": TEXT, "probability": SHARE})) | {"description": "The likeliest first."},
        "error": maybe(WHY) | {"description": "Why nothing is said of this one."},
    }
)
MODEL = thing(
    {
        "name": TEXT,
        "kind": {"enum": ["pictures", "digits", "names"]},
        "labels": row(TEXT),
        "size": {"type": "integer", "minimum": 1, "description": "px, both sides, of what it looks at."},
        "accuracy": maybe(SHARE),
        "interval": maybe(row(SHARE, minItems=2, maxItems=2)),
        "tested": maybe(NUMBER) | {"description": "Pictures that the accuracy was measured on."},
        "backbone": maybe(TEXT),
        "created": maybe(TEXT),
    }
)
LOOK = thing(
    {
        "model": TEXT,
        "label": TEXT | {"description": "For which it was looked."},
        "view": TEXT | {"description": "The picture upright and small, as a data URL."},
        "heat": maybe(TEXT) | {"description": "What speaks for the label, to be laid over the view; a data URL."},
        "why": TEXT | {"description": "Why there is no heat."},
        "nearest": row(thing({"label": TEXT, "path": TEXT, "likeness": NUMBER, "thumb": TEXT})),
        "alone": TEXT | {"description": "Why there are no training pictures."},
    }
)
SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "Error": thing({"error": thing({"reason": TEXT, "message": TEXT, "hint": TEXT})}),
        "Prediction": PREDICTION,
        "Predictions": thing({"model": TEXT, "predictions": row(named("Prediction"))}),
        "Look": LOOK,
        "Model": MODEL,
        "Models": thing({"models": row(named("Model"))}),
        "Health": thing(
            {
                "status": {"enum": ["ok", "starting", "failing"]},
                "faults": {"type": "object", "additionalProperties": TEXT, "description": "What is wrong, by model."},
            }
        ),
    }
)
IMAGE = thing({"image": BASE64}, more=True)
NAMED = {"type": "object", "properties": {"name": TEXT, "image": BASE64}, "required": ["image"]}
IMAGES = thing({"images": row({"anyOf": [BASE64, NAMED]}, minItems=1, maxItems=PICTURES)}, more=True)
URL = thing({"url": TEXT | {"format": "uri", "description": "Only where --allow-url was given."}}, more=True)
FORM = {
    "type": "object",
    "properties": {"file": row(BINARY, minItems=1, maxItems=PICTURES)},
    "required": ["file"],
    "description": f"Parts with a file name are pictures; up to {FIELDS} others, of {FIELD} bytes, are fields.",
}
BODY: Mapping[str, Shape] = MappingProxyType(
    {
        "multipart/form-data": FORM,
        "image/*": BINARY,
        "application/octet-stream": BINARY,
        "application/json": {"anyOf": [IMAGE, IMAGES, URL]},
    }
)
