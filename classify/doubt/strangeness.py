"""How unlike anything it learnt a picture is: one number, by its features.

Two views, each in units of how much pictures not learnt from vary, averaged: the distance from the nearest class, which
knows what lies outside all, and belonging, which knows what lies between. Measured in benchmarks/unknown_class.py.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.doubt.belonging import Belonging
from classify.doubt.distance import Distance
from classify.heads.folds import folds
from classify.heads.lesson import numbered
from classify.nouns import Features, Targets
from classify.steady import steady
from imgtool.errors import ImgtoolError

TURNS = 3  # folds by which it learns how strange pictures usually look
DEVIATION = 1.4826  # × the median absolute deviation = the standard deviation, where values are normal

Array: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Strangeness:
    """Both views, and what is usual in each. About 0 is as usual, the larger the stranger."""

    distance: Distance
    belonging: Belonging
    usual: Array  # two middles
    spread: Array  # two deviations

    @classmethod
    @steady()
    def fit(cls, features: Features, targets: Targets, groups: Sequence[Hashable] | None = None) -> Strangeness:
        """That of what these pictures are; what shares a group does not vouch for each other."""
        if not len(features) or not np.isfinite(features).all():
            raise ImgtoolError("What is strange cannot be learnt from features that are none, or no numbers.")
        plain = cls.plain(features, targets)
        held = plain.views(features)
        where = folds(targets, numbered(groups, len(targets)), min(TURNS, len(targets)))
        for fold in np.unique(where) if len(np.unique(where)) > 1 else ():
            rest = cls.plain(features[where != fold], targets[where != fold])
            held[where == fold] = rest.views(features[where == fold])
        usual = np.median(held, axis=0)
        spread = np.median(np.abs(held - usual), axis=0) * DEVIATION
        return replace(plain, usual=single(usual), spread=single(np.where(spread > 1e-9, spread, 1.0)))

    @classmethod
    def plain(cls, features: Features, targets: Targets) -> Strangeness:
        """Both views, before anything is known of what is usual."""
        views = Distance.fit(features, targets), Belonging.fit(features, targets)
        return cls(*views, np.zeros(2, np.float32), np.ones(2, np.float32))

    def views(self, features: Features) -> NDArray[np.float64]:
        """What each view says."""
        return np.stack([self.distance.score(features), self.belonging.score(features)], axis=1)

    def score(self, features: Features) -> Array:
        """The strangeness of each picture."""
        return single(((self.views(features) - self.usual) / self.spread).mean(axis=1))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All it knows, to be kept in a file."""
        parts = (self.distance, self.belonging)
        named = {f"strange_{each.name}": getattr(part, each.name) for part in parts for each in fields(part)}
        return named | {"strange_usual": self.usual, "strange_spread": self.spread}

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]]) -> Strangeness:
        """What was kept; KeyError when something is not there."""
        parts = ({each.name: arrays[f"strange_{each.name}"] for each in fields(kind)} for kind in (Distance, Belonging))
        distance, belonging = parts
        return cls(Distance(**distance), Belonging(**belonging), arrays["strange_usual"], arrays["strange_spread"])


def single(numbers: NDArray[Any]) -> Array:
    """In 32 bits."""
    return numbers.astype(np.float32)
