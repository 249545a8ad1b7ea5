"""Which class is most easily taken for which: what it half believes, even where it names them right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Targets


@dataclass(frozen=True, slots=True)
class Near:
    """A class, the one most like it, and how much of the belief goes there."""

    label: str
    other: str
    share: float  # the mean probability of `other` on pictures of `label`
    taken: int  # pictures of `label` named `other`


def nearest(probabilities: NDArray[np.floating], targets: Targets, labels: Sequence[str]) -> tuple[Near, ...]:
    """For every class that was asked for, its nearest; the most easily confused first."""
    found = [_nearest(probabilities[targets == number], number, labels) for number in range(len(labels))]
    return tuple(sorted(filter(None, found), key=lambda near: (-near.taken, -near.share)))


def _nearest(rows: NDArray[np.floating], number: int, labels: Sequence[str]) -> Near | None:
    if not len(rows) or len(labels) < 2:
        return None
    belief = rows.mean(axis=0)
    belief[number] = -1.0
    other = int(belief.argmax())
    taken = int((rows.argmax(axis=1) == other).sum())
    return Near(labels[number], labels[other], float(belief[other]), taken)
