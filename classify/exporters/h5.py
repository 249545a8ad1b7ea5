"""Two HDF5 files, as little-data recipes have them: a backbone that makes features, and a small top that judges them.

features = keras.models.load_model("vgg.h5").predict(pictures)  # RGB, 0 to 255, of the network's own size
probabilities = keras.models.load_model("top_layer.h5").predict(features)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.exporters.form import Form
from classify.file.assemble import probable
from classify.nouns import FEATURES, Pixels

TOP = "top_layer.h5"


def write(form: Form, folder: Path) -> None:
    """Both files, and the labels beside them."""
    model, network = runtime.keras().Model, form.network
    features = network.get_layer(FEATURES).output
    with runtime.quiet():
        model(network.inputs[0], features, name="backbone").save(folder / f"{name(form)}.h5")
        model(features, probable(network.outputs[0], form.card.temperature), name="top").save(folder / TOP)
    (folder / "labels.txt").write_text(form.labels(), "utf-8")


def name(form: Form) -> str:
    """The backbone's, when it has one that a file can have."""
    backbone = form.card.backbone
    return {"vgg16": "vgg"}.get(backbone, backbone) if backbone.isidentifier() else "network"


def answering(folder: Path) -> Callable[[Pixels], NDArray[np.float32]]:
    """Keras with the two files, one after the other."""
    load = runtime.keras().models.load_model
    with runtime.quiet():
        bottom = load(next(path for path in folder.glob("*.h5") if path.name != TOP), compile=False)
        top = load(folder / TOP, compile=False)

    def answer(pixels: Pixels) -> NDArray[np.float32]:
        with runtime.quiet():
            features = bottom.predict(pixels.astype(np.float32), verbose=0)
            return np.asarray(top.predict(features, verbose=0), np.float32)

    return answer
