"""A network that tells many names apart, whatever file it came in, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classify.imagenet.names import matched, names
from classify.nouns import Judgement, Pixels

LITE = ".tflite"
HALF = 0.5  # a name that has less is likelier wrong than right
UNSURE = "no name has half of the probability"


class Namer(Protocol):
    """What computes."""

    size: int  # px, both sides, of what it looks at
    outputs: int

    def __call__(self, pixels: Pixels) -> NDArray[np.float32]:
        """The share of each output, for a batch."""
        ...


@dataclass(frozen=True, slots=True)
class Thousand:
    """Names, and who tells them apart."""

    names: tuple[str, ...]
    namer: Namer
    unnamed: int  # outputs before the first that has a name

    @property
    def size(self) -> int:
        """What pictures are to be brought to, both sides."""
        return self.namer.size

    def judged(self, pixels: Pixels, top: int) -> list[Judgement]:
        """The likeliest names of each picture of a batch."""
        shares = self.namer(pixels)[:, self.unnamed :]
        return [self._judgement(row, top) for row in shares]

    def _judgement(self, shares: NDArray[np.float32], top: int) -> Judgement:
        best = np.argsort(-shares, kind="stable")[:top]
        some = [place for place in best if shares[place] > 0]  # whole numbers have many zeros, and no order among them
        ranked = tuple((self.names[place], float(shares[place])) for place in some)
        sure = bool(shares[best[0]] >= HALF)
        return Judgement(ranked, sure, "" if sure else UNSURE)


def thousand(weights: str = "", names_file: str = "") -> Thousand:
    """The network in a .tflite or .h5, or MobileNetV2 as Keras has it, with its names."""
    if Path(weights).suffix.lower() == LITE:
        from classify.imagenet.lite import LiteNamer

        namer: Namer = LiteNamer(Path(weights).expanduser())
    else:
        from classify.imagenet.published import KerasNamer

        namer = KerasNamer(weights)
    told, unnamed = matched(names(names_file, weights), namer.outputs)
    return Thousand(told, namer, unnamed)
