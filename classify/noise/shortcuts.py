"""Shortcuts: does something besides the subject tell a class? A model would learn that instead, and fail elsewhere.

A trait guesses each picture's class from what pictures of other folds show, every class weighing the same. It tells a
class as well as it names it in the class's own pictures more often than in others: 0 for no better than chance, 1 for
always and never wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Targets

TELLING = 0.4  # how well a trait tells a class, from which it is a shortcut
SIGMAS = 3.0  # and so many standard errors above nothing: a few pictures prove little
LEAST = 5  # pictures of one value in a class: fewer are chance
NAMED = 3  # values named for a class


@dataclass(frozen=True, slots=True)
class Value:
    """A value that speaks for a class."""

    name: str
    inside: int  # pictures of the class that have it
    all: int  # pictures that have it


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A trait that tells a class."""

    trait: str
    target: int  # the class
    share: float  # how well it tells the class, 0 to 1
    values: tuple[Value, ...]  # by which, the commonest first


@dataclass(frozen=True, slots=True)
class Classes:
    """The pictures' classes, and which pictures are held out together."""

    targets: Targets
    folds: NDArray[np.int64]
    count: int

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Pictures of each class."""
        return np.bincount(self.targets, minlength=self.count)


def shortcuts(traits: Mapping[str, Sequence[str]], classes: Classes) -> list[Shortcut]:
    """The traits that tell a class, the most telling first."""
    if np.count_nonzero(classes.sizes) < 2:
        return []
    found = (each for trait, values in traits.items() for each in telling(trait, values, classes))
    return sorted(found, key=lambda each: -each.share)


def telling(trait: str, values: Sequence[str], classes: Classes) -> Iterator[Shortcut]:
    """The classes that a trait tells, and by which values."""
    guesses = guessed(values, classes)
    for target in np.flatnonzero(classes.sizes):
        share, error = told(guesses[:, target], int(target), classes)
        if share < max(TELLING, SIGMAS * error):
            continue
        if speaking := tuple(speakers(values, int(target), classes)):
            yield Shortcut(trait, int(target), share, speaking[:NAMED])


def told(guess: NDArray[np.float64], target: int, classes: Classes) -> tuple[float, float]:
    """How much more often a class is guessed in its own pictures than in others, and the standard error of that."""
    inside = guess[classes.targets == target]
    others = [guess[classes.targets == other] for other in np.flatnonzero(classes.sizes) if other != target]
    share = inside.mean() - np.mean([each.mean() for each in others])
    spread = inside.var() / len(inside) + sum(each.var() / len(each) for each in others) / len(others) ** 2
    return float(share), float(np.sqrt(spread))


def guessed(values: Sequence[str], classes: Classes) -> NDArray[np.float64]:
    """What each picture's value says, pictures × classes; ties and the unknown are shared out."""
    codes = np.unique(np.asarray(values), return_inverse=True)[1]
    silent = np.asarray([not value for value in values])
    guesses = np.zeros((len(codes), classes.count))
    for fold in np.unique(classes.folds):
        out = classes.folds == fold
        seen = shown(codes, classes, ~out & ~silent)
        best = (seen == seen.max(axis=1, keepdims=True)).astype(float)
        guesses[out] = (best / best.sum(axis=1, keepdims=True))[codes[out]]
    return guesses


def shown(codes: NDArray[np.int64], classes: Classes, which: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Value × class: what part of each class has the value; below nothing for a class without pictures."""
    table = np.zeros((int(codes.max()) + 1, classes.count))
    np.add.at(table, (codes[which], classes.targets[which]), 1.0)
    sizes = classes.sizes
    shares: NDArray[np.float64] = np.where(sizes > 0, table / np.maximum(sizes, 1), -1.0)
    return shares


def speakers(values: Sequence[str], target: int, classes: Classes) -> Iterator[Value]:
    """The values that are commoner in the class than in any other; the commonest first."""
    names, codes = np.unique(np.asarray(values), return_inverse=True)
    parts = shown(codes, classes, np.ones(len(codes), bool))
    inside = np.bincount(codes[classes.targets == target], minlength=len(names))
    for code in np.argsort(-inside, kind="stable"):
        if names[code] and inside[code] >= LEAST and parts[code].argmax() == target:
            yield Value(str(names[code]), int(inside[code]), int((codes == code).sum()))
