"""The first filters, as the colours that they look for, and one of their sums with every number of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Network

MOST = 12  # filters


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """One filter, and what it answers to the picture."""

    number: int  # from 0
    weights: NDArray[np.float32]  # rows × columns × red, green, blue, whatever form it is shown pixels in
    values: NDArray[np.float32]  # its map


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """One number of a map: the sum of what a filter weighs, and a bias."""

    filter: int
    place: tuple[int, int]  # of the map: row and column
    corner: tuple[int, int]  # of the picture: the first row and column beneath; negative where zeros are added
    beneath: NDArray[np.float32]  # rows × columns × channels, as the layer gets them
    weights: NDArray[np.float32]  # of the same shape
    bias: float

    @property
    def total(self) -> float:
        """The sum."""
        return float((self.beneath.astype(np.float64) * self.weights).sum() + self.bias)


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """The first layer that slides filters."""

    layer: str
    side: int  # px
    stride: int
    total: int
    chosen: tuple[Filter, ...]
    worked: Worked


def first(network: Network) -> Any:
    """That layer; None where there is none."""
    sliding = (one for one in network.operations if type(one).__name__ == "Conv2D" and one.kernel_size[0] > 1)
    return next(sliding, None)


def filters(network: Network, layer: Any, seen: tuple[Any, Any], at: tuple[int, int]) -> Filters:
    """Its filters; `seen` is what goes in and comes out, `at` the pixel whose sum is worked out."""
    given, values = seen
    kernel = np.asarray(layer.kernel, np.float32)
    colours = np.einsum("rc,ijcf->ijrf", colouring(network, layer), kernel)
    spread = values.reshape(-1, values.shape[-1]).std(axis=0)
    numbers = [int(number) for number in np.argsort(-spread, kind="stable")[:MOST]]
    place = at[0] // layer.strides[0], at[1] // layer.strides[1]
    place = min(place[0], values.shape[0] - 1), min(place[1], values.shape[1] - 1)
    best = max(numbers, key=lambda number: values[(*place, number)])
    return Filters(
        layer.name,
        kernel.shape[0],
        int(layer.strides[0]),
        kernel.shape[-1],
        tuple(Filter(number, colours[..., number], values[..., number]) for number in numbers),
        worked(layer, given, place, best),
    )


def colouring(network: Network, layer: Any) -> NDArray[np.float32]:
    """How red, green and blue are mixed before that layer: by convolutions over single pixels alone."""
    mixed = np.eye(network.input_shape[-1], dtype=np.float32)
    for one in network.operations:
        if one is layer:
            break
        if type(one).__name__ == "Conv2D":
            mixed = mixed @ np.asarray(one.kernel, np.float32)[0, 0]
    return mixed


def worked(layer: Any, given: NDArray[np.float32], place: tuple[int, int], number: int) -> Worked:
    """The sum behind one number of a map."""
    side, strides = layer.kernel_size, layer.strides
    before = [added(given.shape[axis], side[axis], strides[axis]) for axis in (0, 1)]
    if layer.padding == "valid":
        before = [0, 0]
    corner = place[0] * strides[0] - before[0], place[1] * strides[1] - before[1]
    wide = np.pad(given, ((side[0], side[0]), (side[1], side[1]), (0, 0)))
    top, left = corner[0] + side[0], corner[1] + side[1]
    beneath = wide[top : top + side[0], left : left + side[1]]
    bias = float(layer.bias[number]) if layer.use_bias else 0.0
    return Worked(number, place, corner, beneath, np.asarray(layer.kernel, np.float32)[..., number], bias)


def added(length: int, side: int, stride: int) -> int:
    """How many zeros stand before the first row where the padding is "same"."""
    return max((ceil(length / stride) - 1) * stride + side - length, 0) // 2
