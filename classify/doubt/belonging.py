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
        scaled = (features - mean) / deviation
        truth = (targets[:, None] == np.unique(targets)).astype(np.float64)
        usual = truth.mean(axis=0)
        kernel = ridged(scaled, truth - usual) / deviation[:, None]
        return cls(kernel.astype(np.float32), (usual - mean @ kernel).astype(np.float32))

    def score(self, features: Features) -> NDArray[np.float64]:
        """How much is missing to one: about 0 for a clear case, about 1 for what is of no class."""
        best: NDArray[np.float64] = (features @ self.kernel + self.bias).max(axis=1).astype(np.float64)
        return 1 - best


def ridged(scaled: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lines, by whichever of the two equal formulas solves for fewer unknowns."""
    count, width = scaled.shape
    lines: NDArray[np.float64]
    if count > width:
        lines = np.linalg.solve(scaled.T @ scaled + width * np.eye(width), scaled.T @ truth)
    else:
        lines = scaled.T @ np.linalg.solve(scaled @ scaled.T + width * np.eye(count), truth)
    return lines
