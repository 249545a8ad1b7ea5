"""What looks at pictures: a backbone as fast as it runs exactly, or faster and proven to see nearly the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from classify.backbones import Built
from classify.file.lite import Lite, Unfit, converted
from classify.nouns import FEATURES, Features, Pixels
from classify.runtime import quiet, tensorflow

Eye: TypeAlias = Callable[[Pixels], Features]

# On 2,000 and 800 cats and dogs, a logistic head on MobileNets' quick features was at most 0.25 points worse at a
# likeness of 0.960 (alpha 0.25) and of 0.987 (alpha 1)
ALIKE = 0.98  # see `likeness`
FASTER = 1.5  # times, or it is not worth its conversion: MobileNets gain nothing, VGG16 more than twice


@dataclass(frozen=True, slots=True)
class Proof:
    """How the quick eye did on a sample, beside the exact one."""

    likeness: float
    speed: float  # times as fast

    @property
    def good(self) -> bool:
        """May it look at the others?"""
        return self.likeness >= ALIKE and self.speed >= FASTER


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


def proven(built: Built, sample: Pixels) -> tuple[Eye, Proof]:
    """The quick eye if it proves itself on the sample, else the exact one; and the proof."""
    plain = exact(built)
    try:
        fast = quick(built)
    except Unfit:
        return plain, Proof(0.0, 0.0)
    (one, slow), (other, swift) = timed(plain, sample), timed(fast, sample)
    proof = Proof(likeness(one, other), slow / swift)
    return fast if proof.good else plain, proof


def timed(eye: Eye, sample: Pixels) -> tuple[Features, float]:
    """What it sees, and the seconds it takes; its first look, at which it settles, aside."""
    eye(sample[:1])
    begun = time.perf_counter()
    return eye(sample), time.perf_counter() - begun
