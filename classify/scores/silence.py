"""What "not sure" is worth: how often it is said, and whether the answer would have been wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.scores.rate import Rate

BARS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)  # probabilities under which nothing would be said


@dataclass(frozen=True, slots=True)
class Silence:
    """What was answered, and what was not."""

    answered: Rate  # right of those answered
    open: Rate  # right, had it answered, of those it was not sure of

    @property
    def share(self) -> float:
        """Of all pictures, those that were answered."""
        total = self.answered.total + self.open.total
        return self.answered.total / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Answering:
    """What another bar would give: speaking only where the probability reaches it."""

    bar: float
    share: float  # of all pictures, those that would be answered
    right: Rate  # of those


def silence(right: NDArray[np.bool_], sure: NDArray[np.bool_]) -> Silence:
    """Both halves."""
    return Silence(
        Rate(int(right[sure].sum()), int(sure.sum())),
        Rate(int(right[~sure].sum()), int((~sure).sum())),
    )


def answering(
    right: NDArray[np.bool_], confidence: NDArray[np.floating], bars: Sequence[float] = BARS
) -> tuple[Answering, ...]:
    """The trade: the higher the bar, the fewer the answers, and the more of them right."""
    over = [(bar, confidence >= bar) for bar in bars]
    return tuple(
        Answering(bar, float(sure.mean()), Rate(int(right[sure].sum()), int(sure.sum()))) for bar, sure in over
    )
