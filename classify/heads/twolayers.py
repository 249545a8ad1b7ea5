"""Two layers learnt in NumPy: over in seconds on features, the same on every machine, and no network to start.

A Keras model of this size spends its time between the steps, not in them.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Features, Logits, Targets

Array: TypeAlias = NDArray[np.float32]
Layers: TypeAlias = tuple[Array, Array, Array, Array]  # kernel and bias of the hidden layer, and of the last

MEAN, SQUARE, TINY = 0.9, 0.999, 1e-7  # Adam's own (Kingma & Ba 2014), as Keras has them
DECAY = 0.004  # AdamW's, as Keras has it; a bias does not decay


class Adam:
    """The moments of every weight, and the step that follows from them (AdamW)."""

    def __init__(self, layers: Layers) -> None:
        self.means = [np.zeros_like(layer) for layer in layers]
        self.squares = [np.zeros_like(layer) for layer in layers]
        self.steps = 0

    def stepped(self, layers: Layers, slopes: Layers, rate: float) -> Layers:
        """The layers, one step down."""
        self.steps += 1
        length = np.float32(rate * (1 - SQUARE**self.steps) ** 0.5 / (1 - MEAN**self.steps))
        self.means = [MEAN * mean + (1 - MEAN) * slope for mean, slope in zip(self.means, slopes, strict=True)]
        self.squares = [
            SQUARE * square + (1 - SQUARE) * slope**2 for square, slope in zip(self.squares, slopes, strict=True)
        ]
        kernel, bias, out, last = layers
        kernel, out = (layer * np.float32(1 - rate * DECAY) for layer in (kernel, out))
        return self._moved((kernel, bias, out, last), length)

    def _moved(self, layers: Layers, length: np.float32) -> Layers:
        kernel, bias, out, last = (
            np.subtract(layer, length * mean / (np.sqrt(square) + TINY), dtype=np.float32)
            for layer, mean, square in zip(layers, self.means, self.squares, strict=True)
        )
        return kernel, bias, out, last


def started(width: int, hidden: int, classes: int, chance: np.random.Generator) -> Layers:
    """Layers before they have learnt: uniform by their size (Glorot & Bengio 2010), as in Keras."""

    def drawn(rows: int, columns: int) -> Array:
        bound = (6 / (rows + columns)) ** 0.5
        return chance.uniform(-bound, bound, (rows, columns)).astype(np.float32)

    zeros = np.zeros(hidden, np.float32), np.zeros(classes, np.float32)
    return drawn(width, hidden), zeros[0], drawn(hidden, classes), zeros[1]


def answered(features: Features, layers: Layers) -> Logits:
    """Logits = relu(features · kernel + bias) · out + last."""
    kernel, bias, out, last = layers
    said: Logits = np.maximum(features @ kernel + bias, 0) @ out + last
    return said


def slopes(features: Features, targets: Targets, weights: Array, layers: Layers, kept: Array) -> tuple[Layers, Array]:
    """Each weight's slope of the weighted cross-entropy, and every picture's own; `kept` is the dropout's mask."""
    kernel, bias, out, last = layers
    hidden = np.maximum(features @ kernel + bias, 0) * kept
    logits = hidden @ out + last
    logits -= logits.max(axis=1, keepdims=True)
    shares = np.exp(logits)
    shares /= shares.sum(axis=1, keepdims=True)
    rows = np.arange(len(targets))
    losses = -np.log(np.maximum(shares[rows, targets], np.float32(1e-30)))
    shares[rows, targets] -= 1
    error = shares * (weights / len(targets))[:, None]
    back = (error @ out.T) * kept * (hidden > 0)
    return (features.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)), losses
