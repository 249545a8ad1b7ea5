"""Which labels are wrong: first by cleanlab, then by models that learn only from the pictures it trusts."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.calibrate import probabilities, temperature
from classify.noise.outside import Bench, Flags, Probabilities
from classify.nouns import Targets

# A label is wrong when models that learnt from trusted pictures give it less than this, and another class more. Of
# 0.05, 0.1, 0.2 and 0.3 the one that finds most at 1 % false alarms, on cats_dogs, caltech101_subset and bears_raw.
UNLIKELY = 0.2


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is said of each picture's label."""

    wrong: Flags
    likely: Targets  # the class that it looks like most
    sure: NDArray[np.float64]  # the probability of that class
    given: NDArray[np.float64]  # and of the label's


def trusted(seen: Bench, said: Probabilities) -> Flags:
    """The labels that models of other folds agree with and cleanlab has nothing against."""
    agreed: Flags = (said.argmax(axis=1) == seen.targets) & (said.max(axis=1) > 0)
    if len(np.unique(seen.targets)) < 2:
        return agreed
    from cleanlab.filter import find_label_issues

    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "May not flag all label issues", UserWarning
        )  # classes of few are named by us
        issues: Flags = find_label_issues(*dense(seen.targets, said), n_jobs=1)
    return agreed & ~issues


def dense(targets: Targets, said: Probabilities) -> tuple[Targets, Probabilities]:
    """Both without the classes that have no picture: cleanlab wants each class at least once."""
    present, numbers = np.unique(targets, return_inverse=True)
    kept = np.maximum(said[:, present], 1e-12)
    return numbers.astype(np.int64), kept / kept.sum(axis=1, keepdims=True)


def verdicts(seen: Bench, said: Probabilities, trust: Flags) -> Verdicts:
    """The verdict on each label. `said` is of models that learnt from trusted pictures alone."""
    logits = np.log(np.maximum(said, 1e-9)).astype(np.float32)
    warmth = temperature(logits[trust], seen.targets[trust]) if trust.any() else 1.0
    probs = probabilities(logits, warmth)
    likely = probs.argmax(axis=1)
    given = probs[np.arange(len(probs)), seen.targets]
    wrong: Flags = (likely != seen.targets) & (given < UNLIKELY)
    return Verdicts(wrong, likely.astype(np.int64), probs.max(axis=1), given)
