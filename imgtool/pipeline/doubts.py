"""What is suspected of a dataset's pictures, in words: findings for people, and notes on what could not be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imgtool.dataset import Noticed
from imgtool.records import Entry, Finding, ImageRef

if TYPE_CHECKING:
    from classify.noise import Classes, Shortcut, Suspected

LABEL, STRANGER, SHORTCUT = CHECKS = ("label", "stranger", "shortcut")
EXAMPLES = 3  # pictures that stand for a shortcut
NAMED = 5  # classes named in one note


@dataclass(frozen=True, slots=True)
class Asked:
    """A dataset's pictures, and what is known of them without looking."""

    root: Path
    entries: tuple[Entry, ...]
    folds: Mapping[str, str]  # path → fold
    sources: Mapping[str, ImageRef]
    settled: frozenset[tuple[str, str]]  # sha256 and class, where a person has said that it is right
    looked: int
    noticed: Noticed

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes that have pictures."""
        return tuple(sorted({entry.label for entry in self.entries}))


def classes_of(asked: Asked, entries: Sequence[Entry]) -> Classes:
    """The classes and folds of these entries, as numbers."""
    import numpy as np

    from classify.noise import Classes

    numbers = {label: number for number, label in enumerate(asked.labels)}
    targets = np.array([numbers[entry.label] for entry in entries], np.int64)
    return Classes(targets, np.array([int(asked.folds[entry.path]) for entry in entries]), len(numbers))


def said(asked: Asked, entries: Sequence[Entry], suspected: Suspected) -> Iterator[Finding]:
    """The suspicions as findings, but for what a person has settled."""
    labels, verdicts = asked.labels, suspected.labels
    for place, entry in enumerate(entries):
        if (entry.picture.sha256, entry.label) in asked.settled:
            continue
        looks = labels[int(verdicts.likely[place])]
        if suspected.stranger[place]:
            score = float(suspected.strange.scores[place])
            yield Finding(entry.path, entry.label, STRANGER, round(score, 3), f"unlike any class; {looks} is nearest")
        elif suspected.wrong[place]:
            score = 1 - float(verdicts.given[place])
            detail = f"looks like {looks} ({verdicts.sure[place]:.2f})"
            yield Finding(entry.path, entry.label, LABEL, round(score, 3), detail)


def likely(asked: Asked, entries: Sequence[Entry], suspected: Suspected) -> dict[str, str]:
    """Path → the class that it looks like, of the wrong labels."""
    wrong = zip(entries, suspected.wrong, suspected.labels.likely, strict=True)
    return {entry.path: asked.labels[int(number)] for entry, flag, number in wrong if flag}


def examples(asked: Asked, cuts: Sequence[Shortcut], table: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """A few pictures that show what each shortcut is."""
    for cut in cuts:
        label, value = asked.labels[cut.target], cut.values[0]
        detail = f"{cut.trait} tells {label}: {value.inside} of {value.all} with {value.name!r} are {label}"
        having = zip(asked.entries, table[cut.trait], strict=True)
        alike = [entry for entry, mine in having if mine == value.name and entry.label == label]
        for entry in alike[:EXAMPLES]:
            yield Finding(entry.path, label, SHORTCUT, round(cut.share, 3), detail)


def notes(asked: Asked, suspected: Suspected) -> Iterator[str]:
    """What could not be judged, and why."""
    labels = asked.labels
    if len(labels) == 1:
        yield "There is one class: its labels cannot be compared, and only the plainest strangers show."
    elif not suspected.telling:
        yield (
            f"Other pictures confirm {suspected.confirmed:.0%} of the labels: these features do not tell the classes"
            " apart, so no label is judged. Another --backbone may."
        )
    if suspected.few and len(labels) > 1:
        few = [labels[number] for number in suspected.few]
        more = f" and {len(few) - NAMED} more" if len(few) > NAMED else ""
        yield f"Too few different pictures to judge the labels of {', '.join(few[:NAMED])}{more}."
