"""A support vector machine: linear or round, as held-out pictures prefer, its scores made logits.

scikit-learn's SVC sets every two classes against each other; a class's score is the sum of what its duels say. That is
linear in the duels, so the whole becomes Dense layers. One temperature, from held-out scores, makes it logits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.calibrate import temperature
from classify.heads.affine import Affine, Scale, spread
from classify.heads.folds import small, splits, unseen
from classify.heads.kernel import Kernel, rounded
from classify.heads.lesson import Lesson
from classify.nouns import Features, Logits, Step


@dataclass(frozen=True, slots=True)
class Shape:
    """One point of the grid."""

    kernel: str  # linear rbf
    cost: float  # scikit-learn's C
    gamma: float = 0.0  # of rbf, in units of 1 / features


# The usual powers of ten about scikit-learn's own (C = 1, gamma = 1 / features), on features of deviation 1
GRID = (
    *(Shape("linear", cost) for cost in (1e-4, 1e-3, 1e-2)),
    *(Shape("rbf", cost, gamma) for gamma in (0.1, 0.3, 1.0) for cost in (1.0, 10.0)),
)
TRIED = 1500  # pictures by which the grid is tried: its time grows with their square, and more
MOST = 6000  # learnt from, for the same reason; what more would add is within what a test can see
CACHE = 500  # MB of kernel rows that libsvm may keep
USUAL = Shape("rbf", 1.0, 0.3)


def learn(lesson: Lesson) -> Affine | Kernel:
    """The head, its kernel and cost chosen by how many held-out pictures it names right."""
    part, lesson = small(lesson, TRIED), small(lesson, MOST)
    best, t, facts = chosen(part) if splits(part) else (USUAL, 1.0, {})
    lesson.watch(Step("Learning", 1, 1, f"{best.kernel} SVM, C = {best.cost:g}"))
    head = solved(lesson, best)
    facts = {
        "head": "svm",
        "kernel": best.kernel,
        "C": best.cost,
        "gamma": best.gamma,
        "learnt_from": len(lesson),
    } | facts
    return replace(head, kernel=head.kernel / t, bias=head.bias / t, facts=facts)


def chosen(part: Lesson) -> tuple[Shape, float, dict[str, object]]:
    """The best of the grid, the temperature of its held-out scores, and what to tell of it."""
    tried = {}
    for number, shape in enumerate(GRID):
        part.watch(Step("Choosing a kernel", number, len(GRID), f"{shape.kernel}, C = {shape.cost:g}"))
        tried[shape] = unseen(part, partial(said, shape=shape))
    best = max(GRID, key=lambda shape: tried[shape].right)  # of equals the first: the simplest
    held = tried[best]
    t = temperature(held.said, held.targets)
    return best, t, {"held_out": round(held.right, 4), "held_out_nll": round(held.surprise(t), 4)}


def said(lesson: Lesson, held: Features, shape: Shape) -> Logits:
    """The scores of held-out pictures."""
    return solved(lesson, shape).logits(held)


def solved(lesson: Lesson, shape: Shape) -> Affine | Kernel:
    """The machine of one point of the grid, a column for each class."""
    from sklearn.svm import SVC

    scale = Scale.of(lesson.features)
    gamma = shape.gamma / lesson.features.shape[1]
    model = SVC(kernel=shape.kernel, C=shape.cost, gamma=gamma or "scale", cache_size=CACHE)
    model.fit(scale.scaled(lesson.features), lesson.targets, sample_weight=lesson.weights)
    duels, votes = fought(model), voting(len(model.classes_))
    ends = spread(duels @ votes, model.intercept_ * flipped(model) @ votes, model.classes_, lesson.classes)
    if shape.kernel == "rbf":
        return rounded(model.support_vectors_, scale, gamma, *ends)
    return Affine(*scale.folded(model.support_vectors_.T @ ends[0], ends[1]), facts={})


def fought(model: Any) -> NDArray[np.float64]:
    """Support vectors × duels: what each adds to each duel, positive for the first of the two classes.

    libsvm keeps for a vector of class i its part in the duel with j in row j - 1 (j > i) or j (j < i).
    """
    owner = np.repeat(np.arange(len(model.classes_)), model.n_support_)
    columns = []
    for one, other in combinations(range(len(model.classes_)), 2):
        first, second = owner == one, owner == other
        columns.append(model.dual_coef_[other - 1] * first + model.dual_coef_[one] * second)
    return np.stack(columns, axis=1) * flipped(model)


def flipped(model: Any) -> int:
    """Of two classes alone scikit-learn tells the duel the other way round."""
    return -1 if len(model.classes_) == 2 else 1


def voting(classes: int) -> NDArray[np.float64]:
    """Duels × classes: each duel speaks for its first class and against its second; the mean of a class's duels."""
    pairs = list(combinations(range(classes), 2))
    votes = np.zeros((len(pairs), classes))
    for duel, (one, other) in enumerate(pairs):
        votes[duel, one], votes[duel, other] = 1, -1
    return votes / (classes - 1)
