"""Logistic regression, as strong as held-out pictures allow."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
from numpy.typing import NDArray

from classify.heads.affine import Affine, Scale, spread
from classify.heads.folds import small, splits, unseen
from classify.heads.lesson import Lesson
from classify.nouns import Features, Step

STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)  # scikit-learn's C, on features of deviation 1
USUAL = 1e-2  # where there is nothing to choose by: the middle


def learn(lesson: Lesson) -> Affine:
    """The head, its strength chosen by the likelihood of held-out pictures."""
    tried = trials(lesson) if splits(lesson) else {}
    strength = min(tried, key=lambda c: tried[c]) if tried else USUAL
    lesson.watch(Step("Learning", 1, 1, f"logistic regression, C = {strength:g}"))
    kernel, bias = solved(lesson, strength)
    facts: dict[str, object] = {"head": "logistic", "C": strength}
    return Affine(kernel, bias, facts | ({"held_out_nll": round(tried[strength], 4)} if tried else {}))


def trials(lesson: Lesson) -> dict[float, float]:
    """Strength → the surprise at held-out pictures."""
    part, tried = small(lesson), {}
    for number, strength in enumerate(STRENGTHS):
        lesson.watch(Step("Choosing a strength", number, len(STRENGTHS), f"C = {strength:g}"))
        tried[strength] = unseen(part, partial(said, strength=strength)).surprise()
    return tried


def said(lesson: Lesson, held: Features, strength: float) -> NDArray[np.floating]:
    """The logits of held-out pictures."""
    kernel, bias = solved(lesson, strength)
    return held @ kernel + bias


def solved(lesson: Lesson, strength: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Kernel and bias for features as they are, a column for each class."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    scale = Scale.of(lesson.features)
    model = LogisticRegression(C=strength, max_iter=300, tol=1e-4)
    with warnings.catch_warnings():  # 300 rounds of L-BFGS are close enough, converged or not
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(scale.scaled(lesson.features), lesson.targets, sample_weight=lesson.weights)
    kernel, bias = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one column for two classes
        kernel, bias = np.hstack([-kernel / 2, kernel / 2]), np.concatenate([-bias / 2, bias / 2])
    return scale.folded(*spread(kernel, bias, model.classes_, lesson.classes))
