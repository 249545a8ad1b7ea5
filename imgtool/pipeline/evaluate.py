"""`evaluate`: what a model file is worth on the pictures of a dataset, seen as `predict` sees them.

report = imgtool.evaluate("model.keras", "data")
report.scores.accuracy.share, report.scores.accuracy.interval
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NoReturn

import numpy as np

from classify.nouns import Answers, Card, Step, unwatched
from classify.nouns import Watch as Steps
from curate.examiners import absolute
from curate.export.plan import Unit
from curate.export.studio import in_order
from curate.sights import Sight, sighted
from imgtool.dataset import Dataset
from imgtool.errors import UsageError
from imgtool.pipeline.info import info
from imgtool.pipeline.material import TEST, TRAIN, VAL, digest, parted
from imgtool.pipeline.opened import Watch, Where, opened
from imgtool.pipeline.opened import unwatched as unlooked
from imgtool.pipeline.predict import Model, load
from imgtool.pipeline.report import Report, Tested, came, told
from imgtool.records import Entry, Refusal

ALL = "all"
SPLITS = (TRAIN, VAL, TEST, ALL)
BATCH = 32  # pictures asked about at once
NAMED = 12  # classes named in one message


@dataclass(frozen=True, slots=True)
class Exam:
    """The pictures of a dataset that a model is to be asked about."""

    entries: tuple[Entry, ...]
    split: str
    divided: bool  # the set is in splits
    own: bool  # it is, to the last picture, the set that the model was made of

    @property
    def learnt(self) -> bool:
        """Did it learn from some of these, or was it chosen by them?"""
        return self.own and self.split != TEST


def evaluate(
    model: str | os.PathLike[str] | Model,
    data: Where = "data",
    split: str = "",
    *,
    watch: Watch = unlooked,
    steps: Steps = unwatched,
) -> Report:
    """What the model is worth on a split of the set: the test pictures, or all of a set that is in no splits."""
    if split and split not in SPLITS:
        raise UsageError(f"There is no split {split!r}.", hint=f"Choose one of {', '.join(SPLITS)}.")
    held = model if isinstance(model, Model) else load(model)
    with opened(data, watch) as ready:
        root = ready.dataset.root
        entries = list(ready.dataset.entries()) or nothing(ready.dataset)
        exam = chosen(entries, ready.dataset.splits(), split, held.card)
        known(held, exam, str(root))
        origins = came(info(ready.dataset)) if exam.own else {}
    tested = answered(held, str(root), exam, steps)
    report = told(root, held.path.name, held.card, tested)
    return replace(report, came=origins, notes=tuple(notes(held.card, exam)))


def nothing(dataset: Dataset) -> NoReturn:
    """UsageError: what is in the folders, if not pictures."""
    why = Counter(refusal.reason.replace("_", " ") for _, _, refusal in dataset.strangers()).most_common(1)
    found = "".join(
        f": {count:,} of its files {'is' if count == 1 else 'are'} refused as {reason}" for reason, count in why
    )
    hint = f"`imgtool check {dataset.root}` says more."
    raise UsageError(f"There is no picture to ask about in {dataset.root}{found}.", hint=hint)


def chosen(entries: Sequence[Entry], names: Mapping[str, str], split: str, card: Card) -> Exam:
    """The pictures of the split, or of the one that suits; UsageError when it has none."""
    where = {entry.path: names.get(entry.picture.sha256, "") for entry in entries}
    parts = parted(entries, where)
    name = split or (TEST if parts[TEST] else ALL)
    taken = tuple(sorted(entries, key=lambda entry: entry.path)) if name == ALL else parts[name]
    if not taken:
        hint = "`imgtool split` divides a set; --split all asks about every picture."
        raise UsageError(f"No picture is in the split {name!r}.", hint=hint)
    return Exam(taken, name, any(where.values()), card.dataset == digest(parts))


def known(model: Model, exam: Exam, place: str) -> None:
    """UsageError unless the model can name every class that it is asked about."""
    present = labels(exam)
    if strange := [label for label in present if label not in model.labels]:
        message = (
            f"{model.path} is a model of other classes. It knows {few(model.labels)}; "
            f"{place} has {few(present)}, of which it cannot name {few(strange)}."
        )
        raise UsageError(message, hint=f"`imgtool train {place}` learns these; or evaluate on the set it was made of.")


def answered(model: Model, root: str, exam: Exam, steps: Steps) -> Tested:
    """What it says of each picture, those that cannot be read apart; UsageError when none can."""
    good: list[Entry] = []
    refused: list[tuple[str, str]] = []
    answers: list[Answers] = []
    for group in grouped(looked(model, root, exam.entries)):
        held = [(entry, sight.pixels) for entry, sight in group if isinstance(sight, Sight)]
        refused += [(entry.path, said(sight)) for entry, sight in group if isinstance(sight, Refusal)]
        if held:
            good += [entry for entry, _ in held]
            answers.append(model.answers([pixels for _, pixels in held]))
        steps(Step("Asking", len(good) + len(refused), len(exam.entries)))
    if not good:
        raise UsageError("None of these pictures can be read.", hint="`imgtool check` says why.")
    told_all = joined(answers)
    numbers = {label: number for number, label in enumerate(model.labels)}
    return Tested(
        tuple(entry.path for entry in good),
        np.array([numbers[entry.label] for entry in good]),
        told_all,
        tuple(model.said(told_all)),
        exam.split,
        exam.learnt,
        tuple(refused),
    )


def looked(model: Model, root: str, entries: Iterable[Entry]) -> Iterator[tuple[Entry, Sight | Refusal]]:
    """Each picture as the model sees it, in order."""
    orders = ((Unit(entry, "", 0, ()), absolute(os.path.join(root, entry.path))) for entry in entries)
    return ((unit.entry, sighted(answer)) for unit, answer in in_order(orders, model.eyes()))


def grouped(pairs: Iterator[tuple[Entry, Sight | Refusal]]) -> Iterator[list[tuple[Entry, Sight | Refusal]]]:
    """As many at a time as are asked about at once: memory stays flat."""
    while group := list(islice(pairs, BATCH)):
        yield group


def joined(answers: Sequence[Answers]) -> Answers:
    """Batches as one."""
    return Answers(
        np.concatenate([each.logits for each in answers]), np.concatenate([each.features for each in answers])
    )


def notes(card: Card, exam: Exam) -> Iterator[str]:
    """What a reader must know before trusting the figures."""
    if exam.learnt and exam.split != VAL:
        yield "It learnt from pictures that it was asked about here: these figures flatter it."
    elif exam.learnt:
        yield "It was tuned on these pictures: these figures flatter it a little."
    elif card.dataset and not exam.own:
        yield (
            "This is not, or no longer, the set that it was made of. "
            "Whether it learnt from some of these pictures, nobody can tell."
        )
    if not exam.divided:
        yield "The set is in no splits, so it was asked about every picture."
    if missing := [label for label in card.labels if label not in labels(exam)]:
        yield f"Of the classes it knows, {few(missing)} {'is' if len(missing) == 1 else 'are'} not asked for here."


def labels(exam: Exam) -> list[str]:
    """The classes that are asked for."""
    return sorted({entry.label for entry in exam.entries})


def said(refusal: Refusal) -> str:
    """Why, in a few words."""
    return f"{refusal.reason.replace('_', ' ')} {refusal.detail}".strip()


def few(names: Sequence[str]) -> str:
    """Some names, and how many more."""
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
