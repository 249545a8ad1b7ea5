"""What is to be learnt, from which pictures, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from classify.nouns import Course, Epoch, Learning, Vary
from imgtool.errors import UsageError

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True)
class Task:
    """Pictures to learn from, pictures to check by, and what is asked for."""

    course: Course
    val: Course
    classes: int
    learning: Learning = field(default_factory=Learning)
    vary: Vary | None = None  # None = every epoch sees the pictures as they are


@dataclass(frozen=True, slots=True)
class Taught:
    """A network that has learnt."""

    network: keras.Model  # raw size × size pictures in, logits out, with a layer named "features"
    epochs: tuple[Epoch, ...]
    best: int  # the epoch whose weights it has; 0 = none was better than before
    stopped: str  # why it ended


def checked(task: Task) -> None:
    """UsageError unless something can be learnt from it."""
    present = np.unique(task.course.targets)
    if len(present) < 2:
        hint = "Collect another with `imgtool scrape`."
        raise UsageError(
            f"Training needs pictures of two classes or more; there is {len(present) or 'none'}.", hint=hint
        )
    if not len(task.val):
        hint = "`imgtool split` sets some aside: they say when to stop."
        raise UsageError("There is no validation picture.", hint=hint)
    numbers = np.concatenate([present, task.val.targets])
    if numbers.min() < 0 or numbers.max() >= task.classes:
        raise UsageError(f"Classes are numbered from 0 to {task.classes - 1}; received {numbers.max()}.")
    sides = {course.pixels.shape[1:3] for course in (task.course, task.val)}
    if len(sides) > 1 or len(set(*sides)) > 1:
        raise UsageError(f"All pictures have one size, as wide as high; received {sorted(sides)}.")
