"""A model of colours that knows where it saw them, and the pictures that it learnt from beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from classify import runtime
from classify.file import Classifier, save
from classify.nouns import FEATURES, Pixels
from imgtool.pipeline.keepsakes import keep
from imgtool.records import Entry
from tests.made import picture
from tests.nets import card
from tests.painted import encoded

if TYPE_CHECKING:
    import keras

LABELS = ("green", "grey", "red")
COLOURS = {"red": (240, 20, 20), "green": (20, 240, 20), "grey": (128, 128, 128)}


# What red, green and blue speak for: green for the first class, red for the third; the second is never likely
SPEAKING = ((0, 0, 9), (9, 0, 0), (0, 0, 0))


def network(size: int = 32, speaking: Sequence[Sequence[int]] = SPEAKING) -> keras.Model:
    """Three colours, three classes."""
    keras = runtime.keras()
    layers = keras.layers
    given = keras.Input((size, size, 3))
    x = layers.AveragePooling2D(4)(layers.Rescaling(1 / 255)(given))
    x = layers.GlobalAveragePooling2D(name=FEATURES)(x)
    logits = layers.Dense(3, name="logits")
    whole = keras.Model(given, logits(x))
    logits.set_weights([np.array(speaking, np.float32), np.zeros(3, np.float32)])
    return whole


def spotted(left: str = "red", right: str = "green", side: int = 32) -> Pixels:
    """Black, with a spot above on the left, and one below on the right."""
    shown = np.zeros((side, side, 3), np.uint8)
    shown[: side // 4, : side // 4] = COLOURS[left]
    shown[-side // 4 :, -side // 4 :] = COLOURS[right]
    return shown


def learnt(folder: Path, many: int = 4, **more: Any) -> Path:
    """The model's file in that folder, and what it learnt from in `data` beside it."""
    path = folder / "reds.keras"
    save(path, network(), card(labels=LABELS, temperature=1.0, **more), {})
    entries, shown = [], []
    for label in LABELS:
        for number in range(many):
            pixels = np.full((32, 32, 3), COLOURS[label], np.uint8)
            pixels[number * 4 : number * 4 + 4] = 0
            body = encoded(pixels)
            place = folder / "data" / label / f"{number}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
            entries.append(Entry(f"{label}/{number}.png", label, picture(body)))
            shown.append(pixels)
    features = Classifier.load(path).answers(np.stack(shown)).features
    keep(path, folder / "data", entries, features, range(len(entries)))
    return path
