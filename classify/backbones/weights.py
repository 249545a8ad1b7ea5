"""Weights out of a file that somebody else wrote, laid into a network layer by layer.

Two layouts exist. The one that Keras's published weights have names layers, so a file may hold more than is needed
(a top) or only the first layers. The other, Keras 3's own, is counted out by Keras itself.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.backbones.located import contents
from classify.file.archive import WEIGHTS, member, opened
from classify.file.weights import examine
from classify.runtime import quiet
from imgtool.errors import UsageError

if TYPE_CHECKING:
    import h5py

Layer: TypeAlias = Any  # keras.Layer: Keras comes late
Network: TypeAlias = Any  # keras.Model

BGR = "bgr"  # the layer that turns pixels into what Caffe's networks were shown


@dataclass(frozen=True, slots=True)
class Held:
    """A layer's weights, as a file has them."""

    name: str
    arrays: tuple[NDArray[np.float32], ...]


def load(layers: Sequence[Layer], place: Path, plain: Callable[[], Network]) -> int:
    """Fill the layers, and say how many of them the file has weights for; UsageError when it is of another network.

    `plain` gives the network as it was published, which Keras's own layout is counted out to.
    """
    data = unpacked(place)
    examine(data, place.name)
    held = named(data, place.name) or counted(plain(), data, place.name)
    pairs = matched(layers, held, place.name)
    for layer, found in pairs:
        layer.set_weights(found.arrays)
    return len(pairs)


def weighty(network: Network) -> list[Layer]:
    """The layers that have weights, in order; those that prepare pixels are ours, and in no file."""
    return [layer for layer in network.layers if layer.weights and layer.name != BGR]


def unpacked(place: Path) -> bytes:
    """The HDF5 file, taken out of its .keras archive if it is in one."""
    data = contents(place)
    if place.suffix != ".keras":
        return data
    with opened(data, place.name) as archive:
        return member(archive, WEIGHTS, place.name)


def named(data: bytes, name: str) -> list[Held]:
    """The layers with weights of a file that names them; none if it is of the other layout."""
    import h5py

    with h5py.File(io.BytesIO(data), "r") as file:
        group = file.get("model_weights", file)
        try:
            return [held for each in listed(group, "layer_names") if (held := read(group[each], each)).arrays]
        except (KeyError, TypeError, ValueError) as error:
            raise foreign(name, f"its list of layers and its layers disagree ({error})") from error


def read(group: h5py.Group, name: str) -> Held:
    """One layer of the file."""
    return Held(name, tuple(np.asarray(group[each], np.float32) for each in listed(group, "weight_names")))


def listed(group: h5py.Group, what: str) -> Iterator[str]:
    """A list of names; Keras cuts one that is too long for HDF5 into numbered pieces."""
    pieces = (
        [what] if what in group.attrs else takewhile(group.attrs.__contains__, (f"{what}{n}" for n in range(10_000)))
    )
    for piece in pieces:
        for name in np.atleast_1d(group.attrs[piece]):
            yield name.decode() if isinstance(name, bytes) else str(name)


def matched(layers: Sequence[Layer], held: Sequence[Held], name: str) -> list[tuple[Layer, Held]]:
    """Each layer with its weights: by name where the names are ours, else in order, as Keras does it."""
    ours, theirs = {layer.name for layer in layers}, {each.name: each for each in held}
    if ours <= theirs.keys() or theirs.keys() <= ours:
        pairs = [(layer, theirs[layer.name]) for layer in layers if layer.name in theirs]
    else:
        pairs = list(zip(layers, held, strict=False))
    for layer, found in pairs:
        fitting(layer, found, name)
    if [layer.name for layer, _ in pairs] != [layer.name for layer in layers[: len(pairs)]]:
        raise foreign(name, "it has weights for some layers, but not for all before them")
    return pairs


def fitting(layer: Layer, found: Held, name: str) -> None:
    """UsageError unless the weights are of the layer's shapes."""
    needed, given = [tuple(weight.shape) for weight in layer.weights], [array.shape for array in found.arrays]
    if needed != given:
        raise foreign(name, f"its layer {found.name!r:.60} is {shown(given)}, and {layer.name} is {shown(needed)}")


def shown(shapes: Sequence[tuple[int, ...]]) -> str:
    """Shapes in a message."""
    return " and ".join("×".join(map(str, shape)) or "a number" for shape in shapes[:1]) or "without weights"


def counted(plain: Network, data: bytes, name: str) -> list[Held]:
    """The layers of a file in Keras's own layout, by letting Keras fill a network from it."""
    with tempfile.TemporaryDirectory() as room, quiet():
        file = Path(room) / "given.weights.h5"
        file.write_bytes(data)
        try:
            plain.load_weights(file)
        except (ValueError, KeyError, OSError) as error:
            raise foreign(name, str(error).strip().splitlines()[0][:200]) from error
    return [Held(layer.name, tuple(layer.get_weights())) for layer in weighty(plain)]


def foreign(name: str, why: str) -> UsageError:
    """Weights of something else."""
    hint = "They must have been made with the same backbone and alpha."
    return UsageError(f"{name} has not the weights of this backbone: {why}.", hint=hint)
