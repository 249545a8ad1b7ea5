"""How a network is taught: every number in one value, and the learning rate of each epoch from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from classify.nouns import Epoch, Learning

HALF = 0.5  # what a plateau leaves of the rate
BETTER = 1e-4  # of the validation loss: less is no progress


@dataclass(frozen=True, slots=True)
class Regimen:
    """The numbers of one way to teach; 0 leaves the thing out."""

    epochs: int
    rate: float  # the highest learning rate
    optimizer: str = "adamw"  # adamw rmsprop sgd
    decay: str = "cosine"  # cosine plateau constant
    warm: int = 0  # epochs in which the rate climbs to its height
    patience: int = 0  # epochs without getting better before it ends
    wane: float = 0.0  # weight decay
    smooth: float = 0.0  # what the other classes share of a target
    mix: float = 0.0  # mixup's alpha (Zhang et al. 2017)
    average: float = 0.0  # epochs that the weights' moving average remembers, which is then what is kept
    early: float = 0.0  # the share of the epochs, the first ones, that see smaller pictures
    reduce: float = 2 / 3  # how small: a share of their side

    def asked(self, learning: Learning) -> Regimen:
        """This one, with what a person asked for otherwise."""
        asked = {name: getattr(learning, name) for name in ("epochs", "rate", "patience")}
        return replace(self, **{name: value for name, value in asked.items() if value})

    def memory(self, steps: int) -> float:
        """What of that average stays at each step, of so many an epoch."""
        return 1 - 1 / max(1.0, self.average * steps)

    def side(self, size: int, number: int) -> int:
        """The side of the pictures in that epoch (from 1), of those whose side is `size`."""
        return round(size * self.reduce) if number <= self.epochs * self.early else size


def rate(regimen: Regimen, past: Sequence[Epoch]) -> float:
    """The learning rate of the epoch after these: of nothing else, so that who goes on does the same."""
    return SCHEDULES[regimen.decay](regimen, past)


def cosine(regimen: Regimen, past: Sequence[Epoch]) -> float:
    """Up in a line, down in a half wave that would be 0 after the last epoch."""
    number = len(past) + 1
    if number <= regimen.warm:
        return regimen.rate * number / regimen.warm
    done = (number - regimen.warm) / (regimen.epochs - regimen.warm + 1)
    return regimen.rate * (1 + math.cos(math.pi * done)) / 2


def plateau(regimen: Regimen, past: Sequence[Epoch]) -> float:
    """Halved whenever the validation loss has not fallen for half of the patience."""
    now, least, since = regimen.rate, math.inf, 0
    for epoch in past:
        since = 0 if epoch.val_loss < least - BETTER else since + 1
        least = min(least, epoch.val_loss)
        if since >= max(1, regimen.patience // 2):
            now, since = now * HALF, 0
    return now


def constant(regimen: Regimen, _: Sequence[Epoch]) -> float:
    """Always the same."""
    return regimen.rate


SCHEDULES = {"cosine": cosine, "plateau": plateau, "constant": constant}
