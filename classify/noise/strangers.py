"""What belongs to no class: loners far from everything, and crowds of the same wrong kind.

The distance of a picture is to the nearest class, to several trusted pictures of it in other folds: a stranger that
got into one class by chance is no neighbour to another. Strangers often come in crowds (the cats among the machines),
and vouch for one another. So the furthest pictures are made a class of their own: if held-out ones among them are
recognised as its members, it is a crowd, and takes in what else belongs to it; if not, they were only the odd ones out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classify.noise.outside import Bench, Flags, outside

NEAR = 15  # neighbours of one class; fewer, and two strangers in a class vouch for each other
NARROW = 64  # directions in which they are sought
FAR = 3.0  # robust standard deviations from which a loner is a stranger: 1 in 500 of known pictures lies beyond
ODD = 1.75  # of them, where the label is wrong as well: 1 in 20 of another class, and many strangers lie beyond
AKIN = 0.2  # likely to be of the crowd, likewise: 1 in 50 of another class, and half of the strangers that are left
# Of the furthest 5 %, so many are recognised when there is a crowd of 3 to 10 % (0.38 to 0.94 on the shared sets), and
# when there is none (0.04 to 0.33)
FURTHEST, CROWD = 0.05, 0.35
ROUNDS = 3  # in which a crowd grows; it settles in two
WEIGHT = 3.0  # of mistakes: a crowd is small, and must be told apart more sharply than classes
LEAST = 5  # pictures make a crowd


@dataclass(frozen=True, slots=True)
class Strangers:
    """What is strange, and how much."""

    flags: Flags
    scores: NDArray[np.float64]  # 0 to 1; 0.5 where suspicion begins
    crowd: Flags  # those of them that are like one another
    depth: NDArray[np.float64]  # robust standard deviations beyond what is usual
    belongs: NDArray[np.float64]  # how likely it is of the crowd


def strangers(seen: Bench, trust: Flags) -> Strangers:
    """The strangers among the pictures; classes are what `trust` vouches for."""
    away = distances(seen, trust)
    lone = depth(away, trust)
    crowd, belongs = crowded(seen, away, trust)
    alone = lone / (lone + FAR)
    scores = np.where(crowd, np.maximum(0.5 + belongs / 2, alone), alone)
    return Strangers(crowd | (lone > FAR), scores, crowd, lone, belongs)


def doubly(strange: Strangers, wrong: Flags) -> Strangers:
    """With those whose label is wrong too: far out, or not unlike the crowd, they are of no other class either."""
    more = wrong & ~strange.flags & ((strange.depth > ODD) | (strange.belongs > AKIN))
    scores = np.where(more, np.maximum(strange.depth / (strange.depth + ODD), 0.5), strange.scores)
    return replace(strange, flags=strange.flags | more, scores=scores)


def distances(seen: Bench, trust: Flags) -> NDArray[np.float64]:
    """To the nearest class, by cosine: the mean over its nearest trusted pictures in other folds."""
    unit = directions(seen)
    away = np.full(len(unit), 2.0)  # cosines end there: with nobody to compare, all are equally far
    for fold in np.unique(seen.folds):
        out = seen.folds == fold
        for target in np.unique(seen.targets[trust]):
            members = unit[~out & trust & (seen.targets == target)]
            if len(members):
                away[out] = np.minimum(away[out], remote(unit[out], members))
    return away


def directions(seen: Bench) -> NDArray[np.float64]:
    """Where each picture lies as seen from the middle of the classes, in vectors of length 1."""
    numbers = seen.features[:, :NARROW]
    if len(np.unique(seen.targets)) == 1:  # its own middle is no place to look from: one step back
        numbers = np.column_stack([numbers, np.ones(len(numbers))])
    unit: NDArray[np.float64] = numbers / np.maximum(np.linalg.norm(numbers, axis=1, keepdims=True), 1e-12)
    return unit


def remote(asked: NDArray[np.float64], members: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each is from its nearest members."""
    near = min(NEAR, len(members))
    likeness = np.partition(asked @ members.T, -near, axis=1)[:, -near:]
    away: NDArray[np.float64] = 1.0 - likeness.mean(axis=1)
    return away


def depth(away: NDArray[np.float64], trust: Flags) -> NDArray[np.float64]:
    """How many robust standard deviations beyond what is usual for trusted pictures; 0 for what is nearer."""
    usual = away[trust] if trust.any() else away
    middle = np.median(usual)
    spread = 1.4826 * np.median(np.abs(usual - middle))  # of a bell curve, its standard deviation
    deep: NDArray[np.float64] = np.maximum(away - middle, 0.0) / max(float(spread), 1e-9)
    return deep


def crowded(seen: Bench, away: NDArray[np.float64], trust: Flags) -> tuple[Flags, NDArray[np.float64]]:
    """Who is of a crowd of strangers, and how surely."""
    crowd: Flags = away > np.quantile(away, 1 - FURTHEST)
    nobody = np.zeros(len(away), bool), np.zeros(len(away))
    for turn in range(ROUNDS + 1):
        if crowd.sum() < LEAST:
            return nobody
        belongs, joined = members(seen, crowd, trust)
        if turn == 0 and joined[crowd].mean() < CROWD:
            return nobody
        crowd = joined
    return crowd, belongs


def members(seen: Bench, crowd: Flags, trust: Flags) -> tuple[NDArray[np.float64], Flags]:
    """How likely each picture is of the crowd, by models of other folds; and is that likelier than any class?"""
    apart = replace(seen, targets=np.where(crowd, seen.count, seen.targets), count=seen.count + 1)
    said = outside(apart, trust | crowd, WEIGHT)
    joined: Flags = said.argmax(axis=1) == seen.count
    return said[:, seen.count], joined
