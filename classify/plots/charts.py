"""The charts of a report, each a table of lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from classify.calibrate import Bin
from classify.nouns import Epoch
from classify.plots.chart import ONE, QUIET, TWO, Chart, Line, svg
from classify.scores import Answering

if TYPE_CHECKING:
    from classify.training.sweep import Sweep
    from classify.worth import Worth

WHOLE = (0.0, 1.0)
HANDFUL = 5  # pictures of a step below which its share is chance
FEW = 10  # answers below which a share says next to nothing


def accuracy(epochs: Sequence[Epoch], best: int = 0) -> str:
    """How often it was right, epoch by epoch."""
    pair = [epoch.accuracy for epoch in epochs], [epoch.val_accuracy for epoch in epochs]
    return svg(_learning("Accuracy by epoch", "right", epochs, pair, best))


def losses(epochs: Sequence[Epoch], best: int = 0) -> str:
    """How surprised it was by the truth."""
    pair = [epoch.loss for epoch in epochs], [epoch.val_loss for epoch in epochs]
    return svg(_learning("Loss by epoch", "loss", epochs, pair, best))


def _learning(
    title: str, y: str, epochs: Sequence[Epoch], pair: tuple[Sequence[float], Sequence[float]], best: int
) -> Chart:
    numbers = list(range(1, len(epochs) + 1))
    lines = (Line("learnt from", numbers, pair[0], ONE), Line("held back", numbers, pair[1], TWO))
    falls = y == "loss"
    percent = "" if falls else "y"
    return Chart(title, "epoch", y, lines, percent=percent, whole=True, falls=falls, marks=_marks(epochs, best))


def _marks(epochs: Sequence[Epoch], best: int) -> tuple[tuple[float, str], ...]:
    """Where a stage begins, and the epoch that was kept."""
    begins = [(n + 0.5, new.stage) for n, (old, new) in enumerate(pairwise(epochs), 1) if old.stage != new.stage]
    return (*begins, *([(float(best), "kept")] if best else []))


def reliable(raw: Sequence[Bin], bins: Sequence[Bin]) -> str:
    """How sure it sounded, against how often it was right."""
    lines = (
        Line("", WHOLE, WHOLE, QUIET, dashed=True),
        Line("as the network said it", *_points(raw), QUIET, dots=True),
        Line("as it is told", *_points(bins), ONE, dots=True),
    )
    chart = Chart("Right, by how sure it sounded", "how sure it sounded", "right", lines, WHOLE, WHOLE, percent="xy")
    return svg(chart)


def _points(bins: Sequence[Bin]) -> tuple[list[float], list[float]]:
    full = [step for step in bins if step.count >= HANDFUL]
    return [step.confidence for step in full], [step.accuracy for step in full]


def speaking(bars: Sequence[Answering]) -> str:
    """How many of its answers are right when it speaks less often."""
    told = [bar for bar in reversed(bars) if bar.right.total >= FEW]
    shares, right = [bar.share for bar in told], [bar.right.share for bar in told]
    band = [bar.right.interval[0] for bar in told], [bar.right.interval[1] for bar in told]
    line = Line("", shares, right, ONE, dots=True, band=band)
    return svg(Chart("Right answers, by how many are given", "answered", "right of these", (line,), percent="xy"))


def swept(sweep: Sweep) -> str:
    """The loss as the learning rate grew, and the rate it suggests."""
    rates = [row.rate for row in sweep.rows]
    lines = (
        Line("batch by batch", rates, [row.loss for row in sweep.rows], QUIET, thin=True),
        Line("smoothed", rates, [row.smooth for row in sweep.rows], ONE),
    )
    marks = ((sweep.suggested, f"{sweep.suggested:.2g}"),)
    losses = [row.loss for row in sweep.rows if math.isfinite(row.loss)]
    top = 1.2 * max(losses[: max(len(losses) // 2, 1)])  # the end leaves all bounds: it is not what is looked for
    up = (0.0, top)
    return svg(Chart("Loss by learning rate", "learning rate", "loss", lines, up=up, log=True, falls=True, marks=marks))


def growing(worth: Worth) -> str:
    """Accuracy by the number of pictures, and where more of them should lead."""
    xs, ys = [point.pictures for point in worth.points], [point.accuracy for point in worth.points]
    band = [point.low for point in worth.points], [point.high for point in worth.points]
    ahead, now = [xs[-1], xs[-1] + worth.more], ys[-1]
    reach = [now, now + worth.low], [now, now + worth.high]
    lines = [Line("as it was", xs, ys, ONE, dots=True, band=band)]
    if worth.foretold is not None:
        lines.append(Line("as it should go on", ahead, [now, now + worth.gain], TWO, dashed=True, band=reach))
    chart = Chart("Accuracy by pictures of each class", "pictures of each class", "right", tuple(lines), percent="y")
    return svg(chart)
