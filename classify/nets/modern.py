"""A small residual network for two thousand pictures and two processors.

Plain 3 × 3 convolutions: on a CPU they train twice as quickly as separable ones of the same strength. One residual
block (He et al. 2015) a resolution, pooled shortcuts (He et al. 2018: "Bag of Tricks"), no layer that needs one size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from classify.nets.regimen import Regimen
from classify.nouns import FEATURES

if TYPE_CHECKING:
    import keras

SIZE = 96  # px
STEM = 32
WIDTHS = (32, 64, 128, 256)
MEMORY = 0.95  # of batch norm's averages: a small set has few batches an epoch
# Without mixup, 2,000 cats and dogs were known by heart after 30 epochs, and others told apart at 0.81
REGIMEN = Regimen(epochs=72, rate=1e-3, warm=3, wane=0.05, smooth=0.1, mix=0.2, average=3, early=0.6)


def build(size: int | None, classes: int) -> keras.Model:
    """The network for pictures of that size, or of any."""
    from classify.runtime import keras

    layers = keras().layers
    given = layers.Input((size, size, 3), name="pixels")
    shown = layers.Rescaling(1 / 64, offset=-2.0, name="scaled")(given)
    shown = layers.ReLU(name="stem")(folded(shown, STEM, 2, "stem"))
    for number, width in enumerate(WIDTHS, 1):
        shown = block(shown, width, 1 if number == 1 else 2, f"block{number}")
    features = layers.GlobalAveragePooling2D(name=FEATURES)(shown)
    kept = layers.Dropout(0.3, name="dropout")(features)
    return keras().Model(given, layers.Dense(classes, name="logits")(kept), name="modern")


def block(shown: keras.KerasTensor, width: int, stride: int, name: str) -> keras.KerasTensor:
    """Two convolutions, and a way past them."""
    from classify.runtime import keras

    layers = keras().layers
    inner = layers.ReLU(name=f"{name}_relu")(folded(shown, width, stride, f"{name}_1"))
    inner = folded(inner, width, 1, f"{name}_2")
    if stride > 1:
        shown = layers.AveragePooling2D(stride, padding="same", name=f"{name}_pool")(shown)
    if shown.shape[-1] != width:
        shown = folded(shown, width, 1, f"{name}_past", kernel=1)
    return layers.ReLU(name=name)(layers.Add(name=f"{name}_add")([inner, shown]))


def folded(shown: keras.KerasTensor, width: int, stride: int, name: str, kernel: int = 3) -> keras.KerasTensor:
    """A convolution and its batch norm."""
    from classify.runtime import keras

    layers = keras().layers
    bare = layers.Conv2D(
        width, kernel, stride, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_conv"
    )(shown)
    return layers.BatchNormalization(momentum=MEMORY, name=f"{name}_norm")(bare)
