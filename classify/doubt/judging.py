"""What is said of a picture: names, how sure, and why not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classify.calibrate import probabilities
from classify.doubt.strangeness import Strangeness
from classify.doubt.thresholds import scored
from classify.nouns import Answers, Card, Judgement

UNLIKE = "unlike anything it learnt"
ENOUGH = 0.9  # probability that the names of a doubt hold together
NAMES = 3  # of them at most


def judge(
    answers: Answers, card: Card, strangeness: Strangeness | NDArray[np.floating] | None, top: int = 5
) -> list[Judgement]:
    """What is said of each picture. `strangeness` may be known already; without it nothing is strange."""
    strange = np.zeros(len(answers)) if strangeness is None else scored(strangeness, answers)
    shares = probabilities(answers.logits, card.temperature) if len(answers) else np.zeros((0, len(card.labels)))
    return [said(row, float(odd), card, top) for row, odd in zip(shares, strange, strict=True)]


def said(shares: NDArray[np.float64], strange: float, card: Card, top: int) -> Judgement:
    """What is said of one."""
    order = np.argsort(-shares, kind="stable")
    ranked = tuple((card.labels[place], float(shares[place])) for place in order)
    why = reason(ranked, strange, card)
    return Judgement(ranked[: max(top, 1)], not why, why, strange)


def reason(ranked: tuple[tuple[str, float], ...], strange: float, card: Card) -> str:
    """Why it is not sure, in words; "" when it is. What is no number is strange."""
    if not strange <= card.strange:
        return UNLIKE
    return between(ranked) if ranked[0][1] < card.sure else ""


def between(ranked: tuple[tuple[str, float], ...]) -> str:
    """The likeliest names that hold enough together: "cat, fox or dog"."""
    held, names = 0.0, []
    for name, share in ranked[:NAMES]:
        names.append(name)
        held += share
        if held >= ENOUGH and len(names) > 1:
            break
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
