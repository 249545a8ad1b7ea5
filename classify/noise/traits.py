"""What a picture has besides its subject: where it came from, how it was stored, how it is framed.

From what the catalogue remembers of it; no picture is opened. "" where nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log2
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import urlsplit

import numpy as np

from imgtool.records import Entry, ImageRef, Picture

Trait: TypeAlias = Callable[[Picture, ImageRef | None], str]

SIDE = 32  # px, of the stored thumbnail
FLAT = 6.0  # greys; JPEG leaves an even edge of photographs' frames within 4 of its mean
PALE, DARK = 240.0, 15.0  # of 255: white and black as people see them
SHAPES: Mapping[str, float] = MappingProxyType(
    {"tall 9:16": 9 / 16, "tall 2:3": 2 / 3, "tall 3:4": 3 / 4, "square": 1.0}
    | {"wide 4:3": 4 / 3, "wide 3:2": 3 / 2, "wide 16:9": 16 / 9}
)


def site(_: Picture, ref: ImageRef | None) -> str:
    """The host of the page that showed it."""
    if ref is None:
        return ""
    try:
        host = urlsplit(ref.page_url or ref.url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def stored(picture: Picture, _: ImageRef | None) -> str:
    """The file format, and whether it has colours."""
    return f"{picture.format} in grey" if picture.mode in {"1", "L", "LA", "I;16"} else picture.format


def size(picture: Picture, _: ImageRef | None) -> str:
    """The shorter side, in half octaves: 240 and 260 are one size, 240 and 400 two."""
    short = max(min(picture.width, picture.height), 1)
    return f"about {2 ** (round(log2(short) * 2) / 2):.0f} px"


def shape(picture: Picture, _: ImageRef | None) -> str:
    """The usual aspect ratio that is nearest."""
    ratio = picture.width / max(picture.height, 1)
    return min(SHAPES, key=lambda name: abs(log2(ratio / SHAPES[name])))


def border(picture: Picture, _: ImageRef | None) -> str:
    """An even edge all round, or bars on two sides."""
    if len(picture.thumb) != SIDE * SIDE:
        return ""
    grey = np.frombuffer(picture.thumb, np.uint8).reshape(SIDE, SIDE).astype(float)
    level, upright = np.concatenate([grey[0], grey[-1]]), np.concatenate([grey[:, 0], grey[:, -1]])
    around = np.concatenate([level, upright])
    if around.std() < FLAT:
        return f"{tone(float(around.mean()))} all round"
    for edge, where in ((level, "above and below"), (upright, "on both sides")):
        if edge.std() < FLAT:
            return f"{tone(float(edge.mean()))} {where}"
    return "none"


def tone(mean: float) -> str:
    """A grey in words."""
    return "white" if mean > PALE else "black" if mean < DARK else "one tone"


TRAITS: Mapping[str, Trait] = MappingProxyType(
    {"site": site, "format": stored, "size": size, "shape": shape, "border": border}
)


def traits(entries: Sequence[Entry], sources: Mapping[str, ImageRef]) -> dict[str, list[str]]:
    """Each trait of each entry; `sources` is the reference that brought a sha256."""
    known = [(entry.picture, sources.get(entry.picture.sha256)) for entry in entries]
    return {name: [trait(*each) for each in known] for name, trait in TRAITS.items()}
