"""What a model is not good for, in sentences: from its card, and from its report where there is one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from classify.nouns import Card
from classify.scores import Rate
from imgtool.pipeline.material import FEW, TRAIN
from imgtool.pipeline.report import Report

WIDE = 0.1  # between the ends of the interval: good and middling both lie within it
POOR = 0.8  # of a class's pictures; below, one in five is taken for something else
ONE_SITE = 0.5  # of the pictures
NAMED = 3  # classes that a sentence names

THOUSAND = (
    "It knows ImageNet's thousand names and no other: kinds of dogs, tools, food; hardly any people or plants.",
    "It was not trained here, and nobody has measured it on your pictures.",
    "It looks at the middle of a picture alone.",
)


def cautions(card: Card | None, report: Report | None) -> list[str]:
    """All that apply, the gravest first."""
    if card is None:
        return list(THOUSAND)
    notes = report.notes if report else ()
    return [*proven(card), *flattered(report), *taught(card, report), *weak(report), *notes, known(card)]


def known(card: Card) -> str:
    """What it can say at all."""
    if card.kind == "digits":
        return "It reads single digits, dark on light or light on dark; of a word or a sum it makes a digit too."
    silent = "" if math.isfinite(card.strange) else " It does not notice pictures that are unlike all it learnt."
    return f"It knows {len(card.labels):,} names and no other: whatever it is shown gets one of these.{silent}"


def proven(card: Card) -> Iterator[str]:
    """What its figures rest on."""
    figures = card.metrics
    if not figures.get("tested"):
        yield "Nobody has measured how often it is right."
    elif figures.get("high", 1.0) - figures.get("low", 0.0) > WIDE:
        low, high = (round(figures.get(name, 0.0) * 100) for name in ("low", "high"))
        yield f"It was asked about {figures['tested']:,.0f} pictures alone: that proves {low} to {high} %, no more."


def flattered(report: Report | None) -> Iterator[str]:
    """Whether the pictures had a part in it; what `train` noted says so already."""
    if report and report.tested.learnt and not report.notes:
        yield "These figures are of pictures that had a part in its making, and flatter it."


def taught(card: Card, report: Report | None) -> Iterator[str]:
    """What it learnt from."""
    counts = card.counts.get(TRAIN, {})
    few = sorted((count, label) for label, count in counts.items() if count < FEW)
    if few and not (report and report.notes):  # its notes say so
        yield f"It learnt little of {listed([f'{label} ({count} pictures)' for count, label in few])}."
    for site, count in (report.came.get("site", {}) if report else {}).items():
        if count > ONE_SITE * sum(counts.values()):
            yield f"Most of its pictures came from {site}: it may know that site's style as much as what is shown."


def weak(report: Report | None) -> Iterator[str]:
    """Which classes it knows badly."""
    asked = [each for each in report.scores.classes if each.recall is not None] if report else []
    poor = sorted((each for each in asked if (each.recall or 0) < POOR), key=lambda each: each.recall or 0)
    if poor:
        said = [f"{each.label} ({each.right} of {each.support})" for each in poor]
        yield f"It often misses {listed(said)}."


def listed(words: list[str]) -> str:
    """The first few of them."""
    more = len(words) - NAMED
    return ", ".join(words[:NAMED]) + (f" and {more} more" if more > 0 else "")


def measured(card: Card) -> Rate | None:
    """How often it was right, as its card says; None if nobody has counted."""
    tested = card.metrics.get("tested", 0.0)
    if not (math.isfinite(tested) and tested >= 1 and math.isfinite(card.metrics.get("accuracy", math.nan))):
        return None
    return Rate(round(card.metrics["accuracy"] * tested), round(tested))
