"""`train`: a dataset in, one model file out, and everything that its report tells."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from classify.doubt import Strangeness
from classify.file import Classifier, save
from classify.nouns import Card, Learning
from classify.nouns import Watch as Steps
from classify.nouns import unwatched as unseen
from imgtool.errors import UsageError
from imgtool.pipeline.clock import Clock
from imgtool.pipeline.info import info
from imgtool.pipeline.judged import judged, metrics, whole, worthwhile
from imgtool.pipeline.keepsakes import kept, kept_digits
from imgtool.pipeline.material import Material, material
from imgtool.pipeline.opened import Watch, Where, unwatched
from imgtool.pipeline.report import Report, came, told
from imgtool.pipeline.routes import ROUTES, Learnt, Room, checked

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
        kept(target, found, learnt.said)
    shutil.rmtree(room.work.parent, ignore_errors=True)
    known = replace(report, card=card, came=origins, doubt=sense.doubt, worth=worth)
    return Trained(target, card, whole(known, learnt, found, clock), before)


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
    kept_digits(target, read.some, read.report.card.labels)
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
