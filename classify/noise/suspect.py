"""Features and labels in, suspicions out: which labels are wrong, and what belongs to no class at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.noise.labels import Verdicts, trusted, verdicts
from classify.noise.outside import Flags, bench, outside
from classify.noise.strangers import Strangers, doubly, strangers
from classify.nouns import Features, Targets

CONFIRMED = 0.6  # of the labels; where the pictures confirm fewer, the features cannot tell the classes apart
LEAST = 5  # pictures of a class, in two folds: its label is not judged by fewer


@dataclass(frozen=True, slots=True)
class Suspected:
    """What is suspected of each picture; the arrays run along the pictures."""

    wrong: Flags
    stranger: Flags
    labels: Verdicts
    strange: Strangers
    confirmed: float  # share of the labels that other pictures confirm
    few: tuple[int, ...]  # classes with too few pictures to judge
    telling: bool  # do the features tell the classes apart, so that labels could be judged?


def suspect(features: Features, targets: Targets, folds: NDArray[np.int64], count: int) -> Suspected:
    """Suspicions about pictures of `count` classes; what has the same fold number is held out together."""
    seen = bench(features, targets, folds, count)
    trust = trusted(seen, outside(seen))
    strange = strangers(seen, trust)
    trust = trust & ~strange.flags
    labels = verdicts(seen, outside(seen, trust if trust.any() else None), trust)
    few = scarce(targets, folds)
    judged = ~np.isin(targets, few)
    asked = judged & ~strange.flags
    confirmed = float(trust[asked].mean()) if asked.any() else 0.0
    telling = confirmed >= CONFIRMED and len(np.unique(targets)) > 1
    wrong = labels.wrong & judged & telling
    strange = doubly(strange, wrong)
    return Suspected(wrong & ~strange.flags, strange.flags, labels, strange, confirmed, few, telling)


def scarce(targets: Targets, folds: NDArray[np.int64]) -> tuple[int, ...]:
    """The classes that a held-out picture could not be compared with."""
    numbers = (int(target) for target in np.unique(targets))
    return tuple(n for n in numbers if (targets == n).sum() < LEAST or len(np.unique(folds[targets == n])) < 2)
