"""Training, validation and test by duplicate group: no twin of a training picture is ever in another split.

    splits = split(entries, groups, {"train": 0.8, "val": 0.1, "test": 0.1}, seed=1)
    splits.paths("test")

Stratified by class and seeded. Pictures are placed in the order in which they came, so more pictures move
none of those before; give `previous` to hold even where pictures came at one moment or were taken out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from curate.quotas import Quotas
from curate.units import Unit, by_bytes, units
from imgtool.errors import UsageError
from imgtool.records import Entry, Group

SHARES: Mapping[str, float] = MappingProxyType({"train": 0.8, "val": 0.1, "test": 0.1})
NOWHERE: Mapping[str, str] = MappingProxyType({})
NOTED = 5  # classes named in one note

Near: TypeAlias = Callable[[Sequence[Entry]], Iterable[tuple[Entry, Entry]]]


@dataclass(frozen=True, slots=True)
class Splits:
    """Which picture is in which split, and what a person should know of it."""

    names: tuple[str, ...]
    where: Mapping[str, str]  # path → split
    notes: tuple[str, ...] = ()

    def paths(self, name: str) -> list[str]:
        """The pictures of one split, by name."""
        return sorted(path for path, split in self.where.items() if split == name)

    def others(self, name: str) -> list[str]:
        """The pictures of all other splits: what a fold's model learns from."""
        return sorted(path for path, split in self.where.items() if split != name)

    def counts(self, entries: Iterable[Entry]) -> dict[str, Counter[str]]:
        """Split → class → pictures."""
        table: dict[str, Counter[str]] = {name: Counter() for name in self.names}
        for entry in entries:
            table[self.where[entry.path]][entry.label] += 1
        return table


@dataclass(frozen=True, slots=True)
class Leak:
    """Two pictures that show the same in two splits."""

    one: Entry
    other: Entry
    how: str  # "bytes", "looks"; "parent": parts of one picture


def split(
    entries: Sequence[Entry],
    groups: Iterable[Group],
    shares: Mapping[str, float] = SHARES,
    seed: int = 0,
    *,
    previous: Mapping[str, str] = NOWHERE,
    labels: Collection[str] = (),
) -> Splits:
    """Every entry's split. `labels` are classes that should be there, so that an empty one is noted.

    UsageError when the shares make no sense, or a split would stay empty.
    """
    sensible(shares)
    parts = units(entries, groups, seed)
    enough(parts, len(used(shares)))
    where, moved = placed(parts, Quotas(shares), used(shares), previous)
    splits = Splits(tuple(shares), where)
    filled(splits, shares, len(parts))
    return Splits(splits.names, where, (*moved, *missing(splits, entries, shares, labels)))


def folds(entries: Sequence[Entry], groups: Iterable[Group], k: int = 5, seed: int = 0) -> Splits:
    """The entries in k equal splits named "1" to "k", each in turn to be held out."""
    if k < 2:
        raise UsageError(f"{k} folds are none: one is held out, the others are learnt from.", hint="Use 2 or more.")
    return split(entries, groups, {str(number): 1 / k for number in range(1, k + 1)}, seed)


def placed(
    parts: list[Unit], quotas: Quotas, names: list[str], previous: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Path → split: those placed before stay, the others come after them. And what had to move."""
    before = {id(part): earlier(part, names, previous) for part in parts}
    where: dict[str, str] = {}
    for part in sorted(parts, key=lambda part: not before[id(part)]):  # stable: otherwise in their order
        name = before[id(part)]
        if name:
            quotas.take(part, name)
        else:
            name = quotas.place(part)
        where.update(dict.fromkeys((entry.path for entry in part.entries), name))
    moved = sorted(path for path, name in where.items() if previous.get(path, name) in set(names) - {name})
    return where, [torn(moved, where)] if moved else []


def earlier(part: Unit, names: list[str], previous: Mapping[str, str]) -> str:
    """Where a unit was. One that was in two (a new picture showed its parts to be twins) goes to the later named:
    what was tested on stays test, and training loses a picture.
    """
    known = {previous[entry.path] for entry in part.entries if entry.path in previous}
    return max(known & set(names), key=names.index, default="")


def torn(moved: list[str], where: Mapping[str, str]) -> str:
    """The note on pictures that could not stay."""
    return f"{len(moved)} moved, being twins of pictures in another split: {moved[0]} is now in {where[moved[0]]}."


def leaks(entries: Sequence[Entry], splits: Splits, near: Near | None = None) -> list[Leak]:
    """Pictures that show the same across splits: by bytes, and by what `near` says of all entries.

    Asks nobody how the splits were made: this is the proof. Of equal bytes each is told against the first.
    """
    known = {entry.path: entry for entry in entries}
    same = ((known[paths[0]], known[path]) for paths in by_bytes(entries).values() for path in paths[1:])
    found = [Leak(one, other, "bytes") for one, other in same if apart(splits, one, other)]
    looks = near(entries) if near else ()
    return found + [
        Leak(one, other, "looks")
        for one, other in looks
        if one.picture.sha256 != other.picture.sha256 and apart(splits, one, other)
    ]


def apart(splits: Splits, one: Entry, other: Entry) -> bool:
    """Are they in two splits? What is in none yet leaks nowhere."""
    names = {splits.where.get(one.path, ""), splits.where.get(other.path, "")}
    return len(names) == 2 and "" not in names


def used(shares: Mapping[str, float]) -> list[str]:
    """The splits that want pictures."""
    return [name for name, share in shares.items() if share > 0]


def sensible(shares: Mapping[str, float]) -> None:
    """UsageError unless the shares are shares of one whole."""
    told = ", ".join(f"{name} {share:g}" for name, share in shares.items())
    if not shares or any(not 0 <= share <= 1 for share in shares.values()) or not math.isclose(sum(shares.values()), 1):
        hint = "For example `--train 0.8 --val 0.1 --test 0.1`."
        raise UsageError(f"Shares are from 0 to 1 and together 1; received {told or 'none'}.", hint=hint)


def enough(parts: list[Unit], wanted: int) -> None:
    """UsageError when there is not one unit for every split."""
    count = sum(part.size for part in parts)
    if not parts:
        raise UsageError("There is no picture to split.", hint="Collect some with `imgtool scrape CLASS`.")
    if len(parts) < wanted:
        same = (
            f"The {count} pictures show {len(parts)} different things" if count > len(parts) else f"There are {count}"
        )
        hint = "Collect more with `imgtool scrape`, or ask for fewer splits: a share of 0 leaves one out."
        raise UsageError(f"{same}; {wanted} splits need at least {wanted}, for twins are never torn apart.", hint=hint)


def filled(splits: Splits, shares: Mapping[str, float], count: int) -> None:
    """UsageError when a split that was asked for has nothing."""
    present = set(splits.where.values())
    if empty := [name for name in used(shares) if name not in present]:
        message = f"Nothing is left for {' and '.join(empty)}: {count} distinct pictures are too few."
        hint = "Each class learns from its first one. Collect more with `imgtool scrape`, or give larger shares."
        raise UsageError(message, hint=hint)


def missing(
    splits: Splits, entries: Sequence[Entry], shares: Mapping[str, float], labels: Collection[str]
) -> list[str]:
    """Notes on classes without a picture, or without one in some split."""
    table = splits.counts(entries)
    present = {entry.label for entry in entries}
    absent = sorted(set(labels) - present)
    lacking = {name: sorted(present - set(table[name])) for name in used(shares)}
    notes = [f"{named(absent)}: no picture at all."] if absent else []
    return notes + [f"{named(few)}: too few distinct pictures for {name}." for name, few in lacking.items() if few]


def named(labels: list[str]) -> str:
    """A few labels, and how many more."""
    rest = len(labels) - NOTED
    return ", ".join(labels[:NOTED]) + (f" and {rest} more" if rest > 0 else "")
