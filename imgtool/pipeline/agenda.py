"""What is left to look at: suspicions, less what is gone and what a person has decided to keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from imgtool.records import Entry, Finding, Group

Settled = AbstractSet[tuple[str, str]]  # sha256 and class of what a person decided to keep


@dataclass(frozen=True, slots=True)
class Suspicions:
    """What was found when the dataset was last looked at."""

    groups: Sequence[Group] = ()  # within a class
    conflicts: Sequence[Group] = ()  # across classes
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Mate:
    """A member of a group that is still there."""

    path: str
    label: str
    sha256: str
    how: str  # "" for the one that stays
    likeness: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group as it stands: the first stays unless a person says otherwise."""

    why: str
    mates: tuple[Mate, ...]
    open: bool  # is one of the others undecided?


@dataclass(frozen=True, slots=True)
class Suspect:
    """A picture with its findings, the gravest first."""

    path: str
    label: str
    findings: tuple[Finding, ...]

    @property
    def score(self) -> float:
        """How suspicious it is."""
        return self.findings[0].score


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is left, and of what kinds."""

    groups: tuple[Cluster, ...]
    conflicts: tuple[Cluster, ...]
    suspects: tuple[Suspect, ...]
    settled: Settled = frozenset()
    taught: int = 0  # pictures that ask to be let in

    @property
    def left(self) -> dict[str, int]:
        """How much of each kind is left."""
        found = {"groups": len(self.groups), "conflicts": len(self.conflicts), "findings": len(self.suspects)}
        return found | {"taught": self.taught}

    def about(self, check: str) -> tuple[Suspect, ...]:
        """The suspects of one check; of all for ""."""
        if not check:
            return self.suspects
        return tuple(each for each in self.suspects if any(finding.check == check for finding in each.findings))

    @property
    def checks(self) -> dict[str, int]:
        """How many suspects each check has."""
        counts: dict[str, int] = defaultdict(int)
        for suspect in self.suspects:
            for check in {finding.check for finding in suspect.findings}:
                counts[check] += 1
        return dict(sorted(counts.items()))


def agenda(found: Suspicions, here: Mapping[str, str], settled: Settled, taught: int = 0) -> Agenda:
    """What is left of the suspicions; `here` is the sha256 of every path in the set."""
    groups = (cluster(group, here, settled) for group in found.groups)
    conflicts = (cluster(group, here, settled) for group in found.conflicts)
    return Agenda(
        tuple(each for each in groups if each.open),
        tuple(each for each in conflicts if each.open and len({mate.label for mate in each.mates}) > 1),
        tuple(suspects(found.findings, here, settled)),
        settled,
        taught,
    )


def cluster(group: Group, here: Mapping[str, str], settled: Settled) -> Cluster:
    """The group without those that are gone."""
    mates = tuple(mate for mate in _mates(group) if here.get(mate.path) == mate.sha256)
    undecided = [mate for mate in mates[1:] if (mate.sha256, mate.label) not in settled]
    keeper_there = bool(mates) and mates[0].path == group.keeper.path
    return Cluster(group.why if keeper_there else "the one before it was taken out", mates, bool(undecided))


def suspects(findings: Iterable[Finding], here: Mapping[str, str], settled: Settled) -> list[Suspect]:
    """The pictures still there that nobody decided to keep, the most suspicious first."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        if each.path in here and (here[each.path], each.label) not in settled:
            found[each.path].append(each)
    ordered = (sorted(each, key=lambda one: -one.score) for each in found.values())
    known = (Suspect(each[0].path, each[0].label, tuple(each)) for each in ordered)
    return sorted(known, key=lambda suspect: (-suspect.score, suspect.path))


def _mates(group: Group) -> Iterator[Mate]:
    yield _mate(group.keeper, "", 1.0)
    for twin in group.twins:
        yield _mate(twin.entry, twin.how, twin.likeness)


def _mate(entry: Entry, how: str, likeness: float) -> Mate:
    return Mate(entry.path, entry.label, entry.picture.sha256, how, likeness)
