"""A network's weights, looked at before they are used: nothing outside the file, nothing larger than it, no NaN."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from classify import runtime
from classify.file.archive import refused
from classify.file.card import damaged

if TYPE_CHECKING:
    import h5py

NUMBERS = frozenset("biuf")  # numpy's kinds of dtype


def examine(data: bytes, name: str) -> None:
    """Refused for links and bombs, StorageError for what is damaged or no number."""
    try:
        import h5py
    except ModuleNotFoundError as error:
        raise runtime.absent(error) from error
    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            held = 0
            for path, dataset in datasets(file, name):
                held += math.prod(dataset.shape) * dataset.dtype.itemsize
                if held > len(data):  # Keras writes them as they are
                    raise refused(name, f"its weights claim {held:,} bytes, but are {len(data):,}")
                finite(path, dataset, name)
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise damaged(name, f"its weights cannot be read: {error}") from error


def datasets(group: h5py.Group, name: str) -> Iterator[tuple[str, h5py.Dataset]]:
    """Every array of the file. A link is never followed: it may lead to any file of this machine."""
    import h5py

    waiting, seen = [group], {group}
    while waiting:
        place = waiting.pop()
        for key in place:
            path = f"{place.name.rstrip('/')}/{key}"
            if not isinstance(place.get(key, getlink=True), h5py.HardLink):
                raise refused(name, f"its weights lead elsewhere, by the link {path!r:.80}")
            value = place[key]
            if isinstance(value, h5py.Group):
                waiting += [value] if value not in seen else []  # hard links can make a ring
                seen.add(value)
            else:
                yield path, own(path, value, name)


def own(path: str, value: object, name: str) -> h5py.Dataset:
    """The array, when its numbers lie in this file."""
    import h5py

    if not isinstance(value, h5py.Dataset):
        raise refused(name, f"its weights hold {path!r:.80}, which is no array")
    if value.external or value.is_virtual:
        raise refused(name, f"the weights {path!r:.80} lie in another file")
    return value


def finite(path: str, dataset: h5py.Dataset, name: str) -> None:
    """StorageError for NaN and infinity; for what is no number too."""
    if dataset.dtype.kind not in NUMBERS:
        raise damaged(name, f"the weights {path!r:.80} are no numbers but {dataset.dtype}")
    if dataset.dtype.kind == "f" and not np.isfinite(dataset[()]).all():
        raise damaged(name, f"the weights {path!r:.80} have NaN or infinity in them")
