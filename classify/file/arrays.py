"""Arrays that belong to a model (what its doubt is judged by), as an npz without pickles."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from classify.file.card import damaged

KINDS = frozenset("biufU")  # numpy's kinds of dtype; "O" would be a pickle
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def encode(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The arrays as an npz."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, array in arrays.items():
            body = io.BytesIO()
            npy.write_array(body, np.asarray(array), allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{name}.npy"), body.getvalue())
    return held.getvalue()


def decode(data: bytes, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of an npz; every header is compared with the bytes that are there before an array is made."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            bounded(file, len(data))
            return {info.filename.removesuffix(".npy"): array(file.read(info)) for info in file.infolist()}
    except (ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, UnicodeDecodeError) as error:
        raise damaged(name, f"its arrays cannot be read: {error}") from error


def bounded(file: zipfile.ZipFile, size: int) -> None:
    """ValueError for members that are longer than what holds them: ours are not compressed."""
    if sum(info.file_size for info in file.infolist()) > size:
        raise ValueError("they unpack to more than is there")


def array(data: bytes) -> NDArray[Any]:
    """An .npy, its header parsed as a literal and never run."""
    body = io.BytesIO(data)
    version = npy.read_magic(body)
    if version not in HEADERS:
        raise ValueError(f"one is of version {version}")
    shape, fortran, dtype = HEADERS[version](body)
    if dtype.kind not in KINDS:
        raise ValueError(f"one is of {dtype}, which only a pickle can hold")
    if any(axis < 0 for axis in shape) or math.prod(shape) * dtype.itemsize != len(data) - body.tell():
        raise ValueError(f"one claims {shape} of {dtype} and has {len(data) - body.tell()} bytes")
    return np.frombuffer(data, dtype, offset=body.tell()).reshape(shape, order="F" if fortran else "C")
