"""`train --digits`: a small model of handwritten digits, in the same kind of file as every other.

made = learn_digits("mnist/", "model.keras", work=folder)
made.report.scores.accuracy
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from classify.digits import SIDE
from classify.nouns import Answers, Card, Learning, Network, Step, Vary, Watch, unwatched
from curate.pixels.encode import png
from imgtool.dataset.rows import now
from imgtool.pipeline.clock import Clock
from imgtool.pipeline.judged import metrics
from imgtool.pipeline.keepsakes import of_each
from imgtool.pipeline.numerals import Numerals, Primer, primer
from imgtool.pipeline.report import Report, Tested, told

if TYPE_CHECKING:
    from classify.doubt import Strangeness
    from classify.training import Taught

LARGER = 4  # times, so that one sees them: 28 px are an icon, and refused as such
ASKING = 512  # digits judged at once
SHOWN, EACH = 200, 12  # digits that a page can show: wrong, or not sure of; and of each kind


@dataclass(frozen=True, slots=True)
class Read:
    """A model of digits, and what is known of it."""

    file: Path
    report: Report
    some: Numerals  # of what it learnt from


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
    from classify.file import save
    from classify.training import Task

    asked, target, clock = learning or LEARNING, Path(out), Clock()
    with clock("Reading the digits"):
        given = primer(Path(place), asked.seed, watch)
    train, val = (course(given.parts[name].digits, given.parts[name].targets) for name in ("train", "val"))
    with clock("Learning"):
        taught = learn(Task(train, val, len(given.labels), asked, vary), Path(work), watch)
    watch(Step("Trying it on digits that it has never seen"))
    with clock("Judging"):
        report, strange = examined(taught, given, asked)
    root = given.root if given.drawn else Path(work)
    if not given.drawn:
        show(report, given.parts["test"], root)
    save(target, taught.network, report.card, strange.arrays())
    report = replace(report, root=root, model=target.name, timings=clock.seconds, facts=facts(given))
    return Read(target, report, of_each(given.parts["train"]))


def examined(taught: Taught, given: Primer, learning: Learning) -> tuple[Report, Strangeness]:
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
    report = replace(report, card=replace(card, metrics=metrics(report)), notes=given.notes)
    return replace(report, epochs=taught.epochs, best=taught.best, stopped=taught.stopped), strange


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


def facts(given: Primer) -> dict[str, str]:
    """What else the page tells."""
    from classify.runtime import device

    return {"Device": device(), "Dataset": given.digest[:12]}


def speaking(network: Network) -> Network:
    """The network with its features as a second answer."""
    from classify.file.assemble import speaking as said

    return said(network)


def answered(network: Network, part: Numerals) -> Answers:
    """What it says of digits, a few hundred at a time."""
    from classify.digits.frame import coloured

    said = [
        network.predict_on_batch(coloured(part.digits[start : start + ASKING]).astype(np.float32))
        for start in range(0, len(part), ASKING)
    ]
    logits, features = (np.concatenate(each) for each in zip(*said, strict=True))
    return Answers(logits, features)


def show(report: Report, test: Numerals, root: Path) -> None:
    """The digits that a page will want to show, as files: named wrong, not sure of, and some that are right."""
    judged = report.tested.judgements
    wrong = [mistake.index for mistake in report.scores.mistakes]
    unsure = [place for place, each in enumerate(judged) if not each.sure][:SHOWN]
    kinds = range(len(report.card.labels))
    right = [place for kind in kinds for place in np.flatnonzero(test.targets == kind)[:EACH].tolist()]
    for place in dict.fromkeys((*wrong[:SHOWN], *unsure, *right)):
        file = root / test.names[place]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(test.digits[place].repeat(LARGER, 0).repeat(LARGER, 1)))
