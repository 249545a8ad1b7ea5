"""`train`: a dataset in, one model file out, and everything that its report tells.

What chooses (temperature, when to doubt, the best epoch) sees validation pictures alone; the test pictures are asked
once, at the end.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from classify import runtime
from classify.calibrate import temperature
from classify.doubt import Doubt, Strangeness, judge, thresholds
from classify.file import Classifier, save
from classify.nouns import Card, Learning, Targets
from classify.nouns import Watch as Steps
from classify.nouns import unwatched as unseen
from classify.worth import Worth, curve
from imgtool.dataset.rows import now
from imgtool.errors import UsageError
from imgtool.pipeline.clock import Clock
from imgtool.pipeline.info import info
from imgtool.pipeline.material import TEST, TRAIN, VAL, Material, material
from imgtool.pipeline.opened import Watch, Where, unwatched
from imgtool.pipeline.report import Report, Tested, came, told
from imgtool.pipeline.routes import ROUTES, Answered, Learnt, Room, checked

MODEL = "model.keras"


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and what is known of it."""

    file: Path
    card: Card
    report: Report
    before: Path | None = None  # where an earlier model of that name is now
    room: Path | None = None  # pictures that only its report needs; `tidy` takes them away

    def tidy(self) -> None:
        """The report is written: what it was made of may go."""
        if self.room:
            shutil.rmtree(self.room, ignore_errors=True)

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import trained

        return trained(self)


@dataclass(frozen=True, slots=True)
class Sense:
    """Where probabilities become honest, and answers become "not sure"."""

    temperature: float
    doubt: Doubt
    strangeness: Strangeness


def train(
    data: Where = "data",
    learning: Learning | None = None,
    out: str | Path = MODEL,
    *,
    watch: Watch = unwatched,
    steps: Steps = unseen,
) -> Trained:
    """Learn the dataset's classes; `out` is the model's file. An earlier file of that name is kept beside it."""
    asked, target, clock = learning or Learning(), named(out), Clock()
    checked(asked)  # before a minute is spent on looking
    with clock("Looking at the pictures"):
        found = material(data, asked.seed, watch)
        origins = came(info(data))
    room = Room(found, asked, workplace(target, found, asked), steps, clock)
    learnt = ROUTES[asked.route](room)
    with clock("Judging"):
        tested, card, sense = judged(found, asked, learnt)
    report = told(found.root, target.name, card, tested)
    card = replace(card, metrics=metrics(report))
    with clock("How much is enough"):
        worth = worthwhile(found, learnt, steps)
    with clock("Saving"):
        before = put(target, learnt, card, sense.strangeness)
    shutil.rmtree(room.work.parent, ignore_errors=True)
    return Trained(
        target,
        card,
        whole(replace(report, card=card, came=origins, doubt=sense.doubt, worth=worth), learnt, found, clock),
        before,
    )


def train_digits(
    place: str | Path, learning: Learning | None = None, out: str | Path = MODEL, *, steps: Steps = unseen
) -> Trained:
    """Learn handwritten digits: MNIST's idx files, or folders 0 to 9."""
    from classify.digits.learn import LEARNING
    from imgtool.pipeline.digits import learn_digits

    target, asked = named(out), learning or LEARNING
    wishes = replace(LEARNING, seed=asked.seed, epochs=asked.epochs or LEARNING.epochs)
    room = target.with_name(f".{target.stem}.work") / "digits"
    part = target.with_name(f".{target.stem}.new.keras")
    read = learn_digits(place, part, work=room, learning=wishes, watch=steps)
    before = aside(target)
    part.replace(target)
    return Trained(target, read.report.card, replace(read.report, model=target.name), before, room.parent)


def named(out: str | Path) -> Path:
    """The model's file; UsageError when it cannot be one."""
    target = Path(out)
    if target.suffix != ".keras":
        raise UsageError(f"{target} is no name for a model.", hint=f"It ends in .keras: --out {target}.keras")
    if target.is_dir():
        raise UsageError(f"{target} is a folder.", hint="Name a file with --out.")
    return target


def workplace(target: Path, found: Material, asked: Learning) -> Path:
    """Where epochs are written down: for the same pictures and the same wishes the same place."""
    wishes = hashlib.sha256(f"{found.digest}\n{asked!r}".encode("utf-8", "backslashreplace")).hexdigest()
    return target.with_name(f".{target.stem}.work") / wishes[:16]


def judged(found: Material, asked: Learning, learnt: Learnt) -> tuple[Tested, Card, Sense]:
    """What the network says of pictures it has not learnt, calibrated by the validation ones."""
    said = learnt.said
    targets = {name: said.targets(name, found.labels) for name in said.answers}
    numbers = found.groups()
    groups = [numbers[entry.path] for entry in said.entries[TRAIN]]
    strangeness = Strangeness.fit(said.answers[TRAIN].features, targets[TRAIN], groups)
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
    numbers = found.groups()
    groups = [numbers[entry.path] for entry in said.entries[TRAIN]]
    train, test = (said.answers[name].features for name in (TRAIN, TEST))
    targets = {name: said.targets(name, found.labels) for name in (TRAIN, TEST)}
    return curve(train, targets[TRAIN], (test, targets[TEST]), groups, watch=steps)


def put(target: Path, learnt: Learnt, card: Card, strangeness: Strangeness) -> Path | None:
    """The model in its file; where an earlier one of that name is now."""
    part = target.with_name(f".{target.stem}.new.keras")
    save(part, learnt.network, card, strangeness.arrays())
    before = aside(target)
    part.replace(target)
    Classifier.load(target).hasten(learnt.said.sample)
    return before


def aside(target: Path) -> Path | None:
    """An earlier file of that name gets a number of its own: nobody loses a model by training another."""
    if not target.exists():
        return None
    number = next(n for n in count(1) if not target.with_name(f"{target.stem}.{n}.keras").exists())
    return target.replace(target.with_name(f"{target.stem}.{number}.keras"))


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
