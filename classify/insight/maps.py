"""What the blocks answer to a picture: of each, the few maps that say most about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.insight.layers import Layer
from classify.insight.stages import BLOCK, Stage
from classify.nouns import Network
from classify.runtime import keras

MOST = 12  # maps of a layer: what one looks at before they blur into each other
ALIKE = 0.9  # correlation from which a second map says nothing new
SHOWN = 8  # layers
BENT = frozenset({"ReLU", "Activation", "Add"})


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """What one filter answers, place by place."""

    number: int  # from 0, of its layer's
    values: NDArray[np.float32]  # rows × columns


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Some of a layer's maps."""

    stage: str
    layer: Layer
    silent: int  # of its maps, those that are the same everywhere: nothing found
    chosen: tuple[Map, ...]  # the liveliest first

    @property
    def total(self) -> int:
        """How many the layer has."""
        return self.layer.shape[-1]


def looked_at(parts: Sequence[Stage]) -> list[tuple[str, Layer]]:
    """The layers whose maps are shown: the last of each block, and of each size within a block of several ways."""
    return [(part.name, layer) for part in parts if part.name.startswith(BLOCK) for layer in ends(part)][:SHOWN]


def ends(part: Stage) -> Iterator[Layer]:
    """Where a block's places end."""
    if part.layers[-1].placed:
        yield part.layers[-1]
        return
    last = {each.shape[0]: each for each in part.layers if each.placed and each.type in BENT}
    yield from last.values() or [each for each in part.layers if each.placed][-1:]


def answers(network: Network, names: Sequence[str], shown: NDArray[np.float32]) -> Mapping[str, NDArray[np.float32]]:
    """What these layers answer to one picture: rows × columns × maps."""
    if not names:
        return {}
    outputs = [network.get_layer(name).output for name in names]
    said = keras().Model(network.inputs[0], outputs)(shown, training=False)
    many = said if isinstance(said, list | tuple) else [said]
    return {name: np.asarray(each, np.float32)[0] for name, each in zip(names, many, strict=True)}


def maps(stage: str, layer: Layer, values: NDArray[np.float32]) -> Maps:
    """Those of a layer that differ most over the picture, and from each other."""
    flat = values.reshape(-1, values.shape[-1]).astype(np.float64)
    spread = flat.std(axis=0)
    numbers = chosen(flat, spread)
    return Maps(stage, layer, int((spread == 0).sum()), tuple(Map(n, values[..., n]) for n in numbers))


def chosen(flat: NDArray[np.float64], spread: NDArray[np.float64]) -> list[int]:
    """The liveliest, none of them like one before; where these are few, the likes after all."""
    order = [int(n) for n in np.argsort(-spread, kind="stable") if spread[n] > 0]
    even = (flat - flat.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    taken: list[int] = []
    for number in order:
        like = np.abs(even[:, taken].T @ even[:, number]) / len(flat)
        if len(taken) < MOST and not (like > ALIKE).any():
            taken.append(number)
    return [*taken, *(number for number in order if number not in taken)][:MOST]
