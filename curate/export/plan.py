"""Entries and splits in; every picture of the export out, named, numbered and in its order.

The order within a split is a shuffle that the seed decides, so that no reader meets one class after the other;
variants of a picture follow it, for they are made from one decode.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from curate.export.options import ExportOptions, Facts
from imgtool.errors import UsageError
from imgtool.records import Entry, ImageRef

SPLITS = ("train", "val", "test")  # the order in which they are written
TOGETHER = 16  # variants made from one decode: its cost is forgotten, and the work still shared evenly
TOGETHER_WHOLE = 4  # of pictures at their own size, which may be fifty times as large and wait in memory


@dataclass(frozen=True, slots=True)
class Item:
    """One picture of the export."""

    key: str  # unique in the export; names its file
    copy: int  # 0 = the picture itself, else the number of the variant


@dataclass(frozen=True, slots=True)
class Unit:
    """Pictures made from one decode of one file."""

    entry: Entry
    split: str
    number: int  # of its class
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Labels by number, and by path how a picture's files are called."""

    labels: tuple[str, ...]
    stems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole export before a file is read."""

    labels: tuple[str, ...]  # by number
    folders: tuple[str, ...]
    splits: tuple[str, ...]  # those that have pictures
    units: tuple[Unit, ...]
    left_out: int  # training pictures beyond `per_class`

    def of(self, split: str) -> list[Unit]:
        """The units of one split."""
        return [unit for unit in self.units if unit.split == split]

    def size(self, split: str) -> int:
        """The pictures of one split."""
        return sum(len(unit.items) for unit in self.units if unit.split == split)

    def rows(self) -> Iterator[tuple[Unit, Item]]:
        """Every picture, in order."""
        return ((unit, item) for unit in self.units for item in unit.items)

    def counts(self) -> dict[str, dict[str, int]]:
        """Split → class → pictures."""
        table = {split: dict.fromkeys(self.labels, 0) for split in self.splits}
        for unit in self.units:
            table[unit.split][self.labels[unit.number]] += len(unit.items)
        return table


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a format needs to know."""

    plan: Plan
    options: ExportOptions
    sources: Mapping[str, ImageRef]  # path → where the picture came from, of those that came from somewhere
    facts: Facts

    def ref(self, unit: Unit) -> ImageRef:
        """Where a picture came from; an empty ref for a file that a person put there."""
        return self.sources.get(unit.entry.path) or ImageRef("", unit.entry.label, "")

    def claims(self, unit: Unit) -> dict[str, str]:
        """What is told of a picture's origin, in every format by the same names."""
        ref = self.ref(unit)
        return {
            "title": ref.title,
            "creator": ref.creator,
            "licence": ref.licence,
            "licence_url": ref.licence_url,
            "page_url": ref.page_url,
            "url": ref.url,
            "engine": ref.engine,
            "sha256": unit.entry.picture.sha256,
        }


def planned(entries: Iterable[Entry], splits: Mapping[str, str], options: ExportOptions) -> Plan:
    """The plan. What is in no split is not exported; UsageError when nothing is."""
    placed = sorted((entry for entry in entries if entry.path in splits), key=lambda entry: entry.path)
    if not placed:
        raise UsageError("There is no picture to export.", hint="Split the dataset first: `imgtool split`.")
    folders = classes(placed)
    present = ordered({splits[entry.path] for entry in placed})
    names = Names(tuple(folders), named(placed))
    units: list[Unit] = []
    for split in present:
        here = [entry for entry in placed if splits[entry.path] == split]
        copies = wanted(here, options) if split == "train" else dict.fromkeys((entry.path for entry in here), 1)
        units += units_of(split, here, copies, names, options)
    left_out = len(placed) - sum(1 for unit in units if unit.items[0].copy == 0)
    return Plan(tuple(folders), tuple(folders.values()), tuple(present), tuple(units), left_out)


def units_of(
    split: str, entries: Sequence[Entry], copies: Mapping[str, int], names: Names, options: ExportOptions
) -> list[Unit]:
    """A split's units in their order."""
    together = TOGETHER if options.size else TOGETHER_WHOLE
    made = [
        Unit(entry, split, names.labels.index(entry.label), items)
        for entry in entries
        for items in batches(names.stems[entry.path], copies[entry.path], together)
    ]
    return sorted(made, key=lambda unit: shuffled(options.seed, unit.items[0].key))


def classes(entries: Sequence[Entry]) -> dict[str, str]:
    """Label → folder, in the order of the folders: the one that every reader of folders numbers them by."""
    known: dict[str, str] = {}
    for entry in entries:
        known.setdefault(entry.label, entry.path.partition("/")[0])
    return dict(sorted(known.items(), key=lambda pair: pair[1]))


def ordered(present: Iterable[str]) -> list[str]:
    """Splits in their usual order, others after them."""
    return sorted(present, key=lambda name: (SPLITS.index(name) if name in SPLITS else len(SPLITS), name))


def named(entries: Sequence[Entry]) -> dict[str, str]:
    """Path → the first sixteen digits of its sha256, with a number where the same bytes are there twice."""
    seen: Counter[str] = Counter()
    names: dict[str, str] = {}
    for entry in entries:
        stem = entry.picture.sha256[:16]
        seen[stem] += 1
        names[entry.path] = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
    return names


def wanted(entries: Sequence[Entry], options: ExportOptions) -> dict[str, int]:
    """Path → how many pictures to make of it, itself the first; 0 = left out."""
    if not options.per_class:
        return dict.fromkeys((entry.path for entry in entries), 1)
    table: dict[str, int] = {}
    for label in {entry.label for entry in entries}:
        same = [entry for entry in entries if entry.label == label]
        same.sort(key=lambda entry: shuffled(options.seed, entry.picture.sha256 + entry.path))
        each, more = divmod(options.per_class, len(same))
        table |= {entry.path: each + (place < more) for place, entry in enumerate(same)}
    return table


def batches(stem: str, count: int, together: int) -> Iterator[tuple[Item, ...]]:
    """So many pictures of one file, some at a time."""
    items = [Item(stem if copy == 0 else f"{stem}-a{copy:03}", copy) for copy in range(count)]
    return (tuple(items[start : start + together]) for start in range(0, count, together))


def shuffled(seed: int, text: str) -> bytes:
    """A place in an order that looks like chance and is not."""
    return hashlib.blake2b(f"{seed}:{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
