"""A backbone without weights: edges by direction and colours, where they are and how they go together.

What people counted in pictures before networks learnt to: histograms of oriented gradients (Dalal & Triggs 2005),
here as convolutions whose filters are drawn from a formula. Far behind any trained network, well ahead of chance.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.runtime import keras

Tensor: TypeAlias = Any  # keras.KerasTensor: Keras comes late
Network: TypeAlias = Any  # keras.Model
Filters: TypeAlias = NDArray[np.float32]

DIRECTIONS = 8  # over the half circle; each is counted by its sign, as dark to light and light to dark
SIDE, WIDTH = 7, 1.4  # px of a filter, and the deviation of its Gaussian
SCALES = 3  # each half as fine as the one before
CELL = 8  # px: within a cell it counts only what there is, not where
MIXED = 256  # what pairs of neighbouring cells are summed up by
COLOURS = np.array([[0.299, 0.587, 0.114], [0.5, -0.419, -0.081], [-0.169, -0.331, 0.5]], np.float32)  # BT.601


def small(pixels: Tensor) -> Network:
    """Pixels to features, nothing of it learnt."""
    layers = keras().layers
    shown = layers.Rescaling(1 / 127.5, offset=-1, name="symmetric")(pixels)
    shown = fixed(COLOURS.T.reshape(1, 1, 3, 3), "colours")(shown)
    found = []
    for scale in range(SCALES):
        finer = layers.AveragePooling2D(2**scale, name=f"coarser{scale}")(shown) if scale else shown
        found += described(finer, scale)
    return keras().Model(pixels, layers.Concatenate(name="all")(found), name="small")


def described(shown: Tensor, scale: int) -> list[Tensor]:
    """One scale: its cells in their places, and what neighbouring cells have in common."""
    layers = keras().layers
    edges = layers.ReLU(name=f"edges{scale}")(fixed(bank(), f"bank{scale}", "same")(shown))
    cell = max(2, CELL >> scale)
    cells = layers.AveragePooling2D(cell, name=f"cells{scale}")(edges)
    level = layers.UnitNormalization(name=f"level{scale}")(cells)
    mixed = layers.ReLU(name=f"pairs{scale}")(fixed(mixture(level.shape[-1]), f"mixed{scale}", "same")(level))
    return [
        layers.Flatten(name=f"places{scale}")(layers.AveragePooling2D(3, name=f"thirds{scale}")(level)),
        layers.GlobalAveragePooling2D(name=f"summed{scale}")(mixed),
    ]


def fixed(kernel: Filters, name: str, padding: str = "valid") -> Any:
    """A convolution that never learns."""
    layer = keras().layers.Conv2D(kernel.shape[-1], kernel.shape[0], padding=padding, use_bias=False, name=name)
    layer.build((None, None, None, kernel.shape[2]))
    layer.set_weights([kernel])
    layer.trainable = False
    return layer


def bank() -> Filters:
    """Edges of brightness in each direction, and colours by sign: rows × columns × 3 × filters."""
    reach = np.arange(SIDE) - SIDE // 2
    down, across = np.meshgrid(reach, reach, indexing="ij")
    round_ = np.exp(-(down**2 + across**2) / (2 * WIDTH**2)) / (2 * math.pi * WIDTH**2)
    turns = np.arange(DIRECTIONS) * math.pi / DIRECTIONS
    slopes = [(math.cos(turn) * across + math.sin(turn) * down) / WIDTH**2 * round_ for turn in turns]
    filters = np.zeros((SIDE, SIDE, 3, 2 * DIRECTIONS + 4), np.float32)
    for place, slope in enumerate(slopes):
        filters[:, :, 0, 2 * place], filters[:, :, 0, 2 * place + 1] = slope, -slope
    for place in range(4):
        filters[:, :, 1 + place // 2, 2 * DIRECTIONS + place] = round_ * (1, -1)[place % 2]
    return filters


def mixture(channels: int) -> Filters:
    """Chance sums over neighbouring cells, the same every time."""
    chance = np.random.default_rng(0).normal(size=(3, 3, channels, MIXED))
    return (chance / math.sqrt(9 * channels)).astype(np.float32)
