"""The model that is written in another form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.file import Classifier
from classify.file.assemble import still
from classify.file.network import heart
from classify.nouns import Card, Pixels

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True)
class Form:
    """A model, taken apart."""

    card: Card
    whole: keras.Model  # uint8 pictures of any size → probabilities
    network: keras.Model  # floats of its own size → logits

    @classmethod
    def of(cls, model: Classifier) -> Form:
        """That of a model file."""
        whole = model.network()
        return cls(model.card, whole, heart(whole))

    def still(self) -> keras.Model:
        """uint8 pictures of its own size → probabilities."""
        return still(self.network, self.card.temperature, self.card.size)

    def probabilities(self, pixels: Pixels) -> NDArray[np.float32]:
        """What plain Keras says."""
        with runtime.quiet():
            return np.asarray(self.whole.predict(pixels, verbose=0), np.float32)

    def labels(self) -> str:
        """The labels, one a line; a label with a line's end in it as JSON writes it."""
        return "".join(f"{label if label.isprintable() else json.dumps(label)}\n" for label in self.card.labels)
