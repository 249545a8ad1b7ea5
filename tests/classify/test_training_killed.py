"""A training that is killed goes on where it was, to the very same network."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from classify.nets import NETS
from classify.nets.regimen import Regimen
from classify.nouns import Learning
from classify.runtime import seeded
from classify.training import Pupil, Task, Taught, teach
from classify.training.state import NAME
from tests.lessons import course

EPOCHS = 6
SLOWLY = """
import sys, time
from pathlib import Path
from tests.classify.test_training_killed import taught
taught(Path(sys.argv[1]), lambda step: time.sleep(0.3))
"""


def taught(work: Path, watch: object = None) -> Taught:
    """A network with chance in it (dropout, mixup) and a memory (its average, the optimizer's)."""
    seeded(0)
    regimen = Regimen(epochs=EPOCHS, rate=3e-3, warm=1, wane=0.01, mix=0.2, average=1)
    task = Task(course(), course(12, seed=1), 2, Learning(batch=8, no_flip=frozenset("abc")))
    return teach(Pupil(NETS["small"].build(16, 2), regimen, "test"), task, work, watch or (lambda step: None))  # type: ignore[arg-type]


def epochs(work: Path) -> int:
    """How many the state on the disk has."""
    try:
        with (work / NAME).open("rb") as file, np.load(file) as found:
            return int(found["told"].tobytes().count(b'"val_loss"'))
    except FileNotFoundError:
        return 0


@pytest.mark.slow
def test_a_killed_training_comes_to_the_same_network(tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    other = subprocess.Popen([sys.executable, "-c", SLOWLY, str(killed)], env=os.environ | {"PYTHONPATH": "."})
    while epochs(killed) < 2 and other.poll() is None:  # then it is in the midst of a later one
        time.sleep(0.1)
    other.send_signal(signal.SIGKILL)
    assert other.wait() == -signal.SIGKILL
    assert 2 <= epochs(killed) < EPOCHS
    again, whole = taught(killed), taught(tmp_path / "whole")
    assert [(epoch.number, epoch.loss, epoch.val_loss) for epoch in again.epochs] == [
        (epoch.number, epoch.loss, epoch.val_loss) for epoch in whole.epochs
    ]
    pairs = zip(again.network.weights, whole.network.weights, strict=True)
    assert all((one.numpy() == other.numpy()).all() for one, other in pairs)
    assert again.best == whole.best
