"""`explain`: what one picture is to a model, from its numbers to its name.

told = explain("model.keras", "photo.jpg")
told.insight.stages, told.heats, told.look.said.label
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classify.file import Classifier
from classify.nouns import Card, Pixels, Step, Watch, unwatched
from imgtool.pipeline.looking import Look, reasons, shown
from imgtool.pipeline.plan import limits_of
from imgtool.pipeline.predict import Model
from imgtool.settings import load as settle
from scraper.limits import Limits

if TYPE_CHECKING:
    from classify.insight import Insight

NAMES = 3  # for which it is shown where the model looked
PATCH = 8  # px, both sides: each of its numbers can be read on a phone
STEP = 4  # px between patches that may be chosen
SLIGHT = 1e-3  # heat that even a cold place counts as, so that there is a patch wherever the hot ones are blank
WORDS = "Opening the model", "Asking it", "Looking into it"


@dataclass(frozen=True, slots=True, eq=False)
class Hot:
    """Where a picture speaks for a name."""

    label: str
    share: float
    heat: NDArray[np.float32] | None  # None where no place does


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A few pixels of the picture as the network gets it."""

    top: int
    left: int
    pixels: Pixels

    @property
    def middle(self) -> tuple[int, int]:
        """The row and column in its middle."""
        return self.top + len(self.pixels) // 2, self.left + self.pixels.shape[1] // 2


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """A picture, what is said of it, and everything in between."""

    model: str  # its file
    card: Card
    look: Look
    shown: Pixels  # as the network gets it, of the model's own size
    heats: tuple[Hot, ...]  # of the likeliest names, where the network knows places
    patch: Patch
    insight: Insight


def explain(model: str | os.PathLike[str], what: Any, watch: Watch = unwatched) -> Explained:
    """One file, address or array, looked at inside a model. UsageError for what is no picture, or no model."""
    from classify.insight import insight

    watch(Step(WORDS[0]))
    classifier = Classifier.load(Path(model))
    asked = Model(classifier)
    pixels, name = shown(what, limits())
    watch(Step(WORDS[1]))
    seen, given = eyes(asked, pixels)
    said, why = reasons(asked, seen)
    heats = tuple(hottest(asked, seen, said.ranked[:NAMES])) if why.heat is not None else ()
    patch = piece(given, why.heat)
    watch(Step(WORDS[2]))
    inner = insight(classifier.network(), classifier.card, given, patch.middle)
    look = Look(replace(said, picture=name), why, pixels)
    return Explained(str(classifier.path), classifier.card, look, given, heats, patch, inner)


def limits() -> Limits:
    """What an address may cost, as the settings here say."""
    return limits_of(settle(environ=os.environ, folder=Path.cwd()).settings)


def eyes(model: Model, pixels: Pixels) -> tuple[Pixels, Pixels]:
    """The picture as the model's eyes see it, and as its network gets it: a drawing is framed in between."""
    from curate.pixels.canvas import scaled

    if model.card.kind != "digits":
        stretched = scaled(pixels, model.card.size, "stretch")
        return stretched, stretched
    from classify.digits import read

    return pixels, read(pixels)[0]


def hottest(model: Model, seen: Pixels, ranked: tuple[tuple[str, float], ...]) -> list[Hot]:
    """Where the picture speaks for each of its likeliest names."""
    answers = model.answers([seen])
    found = ((label, share, model.heat(seen, label, answers)) for label, share in ranked)
    return [Hot(label, share, heat if heat is not None and heat.any() else None) for label, share, heat in found]


def piece(pixels: Pixels, heat: NDArray[np.float32] | None) -> Patch:
    """The patch with most to see, among those that speak for the name if some do."""
    seen = cells(pixels.astype(np.float32).mean(axis=2)).std(axis=(2, 3))
    if heat is not None:
        rows, columns = (np.arange(side) * many // side for side, many in zip(pixels.shape, heat.shape, strict=False))
        seen = seen * (cells(heat[np.ix_(rows, columns)]).mean(axis=(2, 3)) + SLIGHT)
    row, column = np.unravel_index(int(seen.argmax()), seen.shape)
    top, left = int(row) * STEP, int(column) * STEP
    return Patch(top, left, pixels[top : top + PATCH, left : left + PATCH])


def cells(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every patch of a plane that may be chosen: rows and columns of them, rows and columns of each."""
    return np.lib.stride_tricks.sliding_window_view(plane, (PATCH, PATCH))[::STEP, ::STEP]
