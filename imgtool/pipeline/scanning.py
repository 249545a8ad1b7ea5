"""A picture and a model in, boxes and what the model says of each out: box by box, or by the heat of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classify.calibrate import probabilities
from classify.nouns import Pixels
from curate.boxes import Boxes, clipped
from imgtool.errors import UsageError
from imgtool.pipeline.finding import Heard, Shares
from imgtool.pipeline.located import BACKGROUND

if TYPE_CHECKING:
    from imgtool.pipeline.predict import Model

MOST = 600  # proposals that are asked about, the most object-like first: the table in benchmarks/results/locate.md
BATCH = 32  # boxes judged at once: memory stays flat
NAMES = 5  # whose heat is looked at
LEVELS = (0.2, 0.35, 0.5)  # of the hottest place; 0.2 is what class-activation maps are cut at (Zhou et al. 2016)
FINE = 112  # cells a side that heat is spread over before it is cut: its own are up to 32 px wide


def scanned(model: Model, pixels: Pixels) -> Heard:
    """What it says of the boxes that may hold something, and of the whole picture."""
    from curate.proposals import Search, propose

    return heard(model, pixels, np.concatenate([whole(pixels), propose(pixels, Search("quality", most=MOST))]))


def warmed(model: Model, pixels: Pixels) -> Heard:
    """The same of boxes around what is hot. UsageError from a network that knows no places."""
    from curate.boxes.warmth import warm
    from curate.pixels.canvas import scaled
    from curate.pixels.heat import spread

    small, (height, width) = scaled(pixels, model.card.size, "stretch"), pixels.shape[:2]
    answers = model.answers([small])
    ranked = [label for label, _ in model.said(answers, len(model.labels))[0].ranked if label != BACKGROUND]
    boxes, cell = [whole(pixels)], np.array([width, height, width, height]) / FINE
    for label in ranked[:NAMES]:
        heat = model.heat(small, label, answers)
        if heat is None:
            hint = "Leave --quick out: box by box, any network will do."
            raise UsageError(f"{model.path} does not know where in a picture it saw something.", hint=hint)
        boxes += [warm(spread(heat, FINE, FINE), level) * cell for level in LEVELS]
    return heard(model, pixels, np.concatenate(boxes))


def heard(model: Model, pixels: Pixels, boxes: Boxes) -> Heard:
    """Each box as a picture of its own, in batches."""
    shares = [said(model, batch) for batch in crops(pixels, boxes, model.card.size)]
    return Heard(boxes, np.concatenate(shares))


def said(model: Model, batch: Pixels) -> Shares:
    """What the model says of such pictures: calibrated, boxes by classes.

    One that knows no background would call the carpet a cat; it says nothing of what is unlike all that it learnt.
    """
    answers = model.answers(list(batch))
    shares = probabilities(answers.logits, model.card.temperature)
    if BACKGROUND in model.labels:
        return shares
    usual = [each.strangeness <= model.card.strange for each in model.said(answers, 1)]
    return np.where(np.array(usual)[:, None], shares, 0.0)


def crops(pixels: Pixels, boxes: Boxes, side: int) -> Iterator[Pixels]:
    """What is in the boxes, at the size and in the shape that the model learnt from, batch by batch."""
    from curate.pixels.canvas import resized

    edges = outward(boxes, pixels)
    for at in range(0, len(edges), BATCH):
        parts = [pixels[top:bottom, left:right] for left, top, right, bottom in edges[at : at + BATCH].tolist()]
        yield np.stack([resized(np.ascontiguousarray(part), side, side) for part in parts])


def outward(boxes: Boxes, pixels: Pixels) -> NDArray[np.int64]:
    """Boxes by whole pixels, each at least one."""
    height, width = pixels.shape[:2]
    inner = clipped(boxes, width, height)
    least = np.minimum(np.floor(inner[:, :2]), (width - 1, height - 1))
    return np.concatenate([least, np.maximum(np.ceil(inner[:, 2:]), least + 1)], axis=1).astype(np.int64)


def whole(pixels: Pixels) -> Boxes:
    """The box of all of it."""
    return np.array([[0, 0, pixels.shape[1], pixels.shape[0]]], np.float64)
