"""The accuracy over folds: every picture is asked once, by a model that has not seen it."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from classify.scores.rate import Rate


@dataclass(frozen=True, slots=True)
class Folds:
    """What k models were worth, each on what it had not learnt."""

    rates: tuple[Rate, ...]

    @property
    def pooled(self) -> Rate:
        """All pictures together."""
        return Rate(sum(rate.right for rate in self.rates), sum(rate.total for rate in self.rates))

    @property
    def spread(self) -> float:
        """The standard deviation between folds: how much chance decides which pictures are asked."""
        return statistics.stdev(rate.share for rate in self.rates) if len(self.rates) > 1 else 0.0

    @property
    def worst(self) -> Rate:
        """The fold that went worst."""
        return min(self.rates, key=lambda rate: rate.share)


def across(rates: Iterable[Rate]) -> Folds:
    """The folds' rates as one value; ValueError without a fold."""
    folds = Folds(tuple(rates))
    if not folds.rates:
        raise ValueError("There is no fold.")
    return folds
