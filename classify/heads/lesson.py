"""What a head learns from, and what every head can do."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Epoch, Features, Learning, Logits, Targets, Watch
from imgtool.errors import ImgtoolError, UsageError

USUAL = Learning()
DAMAGED = "The backbone's weights are damaged, or its pictures are: try another file with --weights."


@dataclass(frozen=True, slots=True)
class Lesson:
    """Features and their classes, checked; what must not be torn apart by a fold has one number in `groups`."""

    features: Features
    targets: Targets
    classes: int
    weights: NDArray[np.float64]  # how much each picture counts; 1 on average
    groups: NDArray[np.int64]
    learning: Learning
    val: tuple[Features, Targets] | None
    watch: Watch

    def __len__(self) -> int:
        return len(self.targets)


class Head(Protocol):
    """What turns features into logits."""

    @property
    def facts(self) -> Mapping[str, object]:
        """What it was and chose: name, parameters, how it did while choosing."""

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """How it learnt; empty where that is no matter of epochs."""

    def logits(self, features: Features) -> Logits:
        """What it says, by NumPy alone."""

    def attach(self, tensor: Any) -> Any:
        """The same as plain Keras layers behind a tensor of features."""


def checked(features: Features, targets: Targets, classes: int) -> None:
    """An error with its reason unless a head can learn from these."""
    if features.ndim != 2 or len(features) != len(targets):
        raise UsageError(f"Features of {features.shape} do not go with {len(targets)} classes.", hint="One row each.")
    if bad := int((~np.isfinite(features).all(axis=1)).sum()):
        raise ImgtoolError(f"The features of {bad} of {len(features)} pictures are no numbers.", hint=DAMAGED)
    if len(targets) and not 0 <= targets.min() <= targets.max() < classes:
        raise UsageError(f"Classes are numbered from 0 to {classes - 1}; received {targets.min()} to {targets.max()}.")
    if (present := len(np.unique(targets))) < 2:
        hint = "Collect another with `imgtool scrape`."
        raise UsageError(f"Training needs pictures of two classes or more; there is {present or 'none'}.", hint=hint)


def numbered(groups: Sequence[Hashable] | None, count: int) -> NDArray[np.int64]:
    """A number for each group's name, in order of appearance; without groups each picture is its own."""
    if groups is None:
        return np.arange(count)
    if len(groups) != count:
        raise UsageError(f"{len(groups)} groups do not go with {count} pictures.", hint="One each.")
    places: dict[Hashable, int] = {}
    return np.array([places.setdefault(name, len(places)) for name in groups], np.int64)


def balanced(targets: Targets, classes: int) -> NDArray[np.float64]:
    """A weight for each picture, so that every class counts the same; 1 on average."""
    counts = np.bincount(targets, minlength=classes)
    present = (counts > 0).sum()
    weights: NDArray[np.float64] = len(targets) / (present * counts[targets])
    return weights
