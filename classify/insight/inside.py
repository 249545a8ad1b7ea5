"""Everything about a network and one picture that `explain` shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from classify.file.network import heart
from classify.file.resize import resized
from classify.insight.first import Filters, filters, first
from classify.insight.layers import sized
from classify.insight.maps import Maps, answers, looked_at, maps
from classify.insight.stages import Stage, stages
from classify.nouns import Card, Network, Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Insight:
    """What a network is made of, and what it does with one picture."""

    stages: tuple[Stage, ...]
    filters: Filters | None  # None where nothing slides over the picture
    maps: tuple[Maps, ...]


def insight(whole: Network, card: Card, shown: Pixels, at: tuple[int, int]) -> Insight:
    """Of a model built in Keras and a picture of its size; `at`: the pixel to show a sum of."""
    network = sized(heart(whole), card.size)
    parts = stages(network, card)
    ends, sliding = looked_at(parts), first(network)
    asked = dict.fromkeys(layer.name for _, layer in ends)
    around = [before(network, sliding), sliding.name] if sliding is not None else []
    said = answers(network, list(dict.fromkeys([*asked, *around])), resized(shown[None], card.size))
    seen = [np.asarray(said[name]) for name in around]
    told = filters(network, sliding, (seen[0], seen[1]), at) if sliding is not None else None
    return Insight(parts, told, tuple(maps(stage, layer, said[layer.name]) for stage, layer in ends))


def before(network: Network, layer: Any) -> str:
    """The name of the layer whose answer it gets."""
    return str(next(one.name for one in network.operations if layer.input is one.output))
