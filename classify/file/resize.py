"""The file's own resizing, in NumPy: the same numbers as Keras's antialiased `Resizing`, without TensorFlow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Pixels


def resized(pixels: Pixels, size: int) -> NDArray[np.float32]:
    """A batch as floats from 0 to 255, every picture stretched to `size` × `size`."""
    count, height, width, channels = pixels.shape
    numbers = pixels.astype(np.float32)
    if height != size:
        lines = numbers.reshape(count, height, width * channels)
        numbers = (mixture(height, size) @ lines).reshape(count, size, width, channels)
    return numbers if width == size else np.matmul(mixture(width, size), numbers)


def mixture(old: int, new: int) -> NDArray[np.float32]:
    """How much of each old line is in each new one: a triangle over all that the new one covers."""
    scale = old / new
    centres = (np.arange(new) + 0.5) * scale
    far = np.abs(np.arange(old) + 0.5 - centres[:, None]) / max(scale, 1.0)
    shares = np.maximum(0.0, 1.0 - far)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares.astype(np.float32)
