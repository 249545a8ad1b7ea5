"""A model as it is used: its card at once, its network when the first picture comes."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classify.file import arrays as npz
from classify.file import card as cards
from classify.file import vocabulary, weights
from classify.file.archive import ARRAYS, CARD, CONFIG, WEIGHTS, member, opened
from classify.file.resize import resized
from classify.nouns import Answers, Card, Features, Logits, Pixels
from imgtool.errors import MACHINE, StorageError, UsageError, machine_error

if TYPE_CHECKING:
    import keras

    from classify.file.start import Form

BATCH = 32  # pictures at a time: memory stays flat, and no runtime we measured gains from more


def read_card(path: str | Path) -> Card:
    """What a model says of itself. Nothing of the network is read."""
    place = Path(path)
    with opened(place, str(place)) as archive:
        return cards.decode(member(archive, CARD, str(place)), str(place))


class Classifier:
    """A model file that was found sound."""

    def __init__(self, path: Path, digest: str, card: Card, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.path = path
        self.digest = digest  # sha256 of the file
        self.card = card
        self.arrays = arrays
        self._form: Form | None = None
        self._making = threading.Lock()

    @classmethod
    def load(cls, path: str | Path) -> Classifier:
        """The model in a file; refused with a reason when it is not sound. No network is built yet."""
        from classify.file import start

        place = Path(path)
        data = content(place)
        digest = hashlib.sha256(data).hexdigest()
        with opened(data, str(place)) as archive:
            card = cards.decode(member(archive, CARD, str(place)), str(place))
            arrays = npz.decode(member(archive, ARRAYS, str(place)), str(place))
        if not start.kept(digest):  # what is kept was examined when it was made
            examined(data, str(place))
        return cls(place, digest, card, arrays)

    def answers(self, pixels: Pixels) -> Answers:
        """What the network says of a batch of pictures of any one size."""
        count = fitting(pixels)
        batches = (self._computed(pixels[at : at + BATCH]) for at in range(0, count, BATCH))
        logits, features = zip(*batches, strict=True)
        return Answers(np.concatenate(logits), np.concatenate(features))

    def heat(self, picture: Pixels, number: int, answers: Answers | None = None) -> NDArray[np.float32] | None:
        """Where it looked for the label of that number: 0 to 1, by rows and columns; None if it knows no places.

        `answers` are its own of that picture, from whoever has them already.
        """
        from classify.heat.wanted import level, wanted

        fitting(picture[None])
        shown = resized(picture[None], self.card.size)
        form = self._ready(shown)
        if form.heat is None:
            return None
        logits = answers.logits if answers else form.answer(shown)[0]
        return level(form.heat(shown, wanted(logits, number)))

    def probabilities(self, answers: Answers) -> NDArray[np.float64]:
        """Calibrated: what the file itself says in plain Keras."""
        from classify.calibrate import probabilities

        return probabilities(answers.logits, self.card.temperature)

    def network(self) -> keras.Model:
        """The whole model in Keras: uint8 pictures of any size → probabilities."""
        from classify.file.network import build

        data = content(self.path)
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise StorageError(f"{self.path} has changed since it was opened.", hint="Load it again.")
        examined(data, str(self.path))
        return build(data, self.card, str(self.path))

    def hasten(self, pixels: Pixels) -> None:
        """Make the first answer of processes to come a quick one, proven on these pictures; `train` calls it once."""
        fitting(pixels)
        self._ready(resized(pixels[:BATCH], self.card.size))

    def _computed(self, pixels: Pixels) -> tuple[Logits, Features]:
        shown = resized(pixels, self.card.size)
        logits, features = self._ready(shown).answer(shown)
        if logits.shape[1] != len(self.card.labels):
            raise cards.damaged(str(self.path), f"it answers with {logits.shape[1]} numbers")
        return logits, features

    def _ready(self, shown: NDArray[np.float32]) -> Form:
        from classify.file import start

        with self._making:  # whoever comes meanwhile waits for the one that is being made
            if self._form is None:
                self._form = start.quick(self.digest) or self._prepared(shown)
            return self._form

    def _prepared(self, shown: NDArray[np.float32]) -> Form:
        from classify.file import start
        from classify.file.network import heart

        return start.prepared(heart(self.network()), self.digest, shown)


def content(path: Path) -> bytes:
    """The file, read once: what is examined is what is used."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"There is no model {path}.", hint="`imgtool train` makes one.") from error
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder, not a model.", hint="A model is a .keras file.") from error
    except OSError as error:
        if error.errno not in MACHINE:
            raise
        raise machine_error(error, f"{path} cannot be read") from error


def examined(data: bytes, name: str) -> None:
    """Refused, or StorageError, for a network that must not be built."""
    with opened(data, name) as archive:
        vocabulary.examine(member(archive, CONFIG, name), name)
        weights.examine(member(archive, WEIGHTS, name), name)


def fitting(pixels: Pixels) -> int:
    """How many pictures; UsageError for what is no batch of them."""
    if pixels.ndim != 4 or pixels.dtype != np.uint8 or 0 in pixels.shape:
        shape = " × ".join(map(str, pixels.shape))
        hint = "Pictures are uint8: pictures × rows × columns × colours."
        raise UsageError(f"These are no pictures: {pixels.dtype}, {shape or 'one number'}.", hint=hint)
    return len(pixels)
