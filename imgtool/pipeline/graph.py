"""`graph`: how pictures came to be a dataset, in counts, and what a model is made of.

drawn = graph("data", "model.keras")
drawn.flow.steps, drawn.net.stages
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from classify.file import Classifier
from classify.nouns import Card
from imgtool.dataset import Census, Dataset
from imgtool.errors import UsageError
from imgtool.pipeline.info import as_it_is
from imgtool.pipeline.material import digest
from imgtool.pipeline.opened import Watch, Where, unwatched
from imgtool.records import Entry, Reason

if TYPE_CHECKING:
    from classify.insight import Stage

# Why a picture that was named was never there to be looked at; every other reason is about what came.
AWAY = frozenset(list(Reason)[: list(Reason).index(Reason.TOO_LARGE)]) | {
    Reason.DUPLICATE_URL,
    Reason.LICENCE,
    Reason.REMOVED,
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a count, and its name."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """How many came so far, of what they are made up, and who goes no further."""

    name: str
    count: int
    parts: tuple[Part, ...] = ()
    left: str = ""  # what becomes of those who do not go on
    leaving: tuple[Part, ...] = ()

    @property
    def lost(self) -> int:
        """How many do not go on."""
        return sum(part.count for part in self.leaving)


@dataclass(frozen=True, slots=True)
class Flow:
    """A dataset's way, step by step."""

    name: str
    steps: tuple[Step, ...]
    classes: Mapping[str, Mapping[str, int]]  # class → split → pictures
    broken: int
    digest: str  # what a model that learnt from it names
    busy: str = ""  # who was writing meanwhile, so that new files were not looked at


@dataclass(frozen=True, slots=True)
class Net:
    """A model's layers, folded."""

    name: str
    card: Card
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """What is drawn: one of them, or both."""

    flow: Flow | None = None
    net: Net | None = None


def graph(data: Where | None = None, model: str | os.PathLike[str] = "", watch: Watch = unwatched) -> Graph:
    """A dataset's way and a model's layers; UsageError when neither is named."""
    if not data and not model:
        raise UsageError("There is nothing to draw.", hint="Name a dataset, or a model with --model, or both.")
    net = layered(Path(model)) if model else None
    return Graph(flow(data, watch) if data else None, net)


def flow(data: Where, watch: Watch = unwatched) -> Flow:
    """How many pictures came how far. Waits for no writer."""
    with as_it_is(data, watch) as (dataset, busy):
        seen = dataset.census()
        name, counts = dataset.root.resolve().name, (seen.kept, seen.broken)
        return Flow(name, steps(seen), *counts, digest(parts(dataset)), busy)


def parts(dataset: Dataset) -> Mapping[str, Sequence[Entry]]:
    """Its pictures by their split."""
    names, found = dataset.splits(), defaultdict[str, list[Entry]](list)
    for entry in dataset.entries():
        found[names.get(entry.picture.sha256, "")].append(entry)
    return found


def steps(seen: Census) -> tuple[Step, ...]:
    """The counts as a way: what was scraped, what hands added, what was taken out."""
    taken = tuple(Part(f"by {verb}", count) for verb, count in seen.removed.items())
    gone = (*taken, Part("gone by hand", seen.missing)) if seen.missing else taken
    brought = seen.pictures + total(gone)
    hands = (Part("scraped", brought - seen.found), Part("put there by hand", seen.found))
    mixed = hands if 0 < seen.found < brought else ()
    ends: tuple[Step, ...] = (Step("In the set", seen.pictures, () if gone else mixed),)
    if gone:
        ends = (Step("In the folders", brought, mixed, "taken out", gone), *ends)
    if not seen.named:
        return ends
    away, refused = parted(seen.skipped)
    fetched = seen.named - total(away)
    good = fetched - total(refused)
    waiting = (Part("good, and not needed yet", seen.waiting),) if seen.waiting else ()
    return (
        Step("Named", seen.named, tuple(Part(*pair) for pair in seen.engines.items()), "not fetched", away),
        Step("Fetched", fetched, (), "refused", refused),
        Step("Good", good, (), "waiting", waiting),
        *ends,
    )


def parted(skipped: Mapping[str, int]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Reasons of what never came, and of what was refused when it had."""
    rows = [(reason in AWAY, Part(reason.replace("_", " "), count)) for reason, count in skipped.items()]
    away, refused = ([part for off, part in rows if off is which] for which in (True, False))
    return tuple(away), tuple(refused)


def total(parts: tuple[Part, ...]) -> int:
    """Of all of them."""
    return sum(part.count for part in parts)


def layered(model: Path) -> Net:
    """A model's layers, folded to blocks."""
    from classify.file.network import heart
    from classify.insight import stages
    from classify.insight.layers import sized

    classifier = Classifier.load(model)
    card = classifier.card
    return Net(model.name, card, stages(sized(heart(classifier.network()), card.size), card))
