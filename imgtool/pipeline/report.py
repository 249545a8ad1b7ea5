"""Everything the page of a model tells, as one value: training fills it in, so does `evaluate`.

report = told(root, "model.keras", card, tested)
report = replace(report, epochs=epochs, worth=worth, timings={"Features": 12.3})
imgtool.web.learned.write(report, folder)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from classify.calibrate import probabilities
from classify.doubt import Doubt
from classify.nouns import Answers, Card, Epoch, Judgement, Targets
from classify.scores import (
    Answering,
    Calibration,
    Folds,
    Near,
    Rate,
    Scores,
    answering,
    calibrated,
    nearest,
    score,
)
from classify.worth import Worth
from imgtool.pipeline.info import FOUND, Told

MOST = 12  # sites, sources and licences named; the rest is one sum
REST = "others"


@dataclass(frozen=True, slots=True)
class Tested:
    """Pictures that a model was asked about, and what it said."""

    paths: tuple[str, ...]  # relative to the dataset
    targets: Targets  # by the card's labels
    answers: Answers
    judgements: tuple[Judgement, ...]
    split: str = "test"  # test val train all
    learnt: bool = False  # some of them it learnt from, or was chosen by
    refused: tuple[tuple[str, str], ...] = ()  # files that could not be shown to it, and why

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to tell of a model."""

    root: Path  # the dataset
    model: str  # the file's name
    card: Card
    tested: Tested
    scores: Scores
    calibration: Calibration
    bars: tuple[Answering, ...]  # what other bars for "sure" would give
    near: tuple[Near, ...]  # classes with the one most easily taken for them
    doubt: Doubt | None = None  # how the lines of doubt were drawn
    epochs: tuple[Epoch, ...] = ()
    best: int = 0  # the number of the epoch that was kept
    stopped: str = ""  # why it ended
    folds: Folds | None = None
    worth: Worth | None = None  # what more pictures would bring
    came: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # "site", "licence" … → name → pictures
    compared: Mapping[str, Rate] = field(default_factory=dict)  # other models on the same pictures: "before cleaning"
    facts: Mapping[str, str] = field(default_factory=dict)  # whatever else: "Device" → "CPU, 2 threads"
    timings: Mapping[str, float] = field(default_factory=dict)  # what took how many seconds
    notes: tuple[str, ...] = ()  # what a reader must know before trusting the figures

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import reported

        return reported(self)


def told(root: Path, model: str, card: Card, tested: Tested) -> Report:
    """What follows from the answers alone; ValueError when there is none."""
    shares = probabilities(tested.answers.logits, card.temperature)
    sure = [judgement.sure for judgement in tested.judgements]
    right = shares.argmax(axis=1) == tested.targets
    return Report(
        root,
        model,
        card,
        tested,
        score(shares, tested.targets, card.labels, sure),
        calibrated(tested.answers.logits, tested.targets, card.temperature),
        answering(right, shares.max(axis=1)),
        nearest(shares, tested.targets, card.labels),
    )


def came(value: Told) -> dict[str, dict[str, int]]:
    """Where a dataset's pictures came from, the most frequent first; nothing of what says nothing."""
    scraped = {"site": value.sites, "source": value.engines, "licence": value.licences}
    tables = ({} if set(value.engines) <= {FOUND} else scraped) | {"format": value.formats}
    return {name: most(counts) for name, counts in tables.items() if len(counts) > 1 or (counts and name != "format")}


def most(counts: Mapping[str, int]) -> dict[str, int]:
    """The first of them, and the sum of the others."""
    ordered = Counter(counts).most_common()
    rest = sum(count for _, count in ordered[MOST:])
    return dict(ordered[:MOST]) | ({REST: rest} if rest else {})
