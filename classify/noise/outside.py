"""Each picture judged by a model that has never seen it, nor any twin of it: logistic regression, fold by fold."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Features, Targets
from imgtool.errors import ImgtoolError

Probabilities: TypeAlias = NDArray[np.float64]  # pictures × classes
Flags: TypeAlias = NDArray[np.bool_]  # one for each picture

# What mistakes weigh against simplicity. Of 0.1, 1, 10 and 100, the one whose answers 20 % of wrong labels harm least:
# 0.99 stay right on MobileNet features of eight classes, against 0.97 for 10 and 0.94 for 100
WEIGHT = 1.0
ROUNDS = 300  # of the solver; what has not settled by then is near enough
WIDE = 256  # numbers of a picture that are used: the directions in which pictures differ most


@dataclass(frozen=True, slots=True)
class Bench:
    """The pictures on the bench: their numbers, the classes they are said to be of, and who is held out with whom."""

    features: NDArray[np.float64]  # evened
    targets: Targets
    folds: NDArray[np.int64]
    count: int  # of classes


def bench(features: Features, targets: Targets, folds: NDArray[np.int64], count: int) -> Bench:
    """The pictures made ready; ImgtoolError where features are no numbers."""
    if not np.isfinite(features).all():
        bad = int((~np.isfinite(features).all(axis=1)).sum())
        hint = "The weights are damaged, or belong to another network: name others with --weights."
        raise ImgtoolError(f"The features of {bad} pictures are no numbers.", hint=hint)
    return Bench(evened(features), targets, folds, count)


def evened(features: Features) -> NDArray[np.float64]:
    """Of one length, around their middle, in the directions in which they differ; on average one unit away."""
    from sklearn.decomposition import PCA

    length = np.linalg.norm(features, axis=1, keepdims=True)
    moved = np.asarray(features, np.float64) / np.maximum(length, 1e-12)
    moved -= moved.mean(axis=0)
    if moved.shape[1] > WIDE:
        moved = PCA(min(WIDE, *moved.shape), random_state=0).fit_transform(moved)
    scale = np.sqrt((moved**2).sum(axis=1).mean())
    even: NDArray[np.float64] = moved / max(float(scale), 1e-12)
    return even


def outside(seen: Bench, learnt: Flags | None = None, weight: float = WEIGHT) -> Probabilities:
    """What the models of the other folds say of each picture; they learn from the pictures of `learnt` alone."""
    said = np.zeros((len(seen.targets), seen.count))
    for fold in np.unique(seen.folds):
        out = seen.folds == fold
        inside = ~out if learnt is None else ~out & learnt
        classes, answers = answered(seen.features[inside], seen.targets[inside], seen.features[out], weight)
        said[np.ix_(out, classes)] = answers
    return said


def answered(
    features: NDArray[np.float64], targets: Targets, asked: NDArray[np.float64], weight: float
) -> tuple[Targets, Probabilities]:
    """The classes learnt from, and their probabilities for what is asked; all classes weigh the same."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    classes = np.unique(targets)
    if len(classes) < 2:  # nothing to choose between
        return classes, np.ones((len(asked), len(classes)))
    model = LogisticRegression(C=weight, max_iter=ROUNDS, class_weight="balanced")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features, targets)
    answers: Probabilities = model.predict_proba(asked)
    return classes, answers
