"""How much data is enough: accuracy against pictures per class, and what a hundred more of each are worth.

    worth = curve(features, targets, (test_features, test_targets), groups)
    worth.says          # "100 more pictures of each class: about 0.6 points more (0.1 to 1.2)."

From features that are there anyway, by ridge regressions on parts of the training pictures: seconds. The mistakes left
are taken to fall as c + a · n^-b, which is how they fall from language to pictures (Hestness et al. 2017,
arXiv 1712.00409). How far that can be trusted is told by what it would have foretold from half of the pictures.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.doubt.belonging import Belonging
from classify.heads.lesson import checked, numbered
from classify.nouns import Features, Step, Targets, Watch, unwatched
from classify.steady import steady
from imgtool.errors import UsageError

LEAST = 5  # pictures of each class at the curve's start
DRAWS = 6  # times that each number of pictures is drawn
AGAIN = 400  # times that tests and draws are drawn again, to see how the curve might have come out
UNSEEN = 3.0  # mistakes that may still lie behind none: the rule of three
MORE = 100
INSIDE = (2.5, 97.5)  # percentiles: 95 % lie within
ENOUGH = 4  # sizes: three to fit the law by, one to see how it did
POWERS = np.arange(0.1, 1.51, 0.1)  # b; Hestness found 0.07 to 0.7 on far larger sets

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """What so many pictures of each class gave."""

    pictures: int
    accuracy: float
    low: float  # 95 % of what other tests and draws would give
    high: float


@dataclass(frozen=True, slots=True)
class Worth:
    """The curve, and what more would be worth by its law; all gains are shares, not points."""

    points: tuple[Point, ...]
    now: int  # pictures of each class: the median
    more: int
    gain: float
    low: float
    high: float
    foretold: float | None  # what half of the pictures would have said of all; the last point says how it was

    @property
    def says(self) -> str:
        """What more is worth, in a sentence."""
        if self.foretold is None:
            return f"{self.now} pictures of each class are too few to tell what more are worth."
        span = f"({100 * self.low:.1f} to {100 * self.high:.1f})"
        return f"{self.more} more pictures of each class: about {100 * self.gain:.1f} points more {span}."


@steady()
def curve(
    features: Features,
    targets: Targets,
    test: tuple[Features, Targets],
    groups: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
    watch: Watch = unwatched,
) -> Worth:
    """The curve of these training pictures, as the test pictures see it. Twins are drawn together."""
    checked(features, targets, int(max(targets.max(initial=0), test[1].max(initial=0))) + 1)
    if not len(test[1]):
        raise UsageError("Without test pictures nobody knows what more are worth.", hint="Split off some for a test.")
    sizes = steps(targets)
    hits = np.zeros((DRAWS, len(sizes), len(test[1])), bool)
    for draw in range(DRAWS):
        order = drawn(targets, numbered(groups, len(targets)), np.random.default_rng([seed, draw]))
        for place, size in enumerate(sizes):
            watch(Step("How much is enough", draw * len(sizes) + place, DRAWS * len(sizes), f"{size} of each class"))
            some = order[order[:, 1] < size, 0]
            if draw and len(some) == len(targets):  # all of them: another draw is the same
                hits[draw, place] = hits[0, place]
            else:
                hits[draw, place] = named(features[some], targets[some], test[0]) == test[1]
    return told(sizes, hits, np.random.default_rng(seed))


def steps(targets: Targets) -> list[int]:
    """How many of each class are learnt from: always twice as many, up to the median class."""
    median = int(np.median(np.unique(targets, return_counts=True)[1]))
    sizes = [median]
    while sizes[0] // 2 >= LEAST:
        sizes.insert(0, sizes[0] // 2)
    return sizes


def drawn(targets: Targets, groups: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
    """The places of the pictures in a drawn order, and how many of their class come before each; groups stay whole."""
    turn = chance.permutation(groups.max() + 1)[groups]
    order = np.lexsort((turn, targets))
    firsts = np.searchsorted(targets[order], targets[order])
    return np.stack([order, np.arange(len(order)) - firsts], axis=1)


def named(features: Features, targets: Targets, asked: Features) -> Targets:
    """What a ridge regression on these says of others."""
    lines = Belonging.fit(features, targets)
    places = (asked @ lines.kernel + lines.bias).argmax(axis=1)
    answers: Targets = np.unique(targets)[places]
    return answers


def told(sizes: list[int], hits: NDArray[np.bool_], chance: np.random.Generator) -> Worth:
    """The curve and what follows from it; `hits`: draws × sizes × test pictures, was it right?"""
    left = 1 - hits.mean(axis=(0, 2))
    worlds = 1 - np.stack(list(again(hits, chance)))
    bounds = np.percentile(1 - worlds, INSIDE, axis=0)
    points = tuple(Point(*each) for each in zip(sizes, (1 - left).tolist(), *bounds.tolist(), strict=True))
    now, weights = sizes[-1], 1 / (worlds.var(axis=0) + 1 / hits.shape[2] ** 2)
    if len(sizes) < ENOUGH:
        return Worth(points, now, MORE, 0.0, 0.0, float(left[-1]), None)
    gains = won(foreseen(sizes, worlds, weights, (now, now + MORE)))
    gain = float(won(foreseen(sizes, left[None], weights, (now, now + MORE)))[0])
    half = float(foreseen(sizes[:-1], left[None, :-1], weights[:-1], (now,))[0, 0])
    least, most = np.percentile(gains, INSIDE)
    missed = abs(half - left[-1])  # what the law has got wrong before it may get wrong again
    most = min(most + missed, left[-1] + UNSEEN / hits.shape[2])
    low, gain, high = (float(each) for each in sorted((max(0.0, least - missed), gain, most)))
    return Worth(points, now, MORE, gain, low, high, 1 - half)


def again(hits: NDArray[np.bool_], chance: np.random.Generator) -> Iterator[Array]:
    """The accuracies of other draws and other tests, drawn from these with putting back."""
    draws, _, tests = hits.shape
    for _ in range(AGAIN):
        share = np.bincount(chance.integers(0, draws, draws), minlength=draws) / draws
        weight = np.bincount(chance.integers(0, tests, tests), minlength=tests) / tests
        yield np.einsum("d,dst,t->s", share, hits, weight, optimize=True)


def won(left: Array) -> Array:
    """What fewer mistakes are left at the second of two sizes than at the first."""
    gains: Array = left[:, 0] - left[:, 1]
    return gains


def foreseen(sizes: Sequence[int], left: Array, weights: Array, ahead: Sequence[int]) -> Array:
    """The mistakes left at other sizes, by the law that fits each row of `left` best."""
    known, asked = np.array(sizes, float), np.array(ahead, float)
    laws = [fitted(known**-power, left, weights) for power in POWERS]
    off = [
        ((floor + slope * known**-power - left) ** 2) @ weights
        for power, (floor, slope) in zip(POWERS, laws, strict=True)
    ]
    seen = np.stack([floor + slope * asked**-power for power, (floor, slope) in zip(POWERS, laws, strict=True)])
    best: Array = seen[np.argmin(off, axis=0), np.arange(len(left))]
    return best


def fitted(falling: Array, left: Array, weights: Array) -> tuple[Array, Array]:
    """Floor and slope of the weighted line through each row, neither below 0."""
    share = weights / weights.sum()
    middle, mean = falling @ share, left @ share
    slope = ((left - mean[:, None]) * (falling - middle)) @ share / ((falling - middle) ** 2 @ share)
    slope = np.maximum(slope, 0)
    floor = mean - slope * middle
    through = left @ (share * falling) / (falling**2 @ share)  # the line through 0, where the floor would be below
    slope, floor = np.where(floor < 0, through, slope), np.maximum(floor, 0)
    return floor[:, None], slope[:, None]
