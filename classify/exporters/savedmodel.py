"""SavedModel: a folder that TensorFlow Serving runs. Pictures of any size; its labels lie in `assets.extra`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.exporters.form import Form
from classify.nouns import Pixels


def write(form: Form, folder: Path) -> None:
    """The model as a SavedModel."""
    with runtime.quiet():
        form.whole.export(folder, format="tf_saved_model", verbose=False)
    (folder / "assets.extra").mkdir(exist_ok=True)  # what serving leaves alone
    (folder / "assets.extra" / "labels.txt").write_text(form.labels(), "utf-8")


def answering(folder: Path) -> Callable[[Pixels], NDArray[np.float32]]:
    """TensorFlow with that folder."""
    with runtime.quiet():
        served = runtime.tensorflow().saved_model.load(str(folder))
    return lambda pixels: np.asarray(served.serve(pixels))
