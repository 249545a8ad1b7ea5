"""The network of digits: five convolutions, a tenth of a second for a thousand digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classify.digits.frame import SIDE
from classify.nets.regimen import Regimen
from classify.nouns import FEATURES

if TYPE_CHECKING:
    import keras

BLOCKS = ((16, 1), (32, 2), (64, 1), (64, 2), (96, 1))  # filters and stride of each convolution
WIDTH = 128  # numbers that say what a digit looks like
DROPPED = 0.3
MEMORY = 0.9  # of the norms: a few hundred digits make few steps
# Chosen on held-out digits, by fours: docs/digits.md
REGIMEN = Regimen(epochs=14, rate=3e-3, warm=2, wane=0.01, smooth=0.02, average=0.97)


def build(classes: int) -> keras.Model:
    """RGB digits, 28 × 28, in; logits out. Only how bright a pixel is counts."""
    from classify.runtime import keras

    layers = keras().layers
    given = layers.Input((SIDE, SIDE, 3), name="pixels")
    mean = keras().initializers.Constant(1 / 3 / 255)
    shown = layers.Conv2D(1, 1, use_bias=False, kernel_initializer=mean, trainable=False, name="grey")(given)
    for number, (filters, stride) in enumerate(BLOCKS, 1):
        shown = convolved(shown, filters, stride, str(number))
    flat = layers.Dropout(DROPPED, name="dropped")(layers.Flatten(name="flat")(shown))
    features = layers.Dense(WIDTH, activation="relu", name=FEATURES)(flat)
    kept = layers.Dropout(DROPPED, name="kept")(features)
    return keras().Model(given, layers.Dense(classes, name="logits")(kept), name="digits")


def convolved(shown: keras.KerasTensor, filters: int, stride: int, name: str) -> keras.KerasTensor:
    """A convolution of three by three, normed, and what is below zero cut off."""
    from classify.runtime import keras

    layers = keras().layers
    raw = layers.Conv2D(filters, 3, stride, padding="same", use_bias=False, name=f"conv{name}")(shown)
    return layers.ReLU(name=f"relu{name}")(layers.BatchNormalization(momentum=MEMORY, name=f"norm{name}")(raw))
