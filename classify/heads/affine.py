"""One matrix and one bias: what logistic regression and the linear SVM end as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Epoch, Features, Logits

ABSENT = -20.0  # the logit of a class without a picture, below all others: e^-20 is no chance


@dataclass(frozen=True, slots=True)
class Affine:
    """Logits = features · kernel + bias."""

    kernel: NDArray[np.float32]  # features × classes
    bias: NDArray[np.float32]
    facts: Mapping[str, object]
    epochs: tuple[Epoch, ...] = ()

    def logits(self, features: Features) -> Logits:
        """What it says."""
        return features @ self.kernel + self.bias

    def attach(self, tensor: Any) -> Any:
        """One Dense layer named "logits"."""
        return layer(tensor, self.kernel, self.bias, "logits")


@dataclass(frozen=True, slots=True)
class Scale:
    """What brings every feature to mean 0 and deviation 1, and can be folded into the matrix behind it."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    @classmethod
    def of(cls, features: Features) -> Scale:
        """That of these features; one that never changes is left as it is."""
        deviation = features.std(axis=0, dtype=np.float64)
        return cls(features.mean(axis=0, dtype=np.float64), np.where(deviation > 1e-7, deviation, 1.0))

    def scaled(self, features: Features) -> NDArray[np.float64]:
        """These features so."""
        return (features - self.mean) / self.deviation

    def folded(self, kernel: NDArray[Any], bias: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Kernel and bias for features as they are, from those for scaled ones."""
        inner = kernel / self.deviation[:, None]
        return inner.astype(np.float32), (bias - self.mean @ inner).astype(np.float32)


def layer(tensor: Any, kernel: NDArray[Any], bias: NDArray[Any], name: str, activation: str | None = None) -> Any:
    """A Dense layer of these weights behind a tensor."""
    from classify.runtime import keras

    dense = keras().layers.Dense(kernel.shape[1], activation=activation, name=name)
    after = dense(tensor)
    dense.set_weights([kernel, bias])
    return after


def spread(
    kernel: NDArray[np.float64], bias: NDArray[np.float64], present: NDArray[np.intp], classes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Columns for all classes from those of the classes that are present."""
    wide = np.zeros((len(kernel), classes))
    low = np.full(classes, bias.min() + ABSENT)
    wide[:, present], low[present] = kernel, bias
    return wide, low
