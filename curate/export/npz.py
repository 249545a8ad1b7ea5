"""NumPy arrays: x, y, class_names, ids, split; never a pickle.

    data = np.load("export/data.npz")
    train = data["split"] == "train"
    model.fit(data["x"][train] / 255, data["y"][train])

Beyond `options.memory` the arrays are .npy files of their own, which are mapped instead of read:
`np.load("export/x.npy", mmap_mode="r")`.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from curate.export.options import ExportOptions
from curate.export.plan import Brief, Plan
from curate.export.stored import laid_out, seal
from curate.export.studio import Studio

FILE = "data.npz"


def write(folder: Path, brief: Brief, studio: Studio) -> None:
    """The set as one npz, or as .npy files when it is too large to be read whole."""
    plan = brief.plan
    pixels = shape(plan, brief.options)
    small = {name: saved(array) for name, array in columns(plan).items()}
    if math.prod(pixels) <= brief.options.memory:
        zipped(folder / FILE, pixels, small, plan, studio)
    else:
        apart(folder, pixels, small, plan, studio)


def shape(plan: Plan, options: ExportOptions) -> tuple[int, ...]:
    """The shape of x."""
    count = sum(len(unit.items) for unit in plan.units)
    return (count, options.size, options.size, 1 if options.colour == "grey" else 3)


def columns(plan: Plan) -> Mapping[str, NDArray[Any]]:
    """Every array but x; a text column is as wide as its longest."""
    rows = list(plan.rows())
    return {
        "y": np.array([unit.number for unit, _ in rows], np.int64),
        "class_names": np.array(plan.labels),
        "ids": np.array([item.key for _, item in rows]),
        "split": np.array([unit.split for unit, _ in rows]),
    }


def zipped(path: Path, pixels: tuple[int, ...], small: Mapping[str, bytes], plan: Plan, studio: Studio) -> None:
    """One npz: the small arrays written, the rows of x filled by the workers, the zip closed over them."""
    head = header(pixels)
    sizes = {"x.npy": len(head) + math.prod(pixels)} | {f"{name}.npy": len(data) for name, data in small.items()}
    x, *others = laid_out(sizes)
    with path.open("wb") as file:
        file.seek(x.body)
        file.write(head)
        for member, data in zip(others, small.values(), strict=True):
            file.seek(member.body)
            file.write(data)
    studio.fill(plan, path, x.body + len(head))
    seal(path, [x, *others])


def apart(folder: Path, pixels: tuple[int, ...], small: Mapping[str, bytes], plan: Plan, studio: Studio) -> None:
    """One .npy file an array."""
    for name, data in small.items():
        (folder / f"{name}.npy").write_bytes(data)
    head = header(pixels)
    path = folder / "x.npy"
    path.write_bytes(head)
    studio.fill(plan, path, len(head))


def header(shape: tuple[int, ...]) -> bytes:
    """The head of an .npy file of bytes."""
    file = io.BytesIO()
    npy.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return file.getvalue()


def saved(array: NDArray[Any]) -> bytes:
    """A small array as an .npy file."""
    file = io.BytesIO()
    npy.write_array(file, array, version=(1, 0), allow_pickle=False)
    return file.getvalue()
