"""Folds of features: stratified by class, groups whole, seeded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classify.calibrate import nll
from classify.heads.lesson import Lesson
from classify.nouns import Features, Targets

FOLDS = 5
PART = 3000  # pictures by which parameters are chosen: more change the choice little and cost much


def folds(targets: Targets, groups: NDArray[np.int64], k: int = FOLDS, seed: int = 0) -> NDArray[np.int64]:
    """The fold of each picture, 0 to k - 1. A group goes whole where its class has least, and then where all have."""
    where = np.full(len(targets), -1)
    filled = np.zeros((k, int(targets.max()) + 1), np.int64)
    for members in shuffled(groups, seed):
        label = np.bincount(targets[members]).argmax()
        fold = np.lexsort((filled.sum(axis=1), filled[:, label]))[0]
        np.add.at(filled[fold], targets[members], 1)
        where[members] = fold
    return where


def shuffled(groups: NDArray[np.int64], seed: int) -> list[NDArray[np.int64]]:
    """The members of each group; the large ones first, those of one size in a seeded order."""
    order = np.argsort(groups, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)
    turns = np.random.default_rng(seed).permutation(len(parts))
    return sorted((parts[turn] for turn in turns), key=len, reverse=True)


def splits(lesson: Lesson, k: int = FOLDS) -> list[NDArray[np.bool_]]:
    """For each fold what is held out, where the rest still knows every class. None when a class is a single group."""
    labels = np.unique(lesson.targets)
    k = min(k, *(len(np.unique(lesson.groups[lesson.targets == label])) for label in labels))
    where = folds(lesson.targets, lesson.groups, k, lesson.learning.seed)
    held = [where == fold for fold in range(k)]
    return [some for some in held if len(np.unique(lesson.targets[~some])) == len(labels)]


def some(lesson: Lesson, which: NDArray[np.bool_]) -> Lesson:
    """A part of the lesson."""
    return replace(
        lesson,
        features=lesson.features[which],
        targets=lesson.targets[which],
        weights=lesson.weights[which],
        groups=lesson.groups[which],
    )


def small(lesson: Lesson, most: int = PART) -> Lesson:
    """The lesson itself, or a stratified part of it of about `most` pictures, whole groups."""
    if len(lesson) <= most:
        return lesson
    parts = -(-len(lesson) // most)
    return some(lesson, folds(lesson.targets, lesson.groups, parts, lesson.learning.seed) == 0)


@dataclass(frozen=True, slots=True)
class Unseen:
    """What was said of pictures by those who had not learnt from them."""

    said: NDArray[np.floating]
    targets: Targets
    weights: NDArray[np.float64]

    @property
    def right(self) -> float:
        """The share named right, by weight."""
        return float(np.average(self.said.argmax(axis=1) == self.targets, weights=self.weights))

    def surprise(self, t: float = 1.0) -> float:
        """The mean surprise at the truth, by weight."""
        return nll(self.said, self.targets, t, self.weights)


def unseen(lesson: Lesson, scores: Callable[[Lesson, Features], NDArray[np.floating]]) -> Unseen:
    """What `scores` says of every picture, learning from the other folds."""
    held = splits(lesson)
    said = np.concatenate([scores(some(lesson, ~fold), lesson.features[fold]) for fold in held])
    targets, weights = (np.concatenate([part[fold] for fold in held]) for part in (lesson.targets, lesson.weights))
    return Unseen(said, targets, weights)
