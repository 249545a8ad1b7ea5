"""What is known of a network that has learnt: how warm its probabilities are, when it doubts, what it is worth.

What chooses (temperature, when to doubt) sees validation pictures alone; the test pictures are asked once, at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from classify import runtime
from classify.calibrate import temperature
from classify.doubt import Doubt, Strangeness, judge, thresholds
from classify.nouns import Card, Learning, Targets
from classify.nouns import Watch as Steps
from classify.worth import Worth, curve
from imgtool.dataset.rows import now
from imgtool.pipeline.clock import Clock
from imgtool.pipeline.material import TEST, TRAIN, VAL, Material
from imgtool.pipeline.report import Report, Tested
from imgtool.pipeline.routes import Answered, Learnt


@dataclass(frozen=True, slots=True)
class Sense:
    """Where probabilities become honest, and answers become "not sure"."""

    temperature: float
    doubt: Doubt
    strangeness: Strangeness


def judged(found: Material, asked: Learning, learnt: Learnt) -> tuple[Tested, Card, Sense]:
    """What the network says of pictures it has not learnt, calibrated by the validation ones."""
    said = learnt.said
    targets = {name: said.targets(name, found.labels) for name in said.answers}
    strangeness = Strangeness.fit(said.answers[TRAIN].features, targets[TRAIN], found.units_of(said.entries[TRAIN]))
    val, warm = said.answers[VAL], temperature(said.answers[VAL].logits, targets[VAL])
    doubt = thresholds(val, targets[VAL], strangeness, temperature=warm)
    sense = Sense(warm, doubt, strangeness)
    card = described(found, asked, learnt, sense)
    name = TEST if TEST in said.answers else VAL
    return asked_once(name, said, targets[name], card, strangeness), card, sense


def asked_once(name: str, said: Answered, targets: Targets, card: Card, strangeness: Strangeness) -> Tested:
    """The pictures by which it is measured."""
    refused = tuple((path, f"{why.reason} {why.detail}".strip()) for path, why in said.refused.items())
    judgements = tuple(judge(said.answers[name], card, strangeness))
    paths = tuple(entry.path for entry in said.entries[name])
    return Tested(paths, targets, said.answers[name], judgements, name, name != TEST, refused)


def described(found: Material, asked: Learning, learnt: Learnt, sense: Sense) -> Card:
    """What the file will say of itself."""
    first = learnt.frozen
    return Card(
        labels=found.labels,
        size=learnt.size,
        route=asked.route,
        backbone=first.built.recipe.backbone if first else "",
        alpha=first.built.recipe.alpha if first else 1.0,
        weights=first.digest if first else "",
        head=asked.head if first else asked.net,
        temperature=sense.temperature,
        sure=sense.doubt.sure,
        strange=sense.doubt.strange,
        dataset=found.digest,
        counts=found.counts,
        learning=facts(asked, learnt),
        versions=runtime.versions(),
        created=now(),
    )


def facts(asked: Learning, learnt: Learnt) -> dict[str, object]:
    """How it learnt, as far as it mattered; no path of this machine."""
    first = learnt.frozen
    told_of: dict[str, object] = {"seed": asked.seed, "balanced": asked.balance}
    if first:
        told_of |= {"views": asked.views} | {
            f"head {name}": fact for name, fact in first.head.facts.items() if name != "head"
        }
    if asked.route != "frozen":
        told_of |= {
            "augment": asked.augment,
            "batch": asked.batch,
            "best epoch": learnt.best,
            "stopped": learnt.stopped,
        }
    return told_of


def metrics(report: Report) -> dict[str, float]:
    """The figures that the card keeps."""
    rate, told_of = report.scores.accuracy, report.calibration
    low, high = rate.interval
    return {
        "accuracy": rate.share,
        "low": low,
        "high": high,
        "tested": float(rate.total),
        "ece_before": told_of.before,
        "ece": told_of.after,
        "loss": report.scores.loss,
    }


def worthwhile(found: Material, learnt: Learnt, steps: Steps) -> Worth | None:
    """What more pictures would bring; None where nothing tells: features that learn with the pictures, no test."""
    said = learnt.said
    if not learnt.frozen or learnt.tuned or TEST not in said.answers:
        return None
    train, test = (said.answers[name].features for name in (TRAIN, TEST))
    targets = {name: said.targets(name, found.labels) for name in (TRAIN, TEST)}
    return curve(train, targets[TRAIN], (test, targets[TEST]), found.units_of(said.entries[TRAIN]), watch=steps)


def whole(report: Report, learnt: Learnt, found: Material, clock: Clock) -> Report:
    """All that the page tells."""
    first = learnt.frozen
    notes = (*found.notes, *(first.notes if first else ()), *learnt.notes, *judged_by(report))
    return replace(
        report,
        epochs=learnt.epochs,
        best=learnt.best,
        stopped=learnt.stopped,
        folds=first.folds if first else None,
        compared=first.compared if first and not learnt.tuned else {},
        facts={"Device": runtime.device()},
        timings=clock.seconds,
        notes=notes,
    )


def judged_by(report: Report) -> list[str]:
    """A note when there was no test picture."""
    if report.tested.split == TEST:
        return []
    return ["No picture is in the split test: these figures are of validation pictures, which chose it, and flatter."]
