"""Where "not sure" begins, by validation pictures, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.calibrate import matching, probabilities
from classify.calibrate import temperature as fitted
from classify.doubt.strangeness import Strangeness
from classify.nouns import Answers, Targets

SHARES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1)  # of known pictures that may be taken for strangers: the table's rows
PRICE = 0.05  # the share that is: papers on strangers, too, let 95 % of the known pass
SILENCE = 0.2  # what a "not sure" costs, when a wrong answer costs 1
CHOW = 1 - SILENCE  # the bar that follows from it for probabilities that are true (Chow 1970)
BARS = np.arange(0.3, 0.991, 0.01)


@dataclass(frozen=True, slots=True)
class Cost:
    """One place where the line could be drawn."""

    strange: float
    refused: float  # the share of known pictures beyond it
    caught: float | None  # the share of strangers beyond it; None where none are known


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where doubt begins, and what both kinds of it did to the validation pictures."""

    sure: float  # probabilities below are "not sure"
    strange: float  # strangeness above is "not sure"
    pictures: int
    unsure: float  # the share of known pictures that got no answer
    wrong: float  # the share of those whose answer would have been wrong: how often "not sure" was right
    silenced: float  # the share of all wrong answers that doubt kept back
    caught: float | None  # the share of strangers that got no answer
    auroc: float | None  # how well strangeness alone tells strangers from known pictures; 0.5 is chance
    costs: tuple[Cost, ...]


def thresholds(
    answers: Answers,
    targets: Targets,
    strangeness: Strangeness | NDArray[np.floating],
    strangers: Answers | None = None,
    *,
    temperature: float | None = None,
) -> Doubt:
    """Both lines. `strangers`: what the network says of pictures of nothing that it learnt, where there are any."""
    matching(len(answers), targets)
    t = fitted(answers.logits, targets) if temperature is None else temperature
    known = Asked.of(answers, strangeness, t, targets)
    odd = Asked.of(strangers, strangeness, t) if strangers is not None and len(strangers) else None
    costs = tuple(cost(known, odd, share) for share in SHARES)
    line = drawn(known, odd, costs)
    return weighed(known, odd, (bar(known), line), costs)


@dataclass(frozen=True, slots=True)
class Asked:
    """What matters of answers: how sure they sound, how strange their pictures are, and which were right."""

    sure: NDArray[np.float64]
    strange: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        answers: Answers,
        strangeness: Strangeness | NDArray[np.floating],
        t: float,
        targets: Targets | None = None,
    ) -> Asked:
        """Those of answers; a stranger's answer is never right."""
        shares = probabilities(answers.logits, t)
        right = shares.argmax(axis=1) == (-1 if targets is None else targets)
        return cls(shares.max(axis=1), scored(strangeness, answers).astype(np.float64), right)

    def silent(self, lines: tuple[float, float]) -> NDArray[np.bool_]:
        """Which get no answer."""
        sure, strange = lines
        return (self.sure < sure) | (self.strange > strange)


def scored(strangeness: Strangeness | NDArray[np.floating], answers: Answers) -> NDArray[np.floating]:
    """The strangeness of what was answered, unless it is known already."""
    return strangeness.score(answers.features) if isinstance(strangeness, Strangeness) else strangeness


def cost(known: Asked, odd: Asked | None, share: float) -> Cost:
    """What a line costs beyond which there are no more than so many known pictures."""
    line = beyond(known.strange, share)
    caught = None if odd is None else float((odd.strange > line).mean())
    return Cost(line, float((known.strange > line).mean()), caught)


def beyond(strange: NDArray[np.float64], share: float) -> float:
    """The line that a new picture of the same kind crosses with this chance at most; with too few, the highest seen.

    (n + 1) instead of n is what conformal prediction adds for the picture that is still to come.
    """
    ordered = np.sort(strange)
    place = min(math.ceil((len(ordered) + 1) * (1 - share)), len(ordered))
    return float(ordered[place - 1])


def drawn(known: Asked, odd: Asked | None, costs: Sequence[Cost]) -> float:
    """The line: where most strangers more than known pictures are beyond it, or at the usual price."""
    if odd is None:
        return beyond(known.strange, PRICE)
    within = [each for each in costs if each.refused <= PRICE] or list(costs[:1])
    return max(within, key=lambda each: (each.caught or 0.0) - each.refused).strange


def bar(known: Asked) -> float:
    """The probability below which an answer is worth less than none.

    Half by the mistakes that were made, half by those that the probabilities themselves announce: few pictures make
    few mistakes, and by these alone the bar would be luck. Of equals that which Chow's rule gives for true ones.
    """
    risk = ((~known.right) + (1 - known.sure)) / 2
    losses = [float(np.where(known.sure < low, SILENCE, risk).sum()) for low in BARS]
    least = min(losses)
    best = [float(low) for low, loss in zip(BARS, losses, strict=True) if loss <= least + 1e-9]
    return round(float(min(best, key=lambda low: abs(low - CHOW))), 2)


def weighed(known: Asked, odd: Asked | None, lines: tuple[float, float], costs: tuple[Cost, ...]) -> Doubt:
    """What both lines do to the pictures."""
    silent = known.silent(lines)
    wrong = ~known.right
    return Doubt(
        sure=lines[0],
        strange=lines[1],
        pictures=len(silent),
        unsure=float(silent.mean()),
        wrong=float(wrong[silent].mean()) if silent.any() else 0.0,
        silenced=float(silent[wrong].mean()) if wrong.any() else 0.0,
        caught=None if odd is None else float(odd.silent(lines).mean()),
        auroc=None if odd is None else auroc(known.strange, odd.strange),
        costs=costs,
    )


def auroc(known: NDArray[np.floating], odd: NDArray[np.floating]) -> float:
    """How often a stranger is stranger than a known picture; of equals half."""
    ordered = np.sort(known)
    below, up_to = np.searchsorted(ordered, odd, "left"), np.searchsorted(ordered, odd, "right")
    return float((below + up_to).mean() / 2 / len(known))
