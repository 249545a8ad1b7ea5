"""`what`: the thousand names of ImageNet for any picture, with nothing trained."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from classify.nouns import Judgement, Pixels
from curate.sights import eyes
from curate.team import Rules
from imgtool.pipeline.pictures import What
from imgtool.pipeline.predicted import Prediction
from imgtool.pipeline.telling import Asked, told

if TYPE_CHECKING:
    from classify.imagenet import Thousand


class Namer:
    """A network that knows many names; it is read when it is first asked."""

    def __init__(self, weights: str | os.PathLike[str] = "", names: str | os.PathLike[str] = "") -> None:
        self._files = os.fspath(weights), os.fspath(names)

    @cached_property
    def thousand(self) -> Thousand:
        """It, with its names. UsageError when it cannot be had."""
        from classify.imagenet import thousand

        return thousand(*self._files)

    def eyes(self) -> Rules:
        """As such networks were tested: the middle of the picture."""
        return eyes(self.thousand.size, "crop")

    def judged(self, pixels: Sequence[Pixels], top: int) -> list[Judgement]:
        """The likeliest names of each."""
        return self.thousand.judged(np.stack(pixels), top)


def what(
    pictures: What,
    *,
    weights: str | os.PathLike[str] = "",
    names: str | os.PathLike[str] = "",
    asked: Asked | None = None,
) -> Generator[Prediction, None, None]:
    """What each picture shows, in ImageNet's names, as it is known. Without `weights`, by Keras's MobileNetV2."""
    return told(pictures, Namer(weights, names), asked or Asked())
