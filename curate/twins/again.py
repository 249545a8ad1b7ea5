"""What is found when only some of the pictures are new: what was found before is told with it, not looked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeAlias

from curate.twins.find import TWO_CLASSES, Findings, find
from curate.twins.rank import ranked
from imgtool.records import Entry, Group, Twin

Pair: TypeAlias = tuple[Entry, Twin]  # of two classes


def find_new(
    entries: Sequence[Entry],
    within: int,
    keep: str,
    *,
    mirrored: bool,
    fresh: Collection[str],
    before: Sequence[Pair],
) -> Findings:
    """As `find` among all entries, where those that are not fresh were compared before and had these conflicts."""
    found = find(entries, within, keep, mirrored=mirrored, fresh=fresh) if fresh else Findings((), ())
    order = {entry.path: place for place, entry in enumerate(ranked(entries, keep))}
    return Findings(found.groups, tuple(_told(found, before, order))) if before else found


def pairs(conflicts: Sequence[Group]) -> Iterator[Pair]:
    """Each pair of the conflicts by itself."""
    yield from ((group.keeper, twin) for group in conflicts for twin in group.twins)


def _told(found: Findings, before: Sequence[Pair], order: dict[str, int]) -> Iterator[Group]:
    """All conflicts, told by those that stay in each class, in order of rank."""
    stays = {twin.entry.path: group.keeper for group in found.groups for twin in group.twins}
    told: dict[int, dict[int, Twin]] = defaultdict(dict)
    known: dict[int, Entry] = {}
    for one, twin in chain(pairs(found.conflicts), before):
        both = (stays.get(entry.path, entry) for entry in (one, twin.entry))
        low, high = sorted(both, key=lambda entry: order[entry.path])
        known[order[low.path]] = low
        told[order[low.path]].setdefault(order[high.path], replace(twin, entry=high))
    for place, twins in sorted(told.items()):
        yield Group(known[place], TWO_CLASSES, tuple(twins[high] for high in sorted(twins)))
