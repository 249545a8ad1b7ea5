"""Which learning rate? One short run in which it grows from batch to batch (Smith 2015: the range test)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from classify.nouns import Step, Watch, unwatched
from classify.training.batches import Batch, Feed, feed
from classify.training.loop import step
from classify.training.pupil import Pupil, assign, living, prepare, values
from classify.training.task import Task, checked

LEAST, MOST = 1e-6, 1.0  # the rates between which it looks
STEPS = 100  # batches
MEMORY = 0.9  # of the smoothed loss
ALIKE = 1.02  # times the least loss is as good: a fitted head's loss stays flat until it bursts
BURST = 2.0  # times the least loss: from there on it only gets worse
MARGIN = 10.0  # times lower than the best is what is suggested: there it only just still learns


@dataclass(frozen=True, slots=True)
class Row:
    """One batch of a sweep."""

    rate: float
    loss: float
    smooth: float  # the loss without its jumps


@dataclass(frozen=True, slots=True)
class Sweep:
    """How the loss went as the rate grew."""

    rows: tuple[Row, ...]
    suggested: float

    def csv(self) -> str:
        """The rows as a table."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("rate", "loss", "smooth"))
        writer.writerows((f"{row.rate:.6g}", f"{row.loss:.6g}", f"{row.smooth:.6g}") for row in self.rows)
        return text.getvalue()


def sweep(pupil: Pupil, task: Task, watch: Watch = unwatched, steps: int = STEPS) -> Sweep:
    """The sweep of a network, which is afterwards as it was."""
    checked(task)
    source = feed(task, pupil.regimen)
    prepare(pupil, source.steps)
    before = values(living(pupil.network))
    rows: list[Row] = []
    for turn, (speed, batch) in enumerate(zip(rates(steps), endless(source), strict=False)):
        pupil.network.optimizer.learning_rate.assign(speed)
        rows.append(following(rows, speed, step(pupil, batch)[0]))
        watch(Step("Trying learning rates", turn + 1, steps, f"{speed:.1e}: loss {rows[-1].loss:.2f}"))
        if burst(rows):
            break
    assign(living(pupil.network), before)
    return Sweep(tuple(rows), suggested(rows))


def rates(steps: int) -> Iterator[float]:
    """From the least to the most, each by the same factor above the one before."""
    yield from (float(rate) for rate in np.geomspace(LEAST, MOST, steps))


def endless(source: Feed) -> Iterator[Batch]:
    """Batches, epoch after epoch."""
    for number in count(1):
        yield from source.epoch(number)


def following(rows: list[Row], rate: float, loss: float) -> Row:
    """The next row."""
    smooth = MEMORY * rows[-1].smooth + (1 - MEMORY) * loss if rows else loss
    return Row(rate, loss, smooth)


def burst(rows: list[Row]) -> bool:
    """Has the loss left all bounds?"""
    return not np.isfinite(rows[-1].loss) or rows[-1].smooth > BURST * min(row.smooth for row in rows)


def suggested(rows: list[Row]) -> float:
    """A rate at which it learns quickly and surely: well below the highest that still did as well as any."""
    finite = [row for row in rows if np.isfinite(row.smooth)]
    least = min((row.smooth for row in finite), default=0.0)
    good = max((row.rate for row in finite if row.smooth <= ALIKE * least), default=LEAST)
    return max(LEAST, good / MARGIN)
