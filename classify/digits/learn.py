"""How the network of digits is taught: every epoch sees all digits in hands that it has never seen them in.

taught = learn(Task(course(digits, labels), val, 10, LEARNING), work, watch)
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classify.digits.frame import coloured
from classify.digits.net import REGIMEN, build
from classify.digits.warp import Digits, Hand, rewritten
from classify.nets.regimen import Regimen
from classify.nouns import Course, Learning, Pixels, Vary, Watch, unwatched
from classify.training import Pupil, Task, Taught, teach

STAGE = "digits"
LEARNING = Learning(route="scratch", net=STAGE, augment="hands", batch=64)
USUAL = Hand()
STEPS = 600  # at least: a few hundred digits are shown more often
PART = 1024  # digits rewritten at once: 30 MB of places to take them from


class Hands:
    """A `Vary` for digits: a whole epoch is written anew at once, which costs a seventh of one by one."""

    def __init__(self, course: Course, seed: int, hand: Hand = USUAL) -> None:
        self._digits: Digits = np.ascontiguousarray(course.pixels[..., 0])
        self._rows = {key: row for row, key in enumerate(course.keys)}
        self._seed, self._hand = seed, hand
        self._turn = threading.Lock()
        self._number, self._epoch = 0, self._digits

    def __call__(self, pixels: Pixels, key: str, number: int) -> Pixels:
        """The digit of that key as it is written in that epoch."""
        assert pixels.shape[:2] == self._digits.shape[1:]
        return coloured(self.epoch(number)[self._rows[key]])

    def epoch(self, number: int) -> Digits:
        """All digits as they are written in that epoch: the same whenever it is asked for."""
        with self._turn:
            if self._number != number:
                parts = range(0, len(self._digits), PART)
                self._epoch = np.concatenate([self._part(start, number) for start in parts])
                self._number = number
            return self._epoch

    def _part(self, start: int, number: int) -> Digits:
        dice = np.random.default_rng([self._seed, number, start])
        return rewritten(self._digits[start : start + PART], dice, self._hand)


def learn(task: Task, work: Path, watch: Watch = unwatched) -> Taught:
    """The network taught; where it stands is written into `work` after each epoch. Without a `vary`: other hands."""
    from classify.runtime import seeded

    seed = task.learning.seed
    seeded(seed)
    vary: Vary = task.vary or Hands(task.course, seed)
    varied = Task(task.course, task.val, task.classes, task.learning, vary)
    return teach(Pupil(build(task.classes), regimen(task), STAGE), varied, work, watch)


def regimen(task: Task) -> Regimen:
    """The usual one, with as many epochs as the digits need, or as were asked for."""
    batches = -(-len(task.course) // task.learning.batch)
    enough = max(REGIMEN.epochs, -(-STEPS // batches))
    return replace(REGIMEN, epochs=enough).asked(task.learning)


def course(digits: NDArray[np.uint8], labels: NDArray[np.integer]) -> Course:
    """Digits, count × 28 × 28, as a network learns them."""
    keys = tuple(hashlib.sha256(digit.tobytes()).hexdigest() for digit in digits)
    return Course(coloured(digits), labels.astype(np.int64), keys)
