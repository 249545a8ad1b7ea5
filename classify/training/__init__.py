"""Networks that learn: from scratch, or the last block of one that others taught.

    taught = scratch(Task(course, val, classes, learning, vary), work, watch)
    taught = finetune(built, head, task, work, watch)
    found = sweep(fresh(task), task)

Killed at any moment, the same call goes on from the last epoch, to the same result.
"""

from classify.training.finetune import finetune, joined
from classify.training.loop import teach
from classify.training.pupil import Pupil
from classify.training.scratch import fresh, scratch
from classify.training.sweep import Sweep, sweep
from classify.training.task import Task, Taught

__all__ = ["Pupil", "Sweep", "Task", "Taught", "finetune", "fresh", "joined", "scratch", "sweep", "teach"]
