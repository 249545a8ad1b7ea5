"""A first glance at many pairs, before the second look at few: 8 × 8 pictures, and what is too plain to have a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.twins.alike import EQUAL, PLAIN
from curate.twins.views import Thumbs

Places: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Small: TypeAlias = NDArray[np.float32]

PLAUSIBLE = 0.5  # correlation of 8 × 8 means; of 307 photographs with a caption the least had 0.7
BLANK = 1.0  # grey levels over all 64 means: an eighth of a level each
ROUNDING = 0.5  # grey levels


@dataclass(frozen=True, slots=True)
class Glance:
    """What the first glance needs of each picture."""

    shape: Small  # 64 means, so that a product of two is their correlation; blank ones in a last place
    level: Small  # the means as they are
    flat: Mask

    @classmethod
    def of(cls, thumbs: Thumbs) -> Glance:
        """At these thumbnails."""
        level = thumbs.reshape(len(thumbs), 8, 4, 8, 4).mean(axis=(2, 4), dtype=np.float32).reshape(-1, 64)
        rest = level - level.mean(axis=1, keepdims=True)
        size = np.sqrt((rest * rest).sum(axis=1, keepdims=True))
        blank = size < BLANK
        shape = np.hstack([np.where(blank, 0, rest / np.maximum(size, BLANK)), blank])
        return cls(shape.astype(np.float32), level, flat(thumbs, level))

    def __getitem__(self, which: Places) -> Glance:
        return Glance(self.shape[which], self.level[which], self.flat[which])

    def plausible(self, one: Places, other: Places) -> Mask:
        """Pair by pair: could they be the same? Plain ones only if they are equal."""
        sure = np.asarray((self.shape[one] * self.shape[other]).sum(axis=1) >= PLAUSIBLE)
        plain = np.flatnonzero(sure & (self.flat[one] | self.flat[other]))
        sure[plain] = near(self.level[one[plain]], self.level[other[plain]])
        return sure

    def beside(self, place: int) -> Mask:
        """The same question for one picture and all that follow it."""
        sure = np.asarray(self.shape[place + 1 :] @ self.shape[place] >= PLAUSIBLE)
        plain = np.flatnonzero(sure & (self.flat[place + 1 :] | self.flat[place]))
        sure[plain] = near(self.level[place + 1 :][plain], self.level[place])
        return sure


def near(one: Small, other: Small) -> Mask:
    """Are the levels as near as those of equal pictures must be?"""
    return np.asarray(np.abs(one - other).mean(axis=1) <= EQUAL + ROUNDING)


def flat(thumbs: Thumbs, level: Small) -> Mask:
    """Is all in them explained by rows and columns? A cheaper question than `alike.plain`, for more pictures."""
    found = unexplained(level.reshape(-1, 8, 8)) < PLAIN  # what is flat is so in its means; few others are
    found[found] = unexplained(thumbs[found].astype(np.float32)) < PLAIN
    return found


def unexplained(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation of what rows and columns do not explain."""
    rest = grey - grey.mean(axis=1, keepdims=True) - grey.mean(axis=2, keepdims=True)
    return np.asarray(rest.std(axis=(1, 2)))
