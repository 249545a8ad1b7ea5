"""`load` and `predict`: a model file in, what it says of any picture out.

model = imgtool.load("model.keras")
model.predict("photo.jpg")                    # one Prediction
model.predict(["photos/", "https://…"])       # Predictions, a list
for said in model.stream("photos/"): ...      # ever so many, each as it is known
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from classify.file import Classifier
from classify.file.card import damaged
from classify.nouns import Answers, Card, Features, Judgement, Pixels
from curate.sights import eyes
from curate.team import Rules
from imgtool.errors import UsageError
from imgtool.pipeline import near
from imgtool.pipeline.arrays import coloured, is_array, pictures
from imgtool.pipeline.pictures import What, alone
from imgtool.pipeline.plan import limits_of
from imgtool.pipeline.predicted import Prediction, Predictions
from imgtool.pipeline.telling import Asked, prediction, told
from imgtool.settings import Settings
from imgtool.settings import load as settle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classify.doubt import Strangeness
    from imgtool.pipeline.finding import Locating
    from imgtool.pipeline.located import Located
    from imgtool.pipeline.looking import Look

MODEL = "model.keras"
TOP = 5
STRANGE = "strange_"  # how the arrays begin by which strangers are known
LARGE = 256  # px of a drawing's longer side: more than a digit of 28 px can use
GLIMPSES = 12  # pictures that a notebook shows of many


@dataclass(frozen=True, slots=True)
class Lens:
    """How a kind of model is shown pictures."""

    fit: str
    side: int = 0  # px; 0 = as the model's card says


LENSES: Mapping[str, Lens] = MappingProxyType({"pictures": Lens("stretch"), "digits": Lens("whole", LARGE)})


def load(path: str | os.PathLike[str] = MODEL) -> Model:
    """The model in a file that `train` wrote. Its network is not read before the first picture comes."""
    return Model(Classifier.load(Path(path)))


class Model:
    """A trained model, ready to be asked."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        if classifier.card.kind not in LENSES:
            message = f"{classifier.path} is a model of {classifier.card.kind}, which this imgtool does not know."
            raise UsageError(message, hint="A newer imgtool may.")

    @property
    def card(self) -> Card:
        """What the model says of itself."""
        return self._classifier.card

    @property
    def labels(self) -> tuple[str, ...]:
        """The names it knows."""
        return self.card.labels

    @property
    def path(self) -> Path:
        """Its file."""
        return self._classifier.path

    def predict(
        self,
        what: Any,
        *,
        top: int = TOP,
        save: str | os.PathLike[str] | None = None,
        settings: Settings | None = None,
    ) -> Prediction | Predictions:
        """What it says of one file, address or array; of a folder, a pattern, "-" or a list of them: of each.

        A picture that cannot be read is a Prediction too, with its reason in `refusal`.
        """
        if is_array(what) or (isinstance(what, list | tuple) and what and all(map(is_array, what))):
            return self._of_arrays(what, top)
        asked = self._asked(top, save, settings, GLIMPSES)
        made = Predictions(told(what, self, asked))
        return made[0] if alone(what) else made

    def stream(
        self,
        what: What,
        *,
        top: int = TOP,
        save: str | os.PathLike[str] | None = None,
        settings: Settings | None = None,
        glimpses: int = 0,
    ) -> Generator[Prediction, None, None]:
        """The same, each as soon as it is known, in the order in which they were named; memory stays flat."""
        return self.asked(what, self._asked(top, save, settings, glimpses))

    def asked(self, what: What, asked: Asked) -> Generator[Prediction, None, None]:
        """The same, of options in one value."""
        return told(what, self, asked)

    def look(self, what: Any, label: str = "", *, settings: Settings | None = None) -> Look:
        """Why it says what it says of one file, address or array: where it looked, and what it is reminded of."""
        from imgtool.pipeline.looking import look

        return look(self, what, label, self._asked(TOP, None, settings, 0).limits)

    def locate(self, what: Any, how: Locating | None = None) -> Located:
        """Where in one file, address or array the things are that it knows."""
        from imgtool.pipeline.locate import locate

        return locate(what, self, how)

    def heat(self, pixels: Pixels, label: str, answers: Answers | None = None) -> NDArray[np.float32] | None:
        """Where a picture, as its eyes see it, speaks for a label: 0 to 1 by rows and columns; None when unknown.

        Unknown is it of drawings, which are read as one, and of networks that know no places. Here and below,
        `answers` are those of the same pictures, from whoever has them already: the network is not asked again.
        """
        if label not in self.labels:
            raise UsageError(f"{self.path} knows no {label!r}.", hint=f"It knows: {', '.join(self.labels[:20])}.")
        number = self.labels.index(label)
        return None if self.card.kind == "digits" else self._classifier.heat(pixels, number, answers)

    def nearest(self, pixels: Pixels, k: int = near.SHOWN, answers: Answers | None = None) -> list[near.Neighbour]:
        """The training pictures most like one as its eyes see it; none where none were kept beside the model."""
        if not self.near:
            return []
        known = answers or self.answers([pixels])
        return self.near.nearest(known.features[0], k)

    @cached_property
    def near(self) -> near.Near | None:
        """What was kept beside it of what it learnt from."""
        return near.read(self.path, self._classifier.digest)

    def eyes(self) -> Rules:
        """How it wants to be shown pictures."""
        lens = LENSES[self.card.kind]
        return eyes(lens.side or self.card.size, lens.fit)

    def judged(self, shown: Sequence[Pixels], top: int = TOP, answers: Answers | None = None) -> list[Judgement]:
        """What it says of pictures that are as its eyes see them."""
        batch = self._batch(shown)
        said = self.said(answers or self._classifier.answers(batch), top)
        if self.card.kind != "digits":
            return said
        from classify.digits.blank import doubted

        return doubted(said, batch)

    def answers(self, shown: Sequence[Pixels]) -> Answers:
        """The network's numbers for such pictures, before anybody decides."""
        return self._classifier.answers(self._batch(shown))

    def said(self, answers: Answers, top: int = TOP) -> list[Judgement]:
        """What is made of them."""
        from classify.doubt import judge

        return judge(answers, self.card, self._strange(answers), top)

    def _batch(self, shown: Sequence[Pixels]) -> Pixels:
        if self.card.kind != "digits":
            return np.stack(shown)
        from classify.digits import read

        return np.concatenate([read(drawing) for drawing in shown])

    def _strange(self, answers: Answers) -> Features | None:
        """How strange each picture is; None from a model that does not tell. StorageError when it tells nonsense."""
        try:
            return self._strangeness.score(answers.features) if self._strangeness else None
        except (KeyError, ValueError) as error:
            raise damaged(str(self.path), f"what it knows of strangers makes no sense: {error}") from error

    @cached_property
    def _strangeness(self) -> Strangeness | None:
        from classify.doubt import Strangeness

        arrays = self._classifier.arrays
        return Strangeness.read(arrays) if any(name.startswith(STRANGE) for name in arrays) else None

    def _of_arrays(self, what: Any, top: int) -> Prediction | Predictions:
        from curate.pixels.canvas import scaled

        held, lone = pictures(what)
        if self.card.kind != "digits":
            held = [scaled(coloured(each), self.card.size, "stretch") for each in held]
        made = Predictions(prediction("", said) for said in self.judged(held, top))
        return made[0] if lone else made

    def _asked(self, top: int, save: str | os.PathLike[str] | None, settings: Settings | None, glimpses: int) -> Asked:
        if top < 1:
            raise UsageError(f"top is how many names are told, 1 or more; received {top}.")
        known = settings or settle(environ=os.environ, folder=Path.cwd()).settings
        return Asked(top, Path(save) if save is not None else None, glimpses, limits_of(known))

    def _repr_html_(self) -> str:
        card = self.card
        accuracy = card.metrics.get("accuracy")
        right = f", {accuracy:.1%} right on pictures it had never seen" if accuracy is not None else ""
        return f"<p><b>{escape(str(self.path))}</b>: {escape(', '.join(card.labels))}{escape(right)}</p>"
