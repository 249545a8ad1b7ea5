"""The batches of an epoch: shuffled, varied, mixed and weighed, each a function of seed, epoch and number alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.heads.lesson import balanced
from classify.nets.regimen import Regimen
from classify.nouns import Course
from classify.runtime import threads
from classify.training.ahead import ahead
from classify.training.task import Task

Numbers: TypeAlias = NDArray[np.float32]
WIDE = 0xFFFF_FFFF  # a seed's bits that count


@dataclass(frozen=True, slots=True)
class Batch:
    """What the network sees at one step."""

    pixels: Numbers  # pictures × rows × columns × RGB, 0–255
    targets: Numbers  # pictures × classes, each row sums to 1
    weights: Numbers


@dataclass(frozen=True, slots=True)
class Feed:
    """Where the batches of a task come from."""

    task: Task
    regimen: Regimen
    weights: Numbers  # of each picture

    @property
    def steps(self) -> int:
        """Batches an epoch."""
        return -(-len(self.task.course) // self.task.learning.batch)

    def epoch(self, number: int) -> Iterator[Batch]:
        """The batches of one epoch, made ahead of the network that wants them."""
        rows = order(len(self.task.course), self.task.learning.batch, self.task.learning.seed, number)
        return ahead((partial(self.batch, some, number, turn) for turn, some in enumerate(rows)), max(1, threads() - 1))

    def batch(self, rows: NDArray[np.int64], number: int, turn: int) -> Batch:
        """Those pictures as that epoch sees them."""
        side = self.regimen.side(self.task.course.pixels.shape[1], number)
        pixels = reduced(np.stack([self.variant(int(row), number) for row in rows]), side)
        targets = np.eye(self.task.classes, dtype=np.float32)[self.task.course.targets[rows]]
        plain = Batch(pixels, targets, self.weights[rows])
        return (
            mixed(plain, self.regimen.mix, dice(self.task.learning.seed, number, turn)) if self.regimen.mix else plain
        )

    def variant(self, row: int, number: int) -> NDArray[np.uint8]:
        """One picture as that epoch sees it."""
        course, vary = self.task.course, self.task.vary
        return vary(course.pixels[row], course.keys[row], number) if vary else course.pixels[row]


def feed(task: Task, regimen: Regimen) -> Feed:
    """The feed of a task; the pictures of rarer classes weigh more if it asks for that."""
    targets = task.course.targets
    weights = balanced(targets, task.classes) if task.learning.balance else np.ones(len(targets))
    return Feed(task, regimen, weights.astype(np.float32))


def order(count: int, batch: int, seed: int, number: int) -> NDArray[np.int64]:
    """Batches × rows: every picture once, and a few twice, so that all batches have one size."""
    shuffled = dice(seed, number).permutation(count)
    batch = min(batch, count)
    return np.resize(shuffled, (-(-count // batch), batch))


def dice(*numbers: int) -> np.random.Generator:
    """Chance that those numbers decide."""
    return np.random.default_rng([number & WIDE for number in numbers])


def mixed(batch: Batch, alpha: float, chance: np.random.Generator) -> Batch:
    """Every picture laid over another of the batch, and their targets in the same shares (mixup)."""
    share = chance.beta(alpha, alpha, len(batch.pixels)).astype(np.float32)
    other = chance.permutation(len(share))

    def over(values: Numbers) -> Numbers:
        own = share.reshape(-1, *[1] * (values.ndim - 1))
        return own * values + (1 - own) * values[other]

    return Batch(over(batch.pixels), over(batch.targets), over(batch.weights))


def reduced(pixels: NDArray[np.uint8], side: int) -> Numbers:
    """A batch of square pictures brought to that side: two products of matrices need no library of pictures."""
    numbers = pixels.astype(np.float32)
    if pixels.shape[1] == side:
        return numbers
    shrink = tent(pixels.shape[1], side)
    rows = np.tensordot(numbers, shrink, axes=(1, 1))  # pictures × columns × RGB × rows
    return np.ascontiguousarray(np.tensordot(rows, shrink, axes=(1, 1)).transpose(0, 2, 3, 1))


@lru_cache(maxsize=8)
def tent(before: int, after: int) -> Numbers:
    """The matrix of an antialiased linear resize, after × before."""
    scale = max(before / after, 1.0)
    centres = (np.arange(after) + 0.5) * before / after
    distance = np.abs(np.arange(before) + 0.5 - centres[:, None]) / scale
    weights = np.maximum(1 - distance, 0)
    matrix: Numbers = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return matrix


def parts(course: Course, size: int) -> Iterator[Numbers]:
    """The pictures as they are, `size` at a time, ready for the network."""
    for start in range(0, len(course), size):
        yield course.pixels[start : start + size].astype(np.float32)
