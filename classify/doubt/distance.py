"""How far a picture is from the nearest class's middle, in a space stretched so that classes are round (Mahalanobis).

Features have length 1 first: the length tells how much there is to see, not what. Of the covariance the widest
directions are kept, and the rest taken to be equally narrow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Features, Targets

ROUND = 0.6  # how far the covariance is drawn towards a ball; best of 0.1 to 0.9 on real features
MOST = 128  # directions kept; twice as many tell strangers no better
ROUNDS = 4  # by which the directions have settled

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Distance:
    """The middles of the classes, and how wide they are in which direction."""

    middles: Array  # classes × features
    directions: Array  # features × directions
    eased: Array  # what each direction takes off the squared distance
    narrow: Array  # one number: 1 / variance of all other directions

    @classmethod
    def fit(cls, features: Features, targets: Targets) -> Distance:
        """That of classes as these features show them."""
        short = unit(features)
        labels, places = np.unique(targets, return_inverse=True)
        middles = np.stack([short[targets == label].mean(axis=0) for label in labels])
        about = short - middles[places]
        covariance = about.T @ about / len(about)
        values, directions = widest(covariance)
        least = ROUND * max(float(np.trace(covariance)) / len(covariance), 1e-12)
        eased = 1 / least - 1 / ((1 - ROUND) * np.maximum(values, 0) + least)
        return cls(middles, directions, eased.astype(np.float32), np.array(1 / least, np.float32))

    def score(self, features: Features) -> NDArray[np.float64]:
        """The squared distance to the nearest middle."""
        short = unit(features)
        flat = self.narrow * apart(short, self.middles, np.ones(short.shape[1], np.float32))
        wide = apart(short @ self.directions, self.middles @ self.directions, self.eased)
        nearest: NDArray[np.float64] = np.maximum(flat - wide, 0).min(axis=1).astype(np.float64)
        return nearest


def widest(covariance: Array) -> tuple[Array, Array]:
    """The largest variances and their directions, by subspace iteration: a tenth of the time of all of them."""
    width = len(covariance)
    found = np.random.default_rng(0).standard_normal((width, min(MOST, width))).astype(np.float32)
    for _ in range(ROUNDS):
        found, _ = np.linalg.qr(covariance @ found)
    values, turned = np.linalg.eigh(found.T @ covariance @ found)
    return values, found @ turned


def unit(features: Features) -> Features:
    """Features of length 1."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    short: Features = (features / np.maximum(lengths, 1e-12)).astype(np.float32)
    return short


def apart(ones: Array, others: Array, weights: Array) -> Array:
    """The weighted squared distances of all to all."""
    mixed = ones @ (others * weights).T
    distances: Array = np.square(ones) @ weights[:, None] - 2 * mixed + np.square(others) @ weights
    return distances
