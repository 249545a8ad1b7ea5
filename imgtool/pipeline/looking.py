"""Why a model says what it says of a picture: where it looked, and the training pictures it is reminded of."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Answers, Pixels
from curate.sights import Sight, eyes
from imgtool.errors import StorageError, UsageError
from imgtool.pipeline.arrays import coloured, is_array, pictures
from imgtool.pipeline.near import SHOWN, Neighbour
from imgtool.pipeline.pictures import alone
from imgtool.pipeline.predicted import Prediction
from imgtool.pipeline.seeing import seen
from imgtool.pipeline.telling import prediction
from scraper.limits import Limits

if TYPE_CHECKING:
    from imgtool.pipeline.predict import Model

VIEW = 512  # px: the longer side of a picture that is looked at
TOP = 5  # names
FIGURE = "display:inline-block;margin:4px"
DRAWN = "A drawing is read as a whole."
PLACELESS = "This network does not know where in a picture it saw something."
COLD = "No place speaks for it."
ALONE = "No training pictures are kept beside this model."


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """What speaks for a label in a picture."""

    label: str
    heat: NDArray[np.float32] | None  # 0 to 1, by rows and columns of a grid over the whole picture
    cold: str  # why there is no heat
    nearest: tuple[Neighbour, ...]
    alone: str  # why there are none


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A picture, what is said of it, and why."""

    said: Prediction
    why: Why
    pixels: Pixels  # upright, small

    def _repr_html_(self) -> str:
        from curate.pixels.encode import jpeg
        from curate.pixels.heat import over

        hot = over(self.pixels, self.why.heat) if self.why.heat is not None else self.pixels
        names = ", ".join(f"{escape(name)} {share:.0%}" for name, share in self.said.ranked)
        like = "".join(_figure(each.thumb, f"{each.label} {each.likeness:.2f}") for each in self.why.nearest)
        words = f"<p><b>{escape(self.why.label)}</b>: {escape(self.why.cold)} {names}</p>"
        return f"<div>{words}{_figure(jpeg(hot, 85), '')}<div>{like or escape(self.why.alone)}</div></div>"


def look(model: Model, what: Any, label: str = "", limits: Limits | None = None) -> Look:
    """One file, address or array looked at; `label`: for which name, the likeliest when none is said."""
    pixels, name = shown(what, limits or Limits())
    from curate.pixels.canvas import scaled

    seen_by = pixels if model.card.kind == "digits" else scaled(pixels, model.card.size, "stretch")
    said, why = reasons(model, seen_by, label)
    return Look(replace(said, picture=name), why, pixels)


def reasons(model: Model, pixels: Pixels, label: str = "", k: int = SHOWN) -> tuple[Prediction, Why]:
    """What is said of a picture as the model's eyes see it, and why."""
    answers = model.answers([pixels])
    said = prediction("", model.judged([pixels], TOP, answers)[0])
    wanted = label or said.label
    heat = model.heat(pixels, wanted, answers)
    cold = "" if heat is not None and heat.any() else COLD if heat is not None else blind(model)
    like, alone = reminded(model, pixels, k, answers)
    return said, Why(wanted, heat if not cold else None, cold, tuple(like), alone)


def blind(model: Model) -> str:
    """Why a model has no heat to show."""
    return DRAWN if model.card.kind == "digits" else PLACELESS


def reminded(model: Model, pixels: Pixels, k: int, answers: Answers) -> tuple[Sequence[Neighbour], str]:
    """The nearest training pictures, or why there are none: a damaged file of them costs no answer."""
    try:
        like = model.nearest(pixels, k, answers)
    except StorageError as error:
        return (), f"{error} {error.hint}"
    return like, "" if like else ALONE


def shown(what: Any, limits: Limits) -> tuple[Pixels, str]:
    """The one picture that is pointed at, small and upright, and its name."""
    from curate.pixels.canvas import fitted, resized

    if is_array(what):
        (pixels, *more), _ = pictures(what)
        if not more:
            height, width = pixels.shape[:2]
            small = max(height, width) <= VIEW
            return resized(coloured(pixels), *((width, height) if small else fitted(width, height, VIEW, "pad"))), ""
    if is_array(what) or not alone(what):
        raise UsageError("It looks at one picture at a time.", hint="`predict` names many.")
    with TemporaryDirectory(prefix="imgtool-", ignore_cleanup_errors=True) as room:
        one = next(seen(what, replace(eyes(VIEW, "whole"), workers=1), limits, Path(room), Event()))
        if not isinstance(one.sight, Sight):
            why = one.sight.detail or one.sight.reason
            raise UsageError(f"{one.pick.name} cannot be looked at: {why}.", hint="`imgtool check` knows more.")
        return one.sight.pixels, one.pick.name


def _figure(picture: bytes, words: str) -> str:
    image = f'<img src="data:image/jpeg;base64,{b64encode(picture).decode()}" alt="">'
    return f'<figure style="{FIGURE}">{image}<figcaption>{escape(words)}</figcaption></figure>'
