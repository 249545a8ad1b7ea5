"""A network parted where it last knows places: pixels ──trunk──▶ maps ──tail──▶ logits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classify import runtime

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """The two parts of a network; its maps are a list, mostly of one."""

    trunk: keras.Model
    tail: keras.Model


def parted(network: keras.Model) -> Parted | None:
    """Its parts; None for a network that knows no places, or none but single pixels."""
    maps = list(last_maps(network))
    side = network.input_shape[1]
    if not maps or any(side is not None and each.shape[1] >= side for each in maps):
        return None
    model, seam = runtime.keras().Model, maps if len(maps) > 1 else maps[0]
    return Parted(model(network.inputs[0], seam), model(seam, network.outputs[0]))


def last_maps(network: keras.Model) -> Iterator[Any]:
    """The last tensors with rows and columns on every way to the logits."""
    makers = {id(tensor): each for each in network.operations for tensor in listed(each.output)}
    waiting, seen = [network.outputs[0]], set()
    while waiting:
        tensor = waiting.pop()
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        if placed(tensor):
            yield tensor
        elif id(tensor) in makers:
            maker = makers[id(tensor)]
            waiting += listed(maker.input)


def placed(tensor: Any) -> bool:
    """Has it rows or columns?"""
    return len(tensor.shape) == 4 and tuple(tensor.shape[1:3]) != (1, 1)


def listed(found: Any) -> list[Any]:
    """One or several tensors as a list."""
    return list(found) if isinstance(found, list | tuple) else [found]
