"""The three convolutions of "Building powerful image classification models using very little data" (2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classify.nets.regimen import Regimen
from classify.nouns import FEATURES

if TYPE_CHECKING:
    import keras

SIZE = 150  # px, as there
FILTERS = (32, 32, 64)
REGIMEN = Regimen(epochs=50, rate=1e-3, optimizer="rmsprop", decay="constant")


def build(size: int | None, classes: int) -> keras.Model:
    """Three times convolution and pooling, then 64 numbers; for pictures of one size only."""
    from classify.runtime import keras

    layers = keras().layers
    given = layers.Input((size or SIZE, size or SIZE, 3), name="pixels")
    shown = layers.Rescaling(1 / 255, name="scaled")(given)
    for number, filters in enumerate(FILTERS, 1):
        shown = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv{number}")(shown)
        shown = layers.MaxPooling2D(2, padding="same", name=f"pool{number}")(shown)
    flat = layers.Flatten(name="flat")(shown)
    features = layers.Dense(64, activation="relu", name=FEATURES)(flat)
    kept = layers.Dropout(0.5, name="dropout")(features)
    return keras().Model(given, layers.Dense(classes, name="logits")(kept), name="small")
