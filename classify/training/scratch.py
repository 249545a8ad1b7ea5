"""A network from nothing."""

from __future__ import annotations

from pathlib import Path

from classify.nets import net
from classify.nouns import Watch, unwatched
from classify.training.loop import teach
from classify.training.pupil import Pupil
from classify.training.task import Task, Taught, checked

STAGE = "scratch"


def scratch(task: Task, work: Path, watch: Watch = unwatched) -> Taught:
    """The net that the task's learning names, taught; where it stands is written into `work` after each epoch."""
    checked(task)
    pupil = fresh(task)
    taught = teach(pupil, task, work, watch)
    whole = net(task.learning.net).build(task.course.pixels.shape[1], task.classes)
    whole.set_weights(taught.network.get_weights())
    return Taught(whole, taught.epochs, taught.best, taught.stopped)


def fresh(task: Task) -> Pupil:
    """The network before it has seen anything."""
    from classify.runtime import seeded

    seeded(task.learning.seed)
    asked = net(task.learning.net)
    regimen = asked.regimen.asked(task.learning)
    size = None if regimen.early else task.course.pixels.shape[1]
    return Pupil(asked.build(size, task.classes), regimen, STAGE)
