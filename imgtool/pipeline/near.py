"""The training pictures most like a picture: as they were kept beside a model, in its report's folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.file import arrays as npz
from classify.nouns import Features
from imgtool.errors import MACHINE, StorageError, machine_error
from imgtool.pipeline.beside import report_of

FILE = "near.npz"
LARGEST = 64 << 20  # bytes; what `keepsakes` writes has 10 MiB at most
JPEG = b"\xff\xd8\xff"
SHOWN = 6  # neighbours


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training picture that is like another."""

    label: str
    path: str  # relative to the dataset that was learnt from
    likeness: float  # 1 = the same to the network; 0 = as like as any two; below, less than that
    thumb: bytes  # JPEG

    def __repr__(self) -> str:
        return f"Neighbour({self.label!r}, {self.path!r}, {self.likeness:.2f})"


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Training pictures, and what a network sees in them."""

    middle: Features  # what it sees on average: as all features are positive, about zero any two pictures are alike
    features: Features  # pictures × numbers, about that middle, each of length 1
    labels: tuple[str, ...]
    paths: tuple[str, ...]
    thumbs: tuple[bytes, ...]

    def nearest(self, features: Features, k: int = SHOWN) -> list[Neighbour]:
        """Those most like the picture with these features, the likest first."""
        if features.shape != self.middle.shape:
            raise StorageError(f"The kept pictures have {self.middle.size} features, the network {features.size}.")
        like = np.clip(self.features @ unit(features - self.middle), -1, 1)
        best = np.argsort(-like, kind="stable")[: max(0, k)]
        return [Neighbour(self.labels[n], self.paths[n], float(like[n]), self.thumbs[n]) for n in best]


def place(model: Path) -> Path:
    """Where a model's nearest pictures lie."""
    return report_of(model) / FILE


def read(model: Path, digest: str) -> Near | None:
    """What was kept beside the model of that digest; None when nothing was, or of another model of its name.

    StorageError when the file is not what `keepsakes` writes: nothing in it is trusted.
    """
    path = place(model)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno not in MACHINE:
            raise
        raise machine_error(error, f"{path} cannot be read") from error
    try:
        arrays = npz.decode(data, str(path))
        return sound(arrays) if arrays["model"].item() == digest else None
    except (ValueError, KeyError, TypeError, StorageError) as error:
        hint = "Train the model again, or delete the file: it only shows similar pictures."
        raise StorageError(f"{path} cannot be used: {error}", hint=hint) from error


def sound(arrays: Mapping[str, NDArray[Any]]) -> Near:
    """The arrays, every one of them found to be as it should; ValueError otherwise."""
    count, width = arrays["features"].shape
    ends = arrays["ends"]
    rules: tuple[tuple[str, Callable[[NDArray[Any]], bool]], ...] = (
        ("features", lambda a: a.dtype == np.float16 and bool(np.isfinite(a).all())),
        ("middle", lambda a: a.dtype == np.float32 and a.shape == (width,) and bool(np.isfinite(a).all())),
        ("labels", lambda a: a.dtype.kind == "U" and a.shape == (count,)),
        ("paths", lambda a: a.dtype.kind == "U" and a.shape == (count,)),
        ("thumbs", lambda a: a.dtype == np.uint8 and a.ndim == 1),
        ("ends", lambda a: a.dtype == np.int64 and a.shape == (count,)),
    )
    wrong = [name for name, right in rules if not right(arrays[name])]
    bounds = [0, *ends.tolist()]
    if wrong or bounds != sorted(bounds) or bounds[-1] != arrays["thumbs"].size:
        raise ValueError(f"{', '.join(wrong) or 'ends'} makes no sense")
    body = arrays["thumbs"].tobytes()
    thumbs = tuple(body[start:end] for start, end in pairwise(bounds))
    if not all(each.startswith(JPEG) for each in thumbs):
        raise ValueError("a picture is no JPEG")
    names = tuple(arrays["labels"].tolist()), tuple(arrays["paths"].tolist())
    return Near(arrays["middle"], unit(arrays["features"].astype(np.float32)), *names, thumbs)


def unit(features: Features) -> Features:
    """Of length 1; what has none stays."""
    lengths = np.linalg.norm(features, axis=-1, keepdims=True)
    short: Features = features / np.maximum(lengths, np.float32(1e-12))
    return short
