"""Files as MNIST ships them: "idx", a header that says how many numbers follow, often in gzip.

Nothing is believed: what a header promises is held against the file's size before any memory is asked for,
and no more is unpacked than was promised.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from imgtool.errors import UsageError, machine_error

Bytes: TypeAlias = NDArray[np.uint8]

UBYTE = 0x08  # the type of MNIST's numbers; the format knows six more
GZIP = b"\x1f\x8b"
GROWTH = 1032  # deflate never grows a byte to more: zlib's technical details
SLACK = 1 << 16  # bytes of growth that a nearly empty file may have
MOST = 1 << 30  # bytes unpacked: EMNIST's largest, 814,255 digits, has 0.64 of them
SHIPPED = "As MNIST ships them: t10k-images-idx3-ubyte.gz beside t10k-labels-idx1-ubyte.gz."


@dataclass(frozen=True, slots=True)
class Pair:
    """A file of pictures and the file of their labels."""

    name: str  # "train", "t10k"
    pictures: Path
    labels: Path


def pairs(place: Path) -> tuple[Pair, ...]:
    """Every pair of a folder, or the one that a file belongs to."""
    beside = [place] if place.is_file() else sorted(place.iterdir())
    files = [path for path in beside if path.is_file() and "images" in path.name]
    found = ((path, _labels_of(path)) for path in files)
    return tuple(Pair(path.name.partition("images")[0].strip("-_."), path, labels) for path, labels in found if labels)


def read(pair: Pair) -> tuple[Bytes, Bytes]:
    """Its pictures (count × rows × columns) and their labels."""
    shown, told = values(pair.pictures, 3), values(pair.labels, 1)
    if len(shown) != len(told):
        message = f"{pair.pictures.name} has {len(shown)} pictures and {pair.labels.name} {len(told)} labels."
        raise UsageError(message, hint=f"They are not of one set. {SHIPPED}")
    return shown, told


def values(path: Path, axes: int) -> Bytes:
    """The numbers of an idx file with so many axes. UsageError when it is none, or not what it says it is."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            size = raw.seek(0, 2)
            raw.seek(0)
            file: IO[bytes] = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
            return _numbers(file, path, axes, _room(size, packed=packed))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UsageError(f"{path} is damaged: {error}.", hint=f"Fetch it again. {SHIPPED}") from error
    except OSError as error:
        raise machine_error(error, str(path)) from error


def _labels_of(path: Path) -> Path | None:
    """The labels that lie beside these pictures, packed or not."""
    name = path.name.replace("images", "labels").replace("idx3", "idx1").removesuffix(".gz")
    known = (path.with_name(name + suffix) for suffix in (".gz", ""))
    return next((each for each in known if each.is_file()), None)


def _room(size: int, *, packed: bool) -> int:
    """Bytes that a file of this size can hold."""
    return min(MOST, size * GROWTH + SLACK if packed else size)


def _numbers(file: IO[bytes], path: Path, axes: int, room: int) -> Bytes:
    shape = _shape(file, path, axes)
    count = math.prod(shape)
    if count > room:
        message = f"{path} says it holds {count:,} numbers; a file of its size cannot."
        raise UsageError(message, hint=f"It is damaged, or made to do harm. {SHIPPED}")
    held = file.read(count + 1)
    if len(held) != count:
        more = "more" if len(held) > count else f"only {len(held):,}"
        raise UsageError(f"{path} says it holds {count:,} numbers, and has {more}.", hint=f"Fetch it again. {SHIPPED}")
    return np.frombuffer(held, np.uint8).reshape(shape)


def _shape(file: IO[bytes], path: Path, axes: int) -> tuple[int, ...]:
    head = file.read(4 + 4 * axes)
    if len(head) < 4 + 4 * axes or head[:4] != bytes((0, 0, UBYTE, axes)):
        what = {1: "labels", 3: "pictures"}[axes]
        raise UsageError(f"{path} is no idx file of {what}: it begins with {head[:4].hex(' ')}.", hint=SHIPPED)
    return struct.unpack(f">{axes}I", head[4:])
