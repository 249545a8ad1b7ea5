"""Networks small enough for a test, and model files made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from classify import runtime
from classify.file import Classifier, save
from classify.nouns import FEATURES, Card, Pixels

if TYPE_CHECKING:
    import keras

LABELS = ("bear", "cat", "dog")


def tiny(size: int = 32, classes: int = 3, channels: int = 3, seed: int = 0) -> keras.Model:
    """Raw pictures → logits, with lively random weights: two convolutions, one of them by depth, and a batch norm."""
    keras = runtime.keras()
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    given = keras.Input((size, size, channels))
    x = layers.Rescaling(1 / 127.5, offset=-1.0)(given)
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU(max_value=6.0)(x)
    x = layers.DepthwiseConv2D(3, padding="same", depthwise_initializer="he_uniform")(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D(name=FEATURES)(x)
    logits = layers.Dense(classes, kernel_initializer=keras.initializers.RandomNormal(stddev=20.0), name="logits")(x)
    return keras.Model(given, logits)


def card(**more: Any) -> Card:
    """The card of a tiny network."""
    known: dict[str, Any] = {"labels": LABELS, "size": 32, "temperature": 1.7, "sure": 0.6, "backbone": "tiny"}
    return Card(**(known | more))


def model(path: Path, **more: Any) -> Path:
    """A model file of a tiny network."""
    save(path, tiny(), card(**more), {"means": np.arange(6, dtype=np.float32).reshape(2, 3)})
    return path


def pictures(count: int = 4, rows: int = 32, columns: int = 32, channels: int = 3, seed: int = 0) -> Pixels:
    """Noise of many brightnesses, blurred into blobs: no two answers are the same."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(0, 256, (count, -(-rows // 4), -(-columns // 4), channels), dtype=np.uint8)
    return np.repeat(np.repeat(coarse, 4, axis=1), 4, axis=2)[:, :rows, :columns]


def quick(path: Path, cache: Path) -> Path:
    """A model file whose quick form lies in that cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        Classifier.load(model(path)).hasten(pictures())
    return path
