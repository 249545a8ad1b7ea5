"""How clearly a picture is of one of the classes, by a ridge regression on who is of which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Features, Targets

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Belonging:
    """One straight line for each class: high for its pictures, low for the others."""

    kernel: Array  # features × classes
    bias: Array

    @classmethod
    def fit(cls, features: Features, targets: Targets) -> Belonging:
        """The lines of these pictures; the penalty is as heavy as one picture of average size."""
        mean, deviation = features.mean(axis=0, dtype=np.float64), features.std(axis=0, dtype=np.float64)
        deviation = np.where(deviation > 1e-7, deviation, 1.0)
        scaled = ((features - mean) / deviation).astype(np.float32)
        truth = (targets[:, None] == np.unique(targets)).astype(np.float32)
        usual = truth.mean(axis=0)
        kernel = ridged(scaled, truth - usual) / deviation[:, None]
        return cls(kernel.astype(np.float32), (usual - mean @ kernel).astype(np.float32))

    def score(self, features: Features) -> NDArray[np.float64]:
        """How much is missing to one: about 0 for a clear case, about 1 for what is of no class."""
        best: NDArray[np.float64] = (features @ self.kernel + self.bias).max(axis=1).astype(np.float64)
        return 1 - best


def ridged(scaled: Array, truth: Array) -> Array:
    """The lines, by whichever of the two equal formulas solves for fewer unknowns."""
    count, width = scaled.shape
    if count > width:
        return solved(scaled.T @ scaled, width, scaled.T @ truth)
    return scaled.T @ solved(scaled @ scaled.T, width, truth)


def solved(products: Array, penalty: int, wanted: Array) -> Array:
    """The solution, drawn towards 0."""
    heavier = products + penalty * np.eye(len(products), dtype=np.float32)
    return np.linalg.solve(heavier, wanted).astype(np.float32)
