"""Probabilities and the truth in, every figure of the report out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Targets
from classify.scores.rate import Rate
from classify.scores.silence import Silence, silence

Probabilities: TypeAlias = NDArray[np.floating]  # pictures × classes, each row together 1
Counts: TypeAlias = tuple[tuple[int, ...], ...]  # true class × named class

LEAST = 1e-7  # a probability of zero that came true costs 16, not infinity: what Keras does too


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class is known."""

    label: str
    right: int
    support: int  # pictures that are of it
    named: int  # pictures that were said to be

    @property
    def recall(self) -> float | None:
        """Of its pictures, the share that was named so; None where it has none."""
        return self.right / self.support if self.support else None

    @property
    def precision(self) -> float | None:
        """Of those named so, the share that is; None where none was."""
        return self.right / self.named if self.named else None

    @property
    def f1(self) -> float | None:
        """Both in one figure, low when either is."""
        return 2 * self.right / (self.support + self.named) if self.support else None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A picture that was named wrong."""

    index: int
    truth: int
    said: int
    probability: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model is worth, on one set of pictures."""

    labels: tuple[str, ...]
    accuracy: Rate
    loss: float  # cross-entropy
    guess: float  # the accuracy of always naming the most frequent class
    classes: tuple[ClassScore, ...]
    counts: Counts
    mistakes: tuple[Mistake, ...]  # the most confident first
    silence: Silence | None = None  # what "not sure" is worth

    @property
    def shares(self) -> tuple[tuple[float, ...], ...]:
        """The confusion as shares of each true class."""
        return tuple(tuple(count / (sum(row) or 1) for count in row) for row in self.counts)

    @property
    def balanced(self) -> float:
        """The mean recall of the classes that were asked for: a frequent class counts no more than a rare one."""
        recalls = [each.recall for each in self.classes if each.recall is not None]
        return sum(recalls) / len(recalls)

    @property
    def f1(self) -> float:
        """The mean F1 of the classes that were asked for."""
        values = [each.f1 for each in self.classes if each.f1 is not None]
        return sum(values) / len(values)


def score(
    probabilities: Probabilities, targets: Targets, labels: Sequence[str], sure: Sequence[bool] | None = None
) -> Scores:
    """All of it; `sure` says where the model would have answered."""
    sensible(probabilities, targets, labels)
    said = probabilities.argmax(axis=1)
    counts = confusion(targets, said, len(labels))
    support = counts.sum(axis=1)
    return Scores(
        tuple(labels),
        Rate(int((said == targets).sum()), len(targets)),
        float(-np.log(np.maximum(probabilities[np.arange(len(targets)), targets], LEAST)).mean()),
        float(support.max() / len(targets)),
        tuple(
            ClassScore(label, int(counts[n, n]), int(support[n]), int(counts[:, n].sum()))
            for n, label in enumerate(labels)
        ),
        tuple(tuple(map(int, row)) for row in counts),
        mistakes(probabilities, targets, said),
        None if sure is None else silence(said == targets, np.asarray(sure, bool)),
    )


def sensible(probabilities: Probabilities, targets: Targets, labels: Sequence[str]) -> None:
    """ValueError unless there is a row for every picture, a column for every class, and a picture at all."""
    if not len(targets):
        raise ValueError("There is no picture to score.")
    if probabilities.shape != (len(targets), len(labels)):
        raise ValueError(
            f"{len(targets)} pictures of {len(labels)} classes; received probabilities {probabilities.shape}."
        )
    if not np.isfinite(probabilities).all():
        raise ValueError("A probability is no number.")


def confusion(targets: Targets, said: NDArray[np.integer], classes: int) -> NDArray[np.int64]:
    """How many pictures of each class were named as each class."""
    table = np.zeros((classes, classes), np.int64)
    np.add.at(table, (targets, said), 1)
    return table


def mistakes(probabilities: Probabilities, targets: Targets, said: NDArray[np.integer]) -> tuple[Mistake, ...]:
    """Those named wrong, the most confident first."""
    wrong = np.flatnonzero(said != targets)
    order = wrong[np.argsort(-probabilities[wrong, said[wrong]], kind="stable")]
    return tuple(Mistake(int(n), int(targets[n]), int(said[n]), float(probabilities[n, said[n]])) for n in order)
