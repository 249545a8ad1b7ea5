"""`train --digits`: a small model of handwritten digits, in the same kind of file as every other.

learnt = learn_digits("mnist/", "model.keras", work=folder)
learnt.report.scores.accuracy
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from classify.digits import SIDE
from classify.nouns import Answers, Card, Learning, Step, Vary, Watch, unwatched
from curate.pixels.encode import png
from imgtool.dataset.rows import now
from imgtool.pipeline.numerals import Numerals, Primer, primer
from imgtool.pipeline.report import Report, Tested, told

if TYPE_CHECKING:
    import keras

    from classify.doubt import Doubt, Strangeness
    from classify.training import Taught

ASKING = 512  # digits judged at once
SHOWN = 100  # digits named wrong that are written as files, so that a page can show them


@dataclass(frozen=True, slots=True)
class Read:
    """A model of digits, and what is known of it."""

    file: Path
    report: Report
    doubt: Doubt  # what "not sure" cost on the validation digits


def learn_digits(
    place: str | Path,
    out: str | Path,
    *,
    work: str | Path,
    learning: Learning | None = None,
    vary: Vary | None = None,
    watch: Watch = unwatched,
) -> Read:
    """A model of the digits at `place` as the file `out`. Without `vary` it learns from them in other hands.

    In `work` stands how far the training has come, so that it goes on after a kill; and, where the digits are no
    files of their own, those that a page will want to show: it is the report's `root` then.
    """
    from classify.digits.learn import LEARNING, course, learn
    from classify.training import Task

    began, asked, target = perf_counter(), learning or LEARNING, Path(out)
    given = primer(Path(place), asked.seed, watch)
    train, val = (course(given.parts[name].digits, given.parts[name].targets) for name in ("train", "val"))
    taught = learn(Task(train, val, len(given.labels), asked, vary), Path(work), watch)
    spent = perf_counter() - began
    watch(Step("Trying it on digits that it has never seen"))
    report, strange, doubt = examined(taught, given, asked)
    keep(target, taught, report.card, strange)
    root = given.root if given.drawn else Path(work)
    if not given.drawn:
        show(report, given.parts["test"], root)
    return Read(target, replace(report, root=root, model=target.name, timings={"Learning": spent}), doubt)


def examined(taught: Taught, given: Primer, learning: Learning) -> tuple[Report, Strangeness, Doubt]:
    """What the network is worth on digits it has never seen, and what it takes to know a stranger."""
    from classify.calibrate import temperature
    from classify.doubt import Strangeness, judge, thresholds

    train, val, test = (given.parts[name] for name in ("train", "val", "test"))
    network = speaking(taught.network)
    known, checked, tried = (answered(network, part) for part in (train, val, test))
    strange = Strangeness.fit(known.features, train.targets)
    warm = temperature(checked.logits, val.targets)
    doubt = thresholds(checked, val.targets, strange, temperature=warm)
    card = replace(carded(given, taught, learning), temperature=warm, sure=doubt.sure, strange=doubt.strange)
    judgements = judge(tried, card, strange, len(card.labels))
    tested = Tested(test.names, test.targets, tried, tuple(judgements), refused=given.refused)
    report = told(given.root, "", card, tested)
    report = replace(report, card=measured(card, report), epochs=taught.epochs, best=taught.best)
    return replace(report, stopped=taught.stopped, notes=given.notes), strange, doubt


def carded(given: Primer, taught: Taught, learning: Learning) -> Card:
    """The card, as far as it is known before anything is measured."""
    from classify.runtime import versions

    return Card(
        labels=given.labels,
        kind="digits",
        size=SIDE,
        route="scratch",
        head="dense",
        dataset=given.digest,
        counts=given.counts,
        learning={"seed": learning.seed, "batch": learning.batch, "epochs": len(taught.epochs), "best": taught.best},
        versions=versions(),
        created=now(),
    )


def measured(card: Card, report: Report) -> Card:
    """The card with its figures."""
    rate = report.scores.accuracy
    low, high = rate.interval
    figures = {"accuracy": rate.share, "low": low, "high": high, "tested": rate.total}
    return replace(card, metrics=figures | {"ece": report.calibration.after})


def speaking(network: keras.Model) -> keras.Model:
    """The network with its features as a second answer."""
    from classify.file.assemble import speaking as said

    return said(network)


def answered(network: keras.Model, part: Numerals) -> Answers:
    """What it says of digits, a few hundred at a time."""
    from classify.digits.frame import coloured

    said = [
        network.predict_on_batch(coloured(part.digits[start : start + ASKING]).astype(np.float32))
        for start in range(0, len(part), ASKING)
    ]
    logits, features = (np.concatenate(each) for each in zip(*said, strict=True))
    return Answers(logits, features)


def keep(out: Path, taught: Taught, card: Card, strange: Strangeness) -> None:
    """The model as a file, whole or not at all."""
    from classify.file.save import save

    save(out, taught.network, card, strange.arrays())


def show(report: Report, test: Numerals, root: Path) -> None:
    """The digits that a page will want to show, as files: those named wrong, and those it was not sure of."""
    wrong = [mistake.index for mistake in report.scores.mistakes]
    unsure = [place for place, each in enumerate(report.tested.judgements) if not each.sure]
    for place in list(dict.fromkeys((*wrong, *unsure)))[:SHOWN]:
        file = root / test.names[place]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(test.digits[place]))
