"""LiteRT (TensorFlow Lite): one file for telephones and small boards. Its labels lie in it as `labels.txt`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classify.exporters.form import Form
from classify.file.assemble import PROBABILITIES
from classify.file.lite import Lite, converted
from classify.nouns import Pixels

TOLERANCE = 0.1  # of a probability, with weights of 8 bits: names stay, how sure it sounds may move a little


def write(form: Form, path: Path) -> None:
    """The model in 32-bit floats."""
    path.write_bytes(converted(form.still(), form.card.size, (PROBABILITIES,)) + labels(form))


def write_small(form: Form, path: Path) -> None:
    """The model with weights of 8 bits: a quarter of the size."""
    path.write_bytes(converted(form.still(), form.card.size, (PROBABILITIES,), quantise=True) + labels(form))


def labels(form: Form) -> bytes:
    """The labels as LiteRT's own tools look for them: a zip behind the network."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("labels.txt"), form.labels())
    return held.getvalue()


def answering(path: Path) -> Callable[[Pixels], NDArray[np.float32]]:
    """LiteRT with that file."""
    lite = Lite(path)
    return lambda pixels: lite(pixels)[PROBABILITIES]
