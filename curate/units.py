"""What must not be torn apart: pictures of one duplicate group, or of the same bytes, as one unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from imgtool.records import Entry, Group


@dataclass(frozen=True, slots=True)
class Unit:
    """Entries that go together, and the place of the whole in a seeded order."""

    entries: tuple[Entry, ...]
    labels: Mapping[str, int]  # how many of each class; two-class units are conflicts not yet resolved
    since: str  # when its first picture came
    turn: float  # 0 to 1, from the seed and the first picture's bytes: its place among those of one moment
    draw: float  # likewise: what it draws

    @property
    def size(self) -> int:
        """How many pictures."""
        return len(self.entries)


def units(entries: Sequence[Entry], groups: Iterable[Group], seed: int) -> list[Unit]:
    """The entries as units, in the order of their first pictures' arrival; those of one moment by the seed."""
    known = {entry.path: entry for entry in entries}
    joined = Joined(known)
    for group in groups:
        members = [e.path for e in (group.keeper, *(twin.entry for twin in group.twins)) if e.path in known]
        joined.join(members)
    for paths in by_bytes(entries).values():
        joined.join(paths)
    made = (unit([known[path] for path in paths], seed) for paths in joined.sets())
    return sorted(made, key=lambda unit: (unit.since, unit.turn, unit.entries[0].path))


def unit(members: list[Entry], seed: int) -> Unit:
    """The unit of these entries. Its first picture names it, so that a later twin changes nothing."""
    members.sort(key=lambda entry: (entry.at, entry.picture.sha256, entry.path))
    first = members[0]
    labels = Counter(entry.label for entry in members)
    turn, drawn = (chance(f"{seed}:{first.picture.sha256}:{what}") for what in ("turn", "draw"))
    return Unit(tuple(members), labels, first.at, turn, drawn)


def chance(text: str) -> float:
    """A number from 0 to 1 that follows from the text, equal on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") / 2**64


def by_bytes(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """Paths by the sha256 of what lies there."""
    same: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        same[entry.picture.sha256].append(entry.path)
    return same


class Joined:
    """Paths in sets that only grow together (union-find)."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._above = {path: path for path in paths}

    def join(self, paths: Sequence[str]) -> None:
        """All of these are one set from now on."""
        for path in paths[1:]:
            self._above[self._top(path)] = self._top(paths[0])

    def sets(self) -> list[list[str]]:
        """The sets."""
        found: dict[str, list[str]] = defaultdict(list)
        for path in self._above:
            found[self._top(path)].append(path)
        return list(found.values())

    def _top(self, path: str) -> str:
        while (above := self._above[path]) != path:
            self._above[path] = self._above[above]
            path = above
        return path
