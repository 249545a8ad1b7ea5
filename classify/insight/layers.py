"""A network's layers as values: shapes, what they hold, what they cost, whether they learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from classify import runtime
from classify.heat.seam import listed
from classify.insight.kinds import BENDS, Kind, kind_of
from classify.nouns import FEATURES, Card, Network

WEIGHING = frozenset({"Conv2D", "DepthwiseConv2D", "Dense"})


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer."""

    name: str
    type: str  # Keras's name of it
    shape: tuple[int, ...]  # of what it gives: rows, columns, maps; or numbers
    weights: int  # numbers that it holds
    work: int  # multiplications for one picture, each with its addition
    learnt: bool  # did these numbers change when this model was trained?
    window: int = 0  # px, of its filters or pools
    stride: int = 1
    bends: str = ""  # the curve that it ends in: "relu"

    @property
    def kind(self) -> Kind:
        """What is known of its kind."""
        return kind_of(self.type)

    @property
    def placed(self) -> bool:
        """Does it know places?"""
        return spatial(self.shape)

    @property
    def does(self) -> str:
        """What it does, in a sentence."""
        after = BENDS.get(self.bends, "") if self.type not in {"ReLU", "Softmax"} else ""
        return f"{self.kind.does}{f', then {after}' if after else ''}"


def spatial(shape: Sequence[int]) -> bool:
    """Rows and columns, and more than a single place of them?"""
    return len(shape) == 3 and tuple(shape[:2]) != (1, 1)


def layers(network: Network, card: Card) -> list[Layer]:
    """All of them, each after those that it needs."""
    taught = card.route != "frozen" or card.kind == "digits"
    found, behind = [], False
    for one in network.operations:
        trained = bool(getattr(one, "trainable", False)) and (taught or behind)
        found.append(layer(one, learnt=trained))
        behind = behind or one.name == FEATURES
    return found


def layer(one: Any, *, learnt: bool) -> Layer:
    """One operation of a network."""
    weights = one.count_params() if hasattr(one, "count_params") else 0
    window, stride = getattr(one, "kernel_size", getattr(one, "pool_size", (0,))), getattr(one, "strides", (1,))
    bends = getattr(getattr(one, "activation", None), "__name__", "")
    return Layer(
        one.name,
        type(one).__name__,
        shape_of(one),
        weights,
        multiplications(one),
        learnt and weights > 0,
        int(window[0]),
        int(stride[0]),
        "" if bends == "linear" else bends,
    )


def shape_of(one: Any) -> tuple[int, ...]:
    """Of what it gives for one picture."""
    return tuple(int(each) for each in listed(one.output)[0].shape[1:])


def multiplications(one: Any) -> int:
    """What a layer of weights multiplies for one picture; of the others, which are cheap beside it, nothing."""
    kernel = getattr(one, "kernel", None)
    if kernel is None or type(one).__name__ not in WEIGHING:
        return 0
    shape = shape_of(one)
    return int(prod(kernel.shape)) * (prod(shape[:2]) if len(shape) == 3 else 1)


def sized(network: Network, side: int) -> Network:
    """The same network for pictures of one size, so that every shape is known."""
    if None not in network.input_shape[1:]:
        return network
    models, layers = runtime.keras().models, runtime.keras().layers
    fixed = models.clone_model(network, input_tensors=layers.Input((side, side, network.input_shape[-1])))
    fixed.set_weights(network.get_weights())
    return fixed
