"""An npz, or a folder of .npy files, read without trust: nothing is executed, nothing allocated on a header's word.

    held = read("export/data.npz")
    held.x, held.y, held.class_names, held.ids, held.split

Every header is compared with the bytes that are really there before an array is made.
"""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from curate.export.npz import FILE
from imgtool.errors import UsageError

Array: TypeAlias = NDArray[Any]
Reader: TypeAlias = Callable[[str], Array]

NAMES = ("x", "y", "class_names", "ids", "split")
KINDS = {"x": "u", "y": "iu", "class_names": "U", "ids": "U", "split": "U"}  # numpy's kinds of dtype
AXES = {"x": 4, "y": 1, "class_names": 1, "ids": 1, "split": 1}
LIMIT = 64 * 1024**3  # bytes in all: beyond it nothing is read into memory, whatever it claims
RATIO = 1100  # deflate's own greatest; a set of pictures comes nowhere near
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


@dataclass(frozen=True, slots=True)
class Arrays:
    """An exported set in memory, or mapped from its files."""

    x: Array  # pictures × rows × columns × 1 or 3, bytes
    y: Array  # the number of each picture's class
    class_names: Array
    ids: Array
    split: Array


def read(path: str | Path, limit: int = LIMIT) -> Arrays:
    """The set at `path`: an npz, or the folder that holds it or its .npy files. UsageError when it is none."""
    place = Path(path)
    place = place / FILE if (place / FILE).is_file() else place
    try:
        if place.is_dir():
            return whole(lambda name: mapped(place / f"{name}.npy"))
        with zipfile.ZipFile(place) as file:
            bounded(file, limit)
            return whole(lambda name: member(file, f"{name}.npy"))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise foreign(place, error) from error


def whole(reader: Reader) -> Arrays:
    """All arrays, when they are of the kinds and sizes that a set has."""
    found = {name: reader(name) for name in NAMES}
    for name, array in found.items():
        if array.dtype.kind not in KINDS[name] or array.ndim != AXES[name]:
            raise ValueError(f"{name} is {array.dtype} of {array.ndim} axes")
    if len({len(found[name]) for name in NAMES if name != "class_names"}) != 1:
        raise ValueError("its arrays are of different lengths")
    if len(found["y"]) and not 0 <= found["y"].min() <= found["y"].max() < len(found["class_names"]):
        raise ValueError("y has numbers that no class has")
    if found["x"].dtype != np.uint8:
        raise ValueError(f"x is {found['x'].dtype}, not uint8")
    return Arrays(**found)


def bounded(file: zipfile.ZipFile, limit: int) -> None:
    """ValueError for a zip that would grow beyond the limit, or beyond what compression can do."""
    infos = file.infolist()
    if len({info.filename for info in infos}) != len(infos):
        raise ValueError("two members have one name")
    if sum(info.file_size for info in infos) > limit:
        raise ValueError(f"it unpacks to more than {limit} bytes")
    if any(info.file_size > RATIO * max(1, info.compress_size) for info in infos):
        raise ValueError("it unpacks to more than its bytes can hold")


def member(file: zipfile.ZipFile, name: str) -> Array:
    """An array of the zip."""
    info = file.getinfo(name)
    with file.open(info) as body:
        shape, fortran, dtype = header(body, name)
        expected(name, shape, dtype, info.file_size - body.tell())
        flat = np.frombuffer(read_all(body, math.prod(shape) * dtype.itemsize), dtype)
    return flat.reshape(shape, order="F" if fortran else "C")


def read_all(body: IO[bytes], size: int) -> bytes:
    """So many bytes; zipfile checks their CRC at the end."""
    data = body.read(size)
    if len(data) != size or body.read(1):
        raise ValueError("a member is not as long as its header says")
    return data


def mapped(path: Path) -> Array:
    """An array of a file, mapped: pages are read when they are looked at."""
    with path.open("rb") as file:
        shape, fortran, dtype = header(file, path.name)
        start = file.tell()
    expected(path.name, shape, dtype, path.stat().st_size - start)
    if 0 in shape:
        return np.zeros(shape, dtype)
    return np.memmap(path, dtype, "r", start, shape, "F" if fortran else "C")


def header(file: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """What an .npy says of itself, parsed as a literal and never run."""
    version = npy.read_magic(file)
    if version not in HEADERS:
        raise ValueError(f"{name} is of version {version}")
    return HEADERS[version](file)


def expected(name: str, shape: tuple[int, ...], dtype: np.dtype[Any], size: int) -> None:
    """ValueError unless shape and type say exactly the bytes that are there."""
    if dtype.hasobject:
        raise ValueError(f"{name} holds Python objects, which only a pickle can hold; it is not opened")
    if any(side < 0 for side in shape) or math.prod(shape) * dtype.itemsize != size:
        raise ValueError(f"{name} claims {shape} of {dtype}, but has {size} bytes")


def foreign(path: Path, error: Exception) -> UsageError:
    """What is wrong with the file."""
    why = f"it has no {error}" if isinstance(error, KeyError) else str(error)
    return UsageError(f"{path} is no set that imgtool exported: {why}.", hint="Export it again with `imgtool export`.")
