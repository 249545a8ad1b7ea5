"""`locate`: where in a picture the things are that a model knows.

imgtool.locate("photo.jpg", "model.keras").finds           # Find(label, probability, box), the likeliest first
imgtool.load("model.keras").locate("photo.jpg")            # the same, of a model that is loaded already
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

import numpy as np

from classify.nouns import Pixels
from curate.boxes import Boxes
from curate.sights import Sight, eyes
from imgtool.errors import UsageError
from imgtool.pipeline.ahead import Ahead
from imgtool.pipeline.arrays import coloured, is_array, pictures
from imgtool.pipeline.finding import Locating, bars, found, nearest
from imgtool.pipeline.located import Find, Located
from imgtool.pipeline.pictures import What, alone
from imgtool.pipeline.plan import limits_of
from imgtool.pipeline.predict import MODEL, Model, load
from imgtool.pipeline.scanning import scanned, warmed
from imgtool.pipeline.seeing import Seen, seen
from imgtool.settings import load as settle
from scraper.limits import Limits

VIEW = 1024  # px: the longer side of a picture that is searched and drawn on; four times what proposals look at
AHEAD = 4  # pictures that are ready while another is searched
PATIENCE = 0.25  # s between looks at whether the next one is


def locate(what: Any, model: Model | str | os.PathLike[str] = MODEL, how: Locating | None = None) -> Located:
    """What the model finds in one file, address or array, with boxes."""
    known = load(model) if isinstance(model, str | os.PathLike) else model
    asked = how or Locating()
    checked(known, asked)
    if is_array(what):
        return of_array(known, what, asked)
    if not alone(what):
        raise UsageError("It looks at one picture at a time.", hint="`imgtool.pipeline.locate.located` takes many.")
    limits = limits_of(settle(environ=os.environ, folder=Path.cwd()).settings)
    return next(said for said, _ in [*located(what, known, asked, limits)])


def located(what: What, model: Model, how: Locating, limits: Limits) -> Generator[tuple[Located, Seen], None, None]:
    """What is found in each of many, in order, as it is known."""
    checked(model, how)
    with ExitStack() as stack:
        room = stack.enter_context(TemporaryDirectory(prefix="imgtool-", ignore_cleanup_errors=True))
        leave, rules = Event(), replace(eyes(VIEW, "whole"), workers=1)
        ahead = stack.enter_context(Ahead(seen(what, rules, limits, Path(room), leave), AHEAD, leave))
        while not ahead.ended:
            for one in ahead.take(1, PATIENCE):
                yield of_sight(model, one, how), one
                one.forget()


def checked(model: Model, how: Locating) -> None:
    """UsageError for a model that finds nothing, or a wish that makes no sense."""
    if model.card.kind == "digits":
        hint = "A model of pictures finds things: `imgtool train` makes one."
        raise UsageError(
            f"{model.path} reads digits; it takes a drawing as a whole and finds nothing in it.", hint=hint
        )
    if not np.isfinite(bars(model.labels, model.card.sure, how)).any():
        raise UsageError(f"{model.path} knows nothing but background.", hint="Train it with a class to be found.")
    if not 0 < how.overlap <= 1:
        raise UsageError(f"An overlap is a share above 0, at most 1; received {how.overlap:g}.")


def of_sight(model: Model, one: Seen, how: Locating) -> Located:
    """What is found in a picture that was decoded, or why it was not."""
    if not isinstance(one.sight, Sight):
        return Located(one.pick.name, refusal=one.sight)
    said = looked(model, one.sight.pixels, (one.sight.width, one.sight.height), how)
    return replace(said, picture=one.pick.name)


def of_array(model: Model, what: Any, how: Locating) -> Located:
    """What is found in a picture that somebody holds in memory."""
    from curate.pixels.canvas import fitted, resized

    (pixels, *more), _ = pictures(what)
    if more:
        raise UsageError("It looks at one picture at a time.")
    height, width = pixels.shape[:2]
    small = (width, height) if max(height, width) <= VIEW else fitted(width, height, VIEW, "pad")
    return looked(model, resized(coloured(pixels), *small), (width, height), how)


def looked(model: Model, pixels: Pixels, size: tuple[int, int], how: Locating) -> Located:
    """What is found in pixels, with boxes in a picture of that width and height."""
    heard = warmed(model, pixels) if how.quick else scanned(model, pixels)
    limits = bars(model.labels, model.card.sure, how)
    things, scale = found(heard, limits, how), np.array([size[0] / pixels.shape[1], size[1] / pixels.shape[0]] * 2)
    finds = tuple(
        Find(model.labels[number], float(share), box)
        for number, share, box in zip(things.numbers, things.shares, rounded(things.boxes * scale, size), strict=True)
    )
    short = None
    if not finds and (at := nearest(heard, limits)):
        (box,) = rounded(heard.boxes[[at[0]]] * scale, size)
        short = Find(model.labels[at[1]], float(heard.shares[at]), box)
    return Located("", finds, short, *size, len(heard.boxes), pixels=pixels)


def rounded(some: Boxes, size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Boxes by whole pixels, within the picture."""
    bounded = np.clip(some.round(), 0, (*size, *size)).astype(int)
    return [(int(left), int(top), int(right), int(bottom)) for left, top, right, bottom in bounded]
