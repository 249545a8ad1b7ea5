"""The models that are served, each under a name: read, sorted by what they know, ready to be asked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classify.nouns import Card
from imgtool.errors import UsageError
from imgtool.pipeline.predict import MODEL, Model, load
from imgtool.pipeline.telling import Judge
from imgtool.pipeline.what import Namer

DIGITS = "digits"
NAMES = "names"  # the kind of a network that knows ImageNet's thousand
IMAGENET = "imagenet"  # what it is called when it is served


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A model that is served."""

    name: str
    judge: Judge
    kind: str  # pictures digits names
    card: Card | None  # None of the thousand names

    @property
    def labels(self) -> tuple[str, ...]:
        """The names it knows."""
        if self.card is not None:
            return self.card.labels
        assert isinstance(self.judge, Namer)
        return self.judge.thousand.names

    @property
    def model(self) -> Model | None:
        """The model file behind it; None of the thousand names."""
        return self.judge if isinstance(self.judge, Model) else None

    @property
    def eyes(self) -> tuple[int, str]:
        """How it is shown pictures: the side, and the fit."""
        opening = self.judge.eyes().opening
        assert isinstance(opening, tuple)
        side, fit = opening
        return side, fit

    def warm(self) -> None:
        """Look at nothing once: what is wrong with the file is known before anybody asks."""
        side = self.eyes[0]
        self.judge.judged([np.zeros((side, side, 3), np.uint8)], 1)


def stands(
    models: Iterable[str | os.PathLike[str]] = (),
    *,
    digits: str | os.PathLike[str] = "",
    namer: Namer | None = None,
) -> tuple[Stand, ...]:
    """All that are to be served, each name once; `model.keras` when nothing is named."""
    files = [Path(each).expanduser() for each in models]
    if not files and not digits and namer is None:
        files = [Path(MODEL)]
    made = [_stand(load(file)) for file in files]
    if digits:
        made.append(_digits(load(Path(digits).expanduser())))
    if namer is not None:
        made.append(Stand(IMAGENET, namer, NAMES, None))
        _ = namer.thousand  # a missing file is said before a page is opened
    return tuple(_named(made))


def _stand(model: Model) -> Stand:
    return Stand(model.path.stem, model, model.card.kind, model.card)


def _digits(model: Model) -> Stand:
    if model.card.kind != DIGITS:
        message = f"{model.path} is a model of {model.card.kind}, not of digits."
        raise UsageError(message, hint="Name it without --digits.")
    return _stand(model)


def _named(made: Iterable[Stand]) -> Iterable[Stand]:
    """Each under a name of its own: `model`, `model-2`."""
    taken: set[str] = set()
    for stand in made:
        name, number = stand.name, 1
        while name in taken:
            number += 1
            name = f"{stand.name}-{number}"
        taken.add(name)
        yield Stand(name, stand.judge, stand.kind, stand.card)
