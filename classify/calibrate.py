"""Probabilities that mean what they say: of pictures answered with 0.8, eight in ten are right.

    t = temperature(logits, targets)          # one number, from validation pictures
    probs = probabilities(logits, t)
    ece(probs, targets)                       # how far from the truth, on average

The one temperature changes no answer, only how sure it sounds (Guo et al. 2017, arXiv 1706.04599). NumPy alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Logits, Targets
from imgtool.errors import UsageError

COLDEST, HOTTEST = 0.05, 20.0  # beyond these any softmax is a yes or a shrug
FINE = 1e-4  # of the temperature's logarithm; far below what a validation set can tell
GOLDEN = (5**0.5 - 1) / 2
BINS = 15  # what papers on calibration draw, since Guo et al.


@dataclass(frozen=True, slots=True)
class Bin:
    """Pictures whose answers sounded about as sure, and how many were right."""

    low: float
    high: float
    count: int
    confidence: float  # the mean probability of their answers; 0 when there is none
    accuracy: float  # the share that was right


def probabilities(logits: Logits, t: float = 1.0) -> NDArray[np.float64]:
    """Softmax at a temperature: above 1 sounds less sure, below 1 more."""
    warm = np.asarray(logits, np.float64) / t
    grown = np.exp(warm - warm.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = grown / grown.sum(axis=1, keepdims=True)
    return shares


def nll(logits: Logits, targets: Targets, t: float = 1.0, weights: NDArray[np.float64] | None = None) -> float:
    """The mean surprise at the truth: negative log-likelihood, in nats; by weight where there are weights."""
    return float(np.average(surprise(logits, t)[np.arange(len(targets)), targets], weights=weights))


def surprise(logits: Logits, t: float) -> NDArray[np.float64]:
    """Minus the logarithm of every class's probability."""
    warm = np.asarray(logits, np.float64) / t
    warm -= warm.max(axis=1, keepdims=True)
    minus: NDArray[np.float64] = np.log(np.exp(warm).sum(axis=1, keepdims=True)) - warm
    return minus


def temperature(logits: Logits, targets: Targets) -> float:
    """The temperature that fits held-out pictures best; 1 where none is better than 1.

    One more picture is counted as answered wrongly: a hundred without a mistake prove no certainty.
    """
    matching(len(logits), targets)
    doubted = softened(targets, logits.shape[1])
    best = float(np.exp(lowest(lambda log: expected(logits, doubted, float(np.exp(log))))))
    return best if nll(logits, targets, best) < nll(logits, targets) else 1.0


def softened(targets: Targets, classes: int) -> NDArray[np.float64]:
    """The truth as shares, with one in n + 2 for the other classes: Platt's prior."""
    rest = 1 / (len(targets) + 2)
    shares = np.full((len(targets), classes), rest / max(classes - 1, 1))
    shares[np.arange(len(targets)), targets] = 1 - rest
    return shares


def expected(logits: Logits, shares: NDArray[np.float64], t: float) -> float:
    """The mean surprise when the truth itself is in shares."""
    return float((surprise(logits, t) * shares).sum(axis=1).mean())


def lowest(height: Callable[[float], float]) -> float:
    """The logarithm of a temperature where `height` is lowest, by golden section: it has one valley."""
    low, high = float(np.log(COLDEST)), float(np.log(HOTTEST))
    while high - low > FINE:
        one, other = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        low, high = (low, other) if height(one) < height(other) else (one, high)
    return (low + high) / 2


def reliability(probs: NDArray[np.floating], targets: Targets, bins: int = BINS) -> tuple[Bin, ...]:
    """Answers by how sure they sounded, in equal steps from 0 to 1, against how many were right."""
    matching(len(probs), targets)
    sure, right = probs.max(axis=1), probs.argmax(axis=1) == targets
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    return tuple(binned(number, bins, sure[place == number], right[place == number]) for number in range(bins))


def binned(number: int, bins: int, sure: NDArray[np.floating], right: NDArray[np.bool_]) -> Bin:
    """One step of the reliability table."""
    count = len(sure)
    means = (float(sure.mean()), float(right.mean())) if count else (0.0, 0.0)
    return Bin(number / bins, (number + 1) / bins, count, *means)


def ece(probs: NDArray[np.floating], targets: Targets, bins: int = BINS) -> float:
    """Expected calibration error: how far, on average, the sound of an answer is from its truth."""
    table = reliability(probs, targets, bins)
    return sum(step.count * abs(step.confidence - step.accuracy) for step in table) / len(targets)


def matching(count: int, targets: Targets) -> None:
    """UsageError unless there is one target for each, and one at all."""
    if count != len(targets) or not count:
        hint = "Give held-out pictures and the class of each."
        raise UsageError(
            f"Calibration needs pictures and their classes; received {count} and {len(targets)}.", hint=hint
        )
