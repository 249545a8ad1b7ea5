"""A file of weights as Keras published its own: layers by name, arrays by name inside them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import h5py
import numpy as np


def published(layers: Iterable[Any], path: Path, group: str = "/") -> Path:
    """The layers' weights, in the layout of Keras 2."""
    with h5py.File(path, "w") as file:
        root = file.require_group(group)
        names = []
        for layer in layers:
            names.append(layer.name.encode())
            at = root.create_group(layer.name)
            inside = [f"{layer.name}/{weight.name}:0" for weight in layer.weights]
            at.attrs["weight_names"] = [name.encode() for name in inside]
            for name, array in zip(inside, layer.get_weights(), strict=True):
                at.create_dataset(name, data=np.asarray(array))
        root.attrs["layer_names"] = names
    return path
