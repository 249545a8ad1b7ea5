"""Heads: what turns a frozen backbone's features into classes.

    head = fit("logistic", features, targets, classes=3, groups=groups, weights=balanced(targets, 3))
    head.logits(features)        # NumPy alone
    head.attach(tensor)          # the same as plain Keras layers

Parameters are chosen by held-out pictures, a group never torn apart.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from classify.heads import dense, knn, logistic, svm
from classify.heads.lesson import USUAL, Head, Lesson, balanced, checked, numbered
from classify.nouns import Features, Learning, Targets, Watch, unwatched
from classify.steady import steady
from imgtool.errors import UsageError

__all__ = ["HEADS", "Head", "balanced", "fit"]

HEADS: Mapping[str, Callable[[Lesson], Head]] = MappingProxyType(
    {"dense": dense.learn, "logistic": logistic.learn, "svm": svm.learn, "knn": knn.learn}
)


def fit(
    name: str,
    features: Features,
    targets: Targets,
    classes: int,
    *,
    weights: NDArray[np.floating] | None = None,
    groups: Sequence[Hashable] | None = None,
    val: tuple[Features, Targets] | None = None,
    learning: Learning = USUAL,
    seed: int | None = None,
    watch: Watch = unwatched,
) -> Head:
    """The head of that name, learnt. `weights`: how much each picture counts; `val`: what the dense head stops by."""
    if name not in HEADS:
        raise UsageError(f"No head is called {name!r}.", hint=f"Known: {', '.join(HEADS)}.")
    checked(features, targets, classes)
    learning = learning if seed is None else replace(learning, seed=seed)
    even = np.ones(len(targets)) if weights is None else np.asarray(weights, np.float64)
    lesson = Lesson(features, targets, classes, even, numbered(groups, len(targets)), learning, val, watch)
    with steady():
        return HEADS[name](lesson)
