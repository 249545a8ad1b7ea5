"""What is learnt from: a dataset's pictures by split and class, checked before hours are spent on them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from curate.split import SHARES
from curate.split import split as divide
from curate.units import Unit, units
from imgtool.dataset import Dataset
from imgtool.errors import UsageError
from imgtool.pipeline.families import related, together
from imgtool.pipeline.opened import Watch, Where, opened, unwatched
from imgtool.pipeline.split import earlier
from imgtool.records import Entry

TRAIN, VAL, TEST = "train", "val", "test"
CLEANING = frozenset({"noise", "review"})  # verbs that put labels right and take strangers out
FEW = 20  # training pictures of a class below which a note says so: the recipes this follows have 30 and more


@dataclass(frozen=True, slots=True)
class Material:
    """A dataset as a model is to learn it."""

    root: Path
    labels: tuple[str, ...]  # in the order of the model's outputs
    parts: Mapping[str, tuple[Entry, ...]]  # split → pictures
    units: tuple[Unit, ...]  # what shows the same, together: folds never tear it apart
    digest: str  # of all of it: equal digests, equal lessons
    stains: tuple[Entry, ...] = ()  # pictures that would be learnt from wrongly, had nobody cleaned the set
    notes: tuple[str, ...] = ()
    fresh: bool = False  # the split was made now

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Split → class → pictures."""
        tables = {name: Counter(entry.label for entry in part) for name, part in self.parts.items()}
        return {name: {label: table[label] for label in self.labels} for name, table in tables.items()}

    def part(self, name: str) -> tuple[Entry, ...]:
        """The pictures of a split; none if there is no such split."""
        return self.parts.get(name, ())

    def units_of(self, entries: Iterable[Entry]) -> list[int]:
        """The number of each picture's unit."""
        numbers = {entry.path: number for number, unit in enumerate(self.units) for entry in unit.entries}
        return [numbers[entry.path] for entry in entries]


def material(data: Where, seed: int = 0, watch: Watch = unwatched) -> Material:
    """The dataset's pictures, split as `imgtool split` left them; what is in no split yet is placed now."""
    with opened(data, watch) as ready:
        dataset = ready.dataset
        entries = list(dataset.entries())
        labels = teachable(dataset, entries)
        near = together(related(dataset, entries))
        previous = earlier(dataset, entries)
        fresh = len(previous) < len(entries)
        splits = divide(entries, near, shares(previous), seed, previous=previous, labels=dataset.classes())
        if fresh:
            dataset.save_splits({entry.picture.sha256: splits.where[entry.path] for entry in entries})
        parts = parted(entries, splits.where)
        learnable(dataset.root, parts)
        notes = (*splits.notes, *thin(parts[TRAIN], labels))
        joined = tuple(units(entries, near, seed))
        dirt = tuple(stains(dataset, parts, labels))
        return Material(dataset.root, labels, parts, joined, digest(parts), dirt, notes, fresh)


def stains(dataset: Dataset, parts: Mapping[str, Sequence[Entry]], labels: Sequence[str]) -> Iterator[Entry]:
    """Pictures under the labels that they had before they were moved or taken out, of those that one learns from."""
    first = {
        move.sha256: move.old_label
        for change in dataset.history()  # the last one first, so that a picture's first label stays
        if change.verb in CLEANING and not change.undone_by
        for move in change.moves
        if move.old_state != "taught"  # nobody would have learnt from it before it was looked at
    }
    held = {entry.picture.sha256 for name, part in parts.items() if name != TRAIN for entry in part}
    now = {entry.picture.sha256: entry for state in ("removed", "kept") for entry in dataset.entries(state)}
    for sha256, label in first.items():
        if sha256 in now and sha256 not in held and label in labels:
            yield replace(now[sha256], label=label)


def teachable(dataset: Dataset, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The classes that have pictures; UsageError unless there are two."""
    labels = tuple(sorted({entry.label for entry in entries}))
    if len(labels) >= 2:
        return labels
    empty = [label for label in dataset.classes() if label not in labels]
    has = f"only {labels[0]!r} has pictures" if labels else "no class has a picture"
    rest = f" ({', '.join(empty)}: none that can be read)" if empty else ""
    hint = "Collect another with `imgtool scrape CLASS`; `imgtool check` says why files are no pictures."
    raise UsageError(f"A model tells classes apart, so it needs two; in {dataset.root} {has}{rest}.", hint=hint)


def learnable(root: Path, parts: Mapping[str, Sequence[Entry]]) -> None:
    """UsageError unless there is something to learn from and something to choose by."""
    if empty := [name for name in (TRAIN, VAL) if not parts.get(name)]:
        hint = f"`imgtool split {root} --afresh --train 0.8 --val 0.1` divides it anew."
        raise UsageError(f"The split of {root} has no picture for {' and '.join(empty)}.", hint=hint)
    taught = {entry.label for entry in parts[TRAIN]}
    if len(taught) < 2:
        hint = "Collect more, and split again."
        raise UsageError(f"The training pictures of {root} are all of one class.", hint=hint)


def shares(previous: Mapping[str, str]) -> dict[str, float]:
    """The usual shares, of the splits that are in use here."""
    used = set(previous.values()) & set(SHARES) or set(SHARES)
    whole = sum(share for name, share in SHARES.items() if name in used)
    return {name: share / whole if name in used else 0.0 for name, share in SHARES.items()}


def parted(entries: Sequence[Entry], where: Mapping[str, str]) -> dict[str, tuple[Entry, ...]]:
    """Split → its pictures, in the order of their paths: the same whatever order they came in."""
    ordered = sorted(entries, key=lambda entry: entry.path)
    return {name: tuple(entry for entry in ordered if where[entry.path] == name) for name in (TRAIN, VAL, TEST)}


def thin(train: Sequence[Entry], labels: Sequence[str]) -> list[str]:
    """A note on classes with few training pictures."""
    counts = Counter(entry.label for entry in train)
    few = [f"{label} {counts[label]}" for label in labels if counts[label] < FEW]
    return [f"Few pictures to learn from: {', '.join(few)}. Expect wide intervals."] if few else []


def digest(parts: Mapping[str, Sequence[Entry]]) -> str:
    """What names this material: every picture's bytes, class and split."""
    lines = sorted(f"{e.picture.sha256} {name} {e.label}" for name, part in parts.items() for e in part)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "backslashreplace")).hexdigest()
