"""A small network of its own: one hidden layer and a dropout, learnt in epochs; the best of them stays."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, isfinite, pi
from typing import Any

import numpy as np

from classify.calibrate import nll
from classify.heads.affine import Scale, layer
from classify.heads.folds import some, splits
from classify.heads.lesson import Lesson
from classify.heads.twolayers import Adam, Layers, answered, slopes, started
from classify.nouns import Epoch, Features, Learning, Logits, Step, Targets
from imgtool.errors import ImgtoolError

HIDDEN = 256  # as in the little-data recipe, and the half of it that drops out
DROPPED = 0.5
EPOCHS, RATE, PATIENCE = 40, 1e-3, 8
STEPS = 150  # a batch grows until an epoch has no more steps than this: large sets need no more


@dataclass(frozen=True, slots=True)
class Dense:
    """The hidden layer and the last one."""

    layers: Layers
    facts: Mapping[str, object]
    epochs: tuple[Epoch, ...]

    def logits(self, features: Features) -> Logits:
        """What it says."""
        return answered(features, self.layers)

    def attach(self, tensor: Any) -> Any:
        """Dense, Dropout (at rest once trained) and a Dense layer named "logits"."""
        from classify.runtime import keras

        kernel, bias, out, last = self.layers
        hidden = layer(tensor, kernel, bias, "hidden", "relu")
        return layer(keras().layers.Dropout(DROPPED, name="dropout")(hidden), out, last, "logits")


def learn(lesson: Lesson) -> Dense:
    """The head of the epoch that surprises least on validation pictures; without such, a fifth of all are those."""
    taught, (features, targets) = parted(lesson)
    scale = Scale.of(taught.features)
    taught = replace(taught, features=scale.scaled(taught.features).astype(np.float32))
    epochs, layers, stopped = learnt(taught, (scale.scaled(features).astype(np.float32), targets))
    facts = {"head": "dense", "hidden": HIDDEN, "dropout": DROPPED, "epoch": best(epochs).number, "stopped": stopped}
    kernel, bias, out, last = layers
    return Dense((*scale.folded(kernel, bias), out, last), facts, epochs)


def parted(lesson: Lesson) -> tuple[Lesson, tuple[Features, Targets]]:
    """What to learn from, and what to choose the epoch by."""
    if lesson.val:
        return lesson, lesson.val
    if not (held := splits(lesson)):
        return lesson, (lesson.features, lesson.targets)
    return some(lesson, ~held[0]), (lesson.features[held[0]], lesson.targets[held[0]])


def learnt(lesson: Lesson, val: tuple[Features, Targets]) -> tuple[tuple[Epoch, ...], Layers, str]:
    """The epochs, the best one's layers, and why it ended. ImgtoolError when not one was of use."""
    pace, stopped = paced(lesson.learning), "all epochs done"
    past: list[Epoch] = []
    kept: list[Layers] = []
    for epoch, layers in taught(lesson, val):
        if not isfinite(epoch.loss + epoch.val_loss):
            stopped = f"the loss was no number in epoch {epoch.number}"
            break
        past.append(epoch)
        lesson.watch(Step(f"Epoch {epoch.number} of {pace.epochs}", epoch.number, pace.epochs, note(epoch)))
        if best(past) is epoch:
            kept = [layers]
        elif epoch.number - best(past).number >= pace.patience:
            stopped = f"no better for {pace.patience} epochs"
            break
    if not past:
        raise ImgtoolError("The head's loss was no number from the first epoch on.", hint="Try a smaller --rate.")
    return tuple(past), kept[0], stopped


def best(epochs: Sequence[Epoch]) -> Epoch:
    """The first of those that surprise least."""
    return min(epochs, key=lambda epoch: epoch.val_loss)


def taught(lesson: Lesson, val: tuple[Features, Targets]) -> Iterator[tuple[Epoch, Layers]]:
    """Epoch after epoch, with the layers after each; the rate falls in half a wave."""
    pace, chance = paced(lesson.learning), np.random.default_rng(lesson.learning.seed)
    layers = started(lesson.features.shape[1], HIDDEN, lesson.classes, chance)
    adam = Adam(layers)
    for number in range(1, pace.epochs + 1):
        began, rate = time.monotonic(), pace.rate * (1 + cos(pi * (number - 1) / pace.epochs)) / 2
        layers, loss = once(lesson, (layers, adam), rate, chance)
        seen = right(answered(lesson.features, layers), lesson.targets)
        said = answered(val[0], layers)
        figures = (loss, seen, nll(said, val[1]), right(said, val[1]))
        yield Epoch(number, "head", *figures, rate, time.monotonic() - began), layers


def once(lesson: Lesson, state: tuple[Layers, Adam], rate: float, chance: np.random.Generator) -> tuple[Layers, float]:
    """The layers after one epoch, and the mean loss while they learnt."""
    layers, adam = state
    size = max(lesson.learning.batch, -(-len(lesson) // STEPS))
    order, total = chance.permutation(len(lesson)), 0.0
    for at in range(0, len(order), size):
        some = order[at : at + size]
        kept = (chance.random((len(some), HIDDEN), np.float32) >= DROPPED) * np.float32(1 / (1 - DROPPED))
        weights = lesson.weights[some].astype(np.float32)
        slope, losses = slopes(lesson.features[some], lesson.targets[some], weights, layers, kept)
        layers = adam.stepped(layers, slope, rate)
        total += float((losses * weights).sum())
    return layers, total / float(lesson.weights.sum())


def right(said: Logits, targets: Targets) -> float:
    """The share named right."""
    return float((said.argmax(axis=1) == targets).mean())


def paced(learning: Learning) -> Learning:
    """What is asked for, and this head's own where nothing is."""
    return replace(
        learning,
        epochs=learning.epochs or EPOCHS,
        rate=learning.rate or RATE,
        patience=learning.patience or PATIENCE,
    )


def note(epoch: Epoch) -> str:
    """An epoch in a line."""
    return f"loss {epoch.loss:.3f}, validation {epoch.val_accuracy:.3f}"
