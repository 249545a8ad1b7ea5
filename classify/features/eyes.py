"""What looks at pictures: a backbone as fast as it runs exactly, or faster and proven to see nearly the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from classify.backbones import Built
from classify.file.lite import Lite, Unfit, converted
from classify.nouns import FEATURES, Features, Pixels
from classify.runtime import quiet, tensorflow

Eye: TypeAlias = Callable[[Pixels], Features]

ALIKE = 0.99  # see `likeness`; benchmarks/embeddings.py says what it costs a head


def exact(built: Built) -> Eye:
    """The network in 32 bits, its weights made constants: TensorFlow then folds normalisation into convolutions."""
    tf, side = tensorflow(), built.recipe.size
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    given = tf.TensorSpec((None, side, side, 3), tf.uint8)
    with quiet():
        call = tf.function(lambda pixels: built.network(tf.cast(pixels, tf.float32), training=False))
        graph = convert_variables_to_constants_v2(call.get_concrete_function(given))

    def see(pixels: Pixels) -> Features:
        (features,) = graph(tf.constant(pixels))
        return np.asarray(features.numpy(), np.float32)

    return see


def quick(built: Built) -> Eye:
    """The network with weights of 8 bits, run by LiteRT; Unfit when it cannot be had so."""
    lite = Lite(converted(built.network, built.recipe.size, (FEATURES,), quantise=True))
    return lambda pixels: np.asarray(lite(pixels.astype(np.float32))[FEATURES], np.float32)


def likeness(one: Features, other: Features) -> float:
    """The mean cosine between what two eyes see in the same pictures, about the middle of what the first sees.

    About the middle, because all features are positive: about zero, any two pictures are alike.
    """
    middle = one.mean(0)
    one, other = one - middle, other - middle
    sizes = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(np.mean((one * other).sum(1) / np.maximum(sizes, np.finfo(np.float32).tiny)))


def proven(built: Built, sample: Pixels) -> tuple[Eye, float]:
    """The quick eye, and how alike it sees; where that is not alike enough, the exact eye with the same number."""
    plain = exact(built)
    try:
        fast = quick(built)
    except Unfit:
        return plain, 0.0
    alike = likeness(plain(sample), fast(sample))
    return (fast, alike) if alike >= ALIKE else (plain, alike)
