"""Round boundaries as plain layers: how near a picture is to each landmark, then one matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.heads.affine import Scale, layer
from classify.nouns import Epoch, Features, Logits


@dataclass(frozen=True, slots=True)
class Kernel:
    """Logits = exp(-γ · squared distance to the landmarks) · kernel + bias.

    The squared distance is written out (|x|² - 2x·l + |l|²) and the features' scale folded in, so that it needs
    no more than Dense layers.
    """

    near: NDArray[np.float32]  # features × landmarks
    start: NDArray[np.float32]  # landmarks
    square: NDArray[np.float32]  # features × 1
    kernel: NDArray[np.float32]  # landmarks × classes
    bias: NDArray[np.float32]
    facts: Mapping[str, object]
    epochs: tuple[Epoch, ...] = ()

    def logits(self, features: Features) -> Logits:
        """What it says."""
        nearness = np.exp(features @ self.near + self.start + np.square(features) @ self.square)
        return nearness @ self.kernel + self.bias

    def attach(self, tensor: Any) -> Any:
        """Two Dense layers, their sum's exponential, and a Dense layer named "logits"."""
        from classify.runtime import keras

        layers = keras().layers
        squared = layers.Multiply(name="squared")([tensor, tensor])
        size = layer(squared, self.square, np.zeros(1, np.float32), "size")
        summed = layers.Add(name="distance")([layer(tensor, self.near, self.start, "landmarks"), size])
        nearness = layers.Activation("exponential", name="nearness")(summed)
        return layer(nearness, self.kernel, self.bias, "logits")


def rounded(
    landmarks: NDArray[np.float64], scale: Scale, gamma: float, kernel: NDArray[np.float64], bias: NDArray[np.float64]
) -> Kernel:
    """The head of landmarks in scaled features, for features as they are."""
    inverse = 1 / scale.deviation**2
    raw = landmarks * scale.deviation + scale.mean
    near = 2 * gamma * (raw * inverse).T
    start = -gamma * (np.square(raw) @ inverse)
    square = -gamma * inverse[:, None]
    return Kernel(single(near), single(start), single(square), single(kernel), single(bias), facts={})


def single(numbers: NDArray[np.float64]) -> NDArray[np.float32]:
    """In 32 bits, as networks have them."""
    return numbers.astype(np.float32)
