"""The nearest neighbours: a picture is what the pictures most like it are.

Each of the k nearest by cosine votes with exp(likeness / heat), as in self-supervised learning (Wu et al. 2018, arXiv
1805.01978; heat 0.07 there). k and the heat are chosen by the training pictures themselves, each without its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.calibrate import temperature
from classify.heads.folds import Unseen, small
from classify.heads.lesson import Lesson
from classify.nouns import Epoch, Features, Logits, Step

COUNTS = (3, 5, 10, 20, 50)
FEWEST = 2
HEATS = (0.02, 0.07, 0.2)
PRIOR = 0.01  # votes every class has from the start, as a share of all: no neighbour of a class is no proof
ROWS = 1024  # pictures compared at a time: 1024 × 20,000 likenesses are 80 MB


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The training pictures' features, of length 1, and what each votes for."""

    known: NDArray[np.float32]  # pictures × features
    votes: NDArray[np.float32]  # pictures × classes
    count: int
    heat: float
    temperature: float
    facts: Mapping[str, object]
    epochs: tuple[Epoch, ...] = ()

    def logits(self, features: Features) -> Logits:
        """What it says."""
        parts = [unit(features[at : at + ROWS]) @ self.known.T for at in range(0, len(features), ROWS)]
        said = [voted(part, self.votes, self.count, self.heat) for part in parts]
        return np.concatenate(said).astype(np.float32) / np.float32(self.temperature)

    def attach(self, tensor: Any) -> Any:
        """Likenesses by a Dense layer, the k largest, their votes looked up and summed; the last is named "logits"."""
        from classify.runtime import keras

        layers, ops = keras().layers, keras().ops
        length = layers.UnitNormalization(name="unit")(tensor)
        dense = layers.Dense(len(self.known), use_bias=False, name="likeness")
        like = dense(length)
        dense.set_weights([self.known.T])
        nearest, places = ops.top_k(like, self.count)
        table = layers.Embedding(*self.votes.shape, name="votes")
        looked = table(places)
        table.set_weights([self.votes])
        weight = layers.Softmax(name="weight")(layers.Rescaling(1 / self.heat, name="heat")(nearest))
        shares = layers.Dot(axes=1, name="shares")([weight, looked])
        return layers.Rescaling(1 / self.temperature, name="logits")(ops.log(shares + PRIOR))


def unit(features: Features) -> Features:
    """Features of length 1."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    short: Features = features / np.maximum(lengths, 1e-12)
    return short


def voted(like: Features, votes: NDArray[np.float32], count: int, heat: float) -> NDArray[np.float32]:
    """The logarithm of each class's share in the votes of the nearest."""
    places = np.argpartition(-like, count - 1, axis=1)[:, :count]
    nearest = np.take_along_axis(like, places, axis=1)
    weight = np.exp((nearest - nearest.max(axis=1, keepdims=True)) / heat)
    weight /= weight.sum(axis=1, keepdims=True)
    shares: NDArray[np.float32] = np.log(np.einsum("pk,pkc->pc", weight, votes[places]) + PRIOR)
    return shares


def learn(lesson: Lesson) -> Neighbours:
    """The head; how many neighbours, how heated and how sure, by the training pictures themselves."""
    lesson.watch(Step("Comparing pictures", 0, 1))
    count, heat, t, facts = chosen(small(lesson))
    facts = {"head": "knn", "k": count, "heat": heat} | facts
    return Neighbours(unit(lesson.features), ballots(lesson), count, heat, t, facts)


def chosen(part: Lesson) -> tuple[int, float, float, dict[str, object]]:
    """How many, how heated, the temperature, and what to tell of them: those that surprise least."""
    tried = {key: Unseen(said, part.targets, part.weights) for key, said in trials(part).items()}
    if not tried:  # all one group: nothing to choose by
        return FEWEST, HEATS[1], 1.0, {}
    heats = {key: temperature(held.said, held.targets) for key, held in tried.items()}
    best = min(tried, key=lambda key: tried[key].surprise(heats[key]))
    return *best, heats[best], {"held_out": round(tried[best].right, 4)}


def trials(part: Lesson) -> dict[tuple[int, float], Logits]:
    """How many and how heated → what the others say of each picture; those of its own group do not vote."""
    known, votes = unit(part.features), ballots(part)
    like = known @ known.T
    like[part.groups[:, None] == part.groups] = -np.inf
    most = int((like > -np.inf).sum(axis=1).min())
    counts = [count for count in (FEWEST, *COUNTS) if count <= most]
    return {(count, heat): voted(like, votes, count, heat) for count in counts for heat in HEATS}


def ballots(lesson: Lesson) -> NDArray[np.float32]:
    """Pictures × classes: what each votes for, and with what weight."""
    votes = np.zeros((len(lesson), lesson.classes), np.float32)
    votes[np.arange(len(lesson)), lesson.targets] = lesson.weights
    return votes
