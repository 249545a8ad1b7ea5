"""Which pictures of a dataset show the same? The verb's whole work, as a function of values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from curate.hashing import SIDE
from curate.twins.candidates import VIEWS, Edges, Looks, candidates
from curate.twins.glance import Mask, Places
from curate.twins.groups import Stars, compared, disperse, gather, settle
from curate.twins.rank import ranked, why
from imgtool.records import Entry, Group, Twin

NEAR = 10  # bits of 64; docs/duplicates.md has the curve
TWO_CLASSES = "of two classes"


@dataclass(frozen=True, slots=True)
class Findings:
    """Pictures that show the same."""

    groups: tuple[Group, ...]  # each within one class; all but the keeper are superfluous
    conflicts: tuple[Group, ...]  # across classes: a person has to say which is right; none is superfluous

    @property
    def extra(self) -> int:
        """Pictures beyond the keepers."""
        return sum(len(group.twins) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Case:
    """The entries as they are compared: in order of rank, equal bytes of one class once."""

    entries: list[Entry]
    copies: dict[int, list[Entry]]  # place → others of the same bytes and class
    looks: Looks
    kinds: Places  # the classes, numbered
    fresh: Mask
    keep: str


def find(
    entries: Sequence[Entry],
    within: int = NEAR,
    keep: str = "best",
    *,
    mirrored: bool = False,
    fresh: Collection[str] | None = None,
) -> Findings:
    """Groups and conflicts among the entries; with `fresh` (paths), only those that a fresh one brings about."""
    case = prepared(ranked(entries, keep), keep, fresh)
    stars = Stars.none(len(case.entries))
    foreign = disperse(case.looks, case.kinds, stars, case.fresh)
    edges = Edges.joined([foreign, hinted(case, stars.free, within, mirrored)])
    inside = case.kinds[edges.seen] == case.kinds[edges.shown]
    gather(case.looks, edges[inside], stars)
    while len(leftover := settle(case.looks, stars)):
        gather(case.looks, among(case, leftover, within, mirrored), stars)
    return Findings(tuple(grouped(case, stars)), tuple(disputed(case, stars, edges[~inside])))


def near_pairs(
    entries: Sequence[Entry],
    within: int = NEAR,
    *,
    mirrored: bool = False,
    fresh: Collection[str] | None = None,
) -> Iterator[tuple[Entry, Entry]]:
    """Pairs that show the same, of one class or of two: enough of them that all such pictures hang together."""
    case = prepared(ranked(entries, "first"), "first", fresh)
    for place, copies in case.copies.items():
        yield from ((case.entries[place], copy) for copy in copies)
    stars = Stars.none(len(case.entries))
    disperse(case.looks, np.zeros_like(case.kinds), stars, case.fresh)
    for member in np.flatnonzero(~stars.free):
        yield case.entries[stars.keeper[member]], case.entries[member]
    edges = hinted(case, stars.free, within, mirrored)
    for one, other in same(case.looks, edges):
        yield case.entries[one], case.entries[other]


def prepared(entries: list[Entry], keep: str, fresh: Collection[str] | None) -> Case:
    """The entries, side by side."""
    first: dict[tuple[str, str], int] = {}
    once: list[Entry] = []
    copies: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        place = first.setdefault((entry.label, entry.picture.sha256), len(once))
        if place == len(once):
            once.append(entry)
        else:
            copies[place].append(entry)
    labels = {label: number for number, label in enumerate(sorted({entry.label for entry in once}))}
    kinds = np.array([labels[entry.label] for entry in once], np.int64)
    new = np.array([fresh is None or entry.path in fresh for entry in once], bool)
    return Case(once, copies, looks_of(once), kinds, new, keep)


def looks_of(entries: Sequence[Entry]) -> Looks:
    """Hashes and thumbnails as arrays."""
    thumbs = np.frombuffer(b"".join(entry.picture.thumb for entry in entries), np.uint8)
    phash, dhash = (
        np.array([getattr(entry.picture, name) for entry in entries], np.uint64) for name in ("phash", "dhash")
    )
    return Looks.of(phash, dhash, thumbs.reshape(-1, SIDE, SIDE))


def hinted(case: Case, which: Mask, within: int, mirrored: bool) -> Edges:
    """Candidates among some of the pictures."""
    places = np.flatnonzero(which)
    found = candidates(case.looks[places], within, mirrored=mirrored, fresh=case.fresh[places])
    return Edges(places[found.seen], places[found.shown], found.view, found.distance)


def among(case: Case, leftover: Places, within: int, mirrored: bool) -> Edges:
    """Candidates of one class among those whom their keeper's keeper did not want."""
    which = np.zeros(len(case.entries), bool)
    which[leftover] = True
    edges = hinted(case, which, within, mirrored)
    return edges[case.kinds[edges.seen] == case.kinds[edges.shown]]


def same(looks: Looks, edges: Edges) -> Iterator[tuple[int, int]]:
    """The edges whose pictures are the same."""
    found = edges[compared(looks, edges).same]
    yield from zip(found.low.tolist(), found.high.tolist(), strict=True)


def grouped(case: Case, stars: Stars) -> Iterator[Group]:
    """Keepers with their twins, in order of rank."""
    members: dict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(~stars.free).tolist():
        members[int(stars.keeper[place])].append(place)
    for keeper in sorted({*members, *(place for place in case.copies if stars.free[place])}):
        twins = [bytes_twin(copy) for copy in case.copies.get(keeper, ())]
        for member in members[keeper]:
            twin = looks_twin(case, stars, member)
            twins += [
                twin,
                *(Twin(copy, twin.distance, twin.likeness, twin.how) for copy in case.copies.get(member, ())),
            ]
        yield Group(case.entries[keeper], reason(case, keeper, twins), tuple(twins))


def bytes_twin(entry: Entry) -> Twin:
    """A copy."""
    return Twin(entry, 0, 1.0, "bytes")


def looks_twin(case: Case, stars: Stars, member: int) -> Twin:
    """A picture that looks like its keeper."""
    how = VIEWS[int(stars.view[member])].how
    return Twin(case.entries[member], int(stars.distance[member]), float(stars.likeness[member]), how)


def reason(case: Case, keeper: int, twins: list[Twin]) -> str:
    """Why the keeper stays, and not the best of the others."""
    return why(case.entries[keeper], ranked([twin.entry for twin in twins], case.keep)[0], case.keep)


def disputed(case: Case, stars: Stars, edges: Edges) -> Iterator[Group]:
    """Pictures of two classes that show the same, told by those that stay in each."""
    found = compared(case.looks, edges)
    told: dict[int, dict[int, Twin]] = defaultdict(dict)
    for edge in np.flatnonzero(found.same):
        low, high = sorted(stays(stars, int(place)) for place in (edges.seen[edge], edges.shown[edge]))
        one, other = case.entries[low], case.entries[high]
        how = "bytes" if one.picture.sha256 == other.picture.sha256 else VIEWS[int(edges.view[edge])].how
        likeness = float(found.mean[edge].clip(0, 1))
        told[low].setdefault(high, Twin(other, int(edges.distance[edge]), likeness, how))
    for low, twins in sorted(told.items()):
        yield Group(case.entries[low], TWO_CLASSES, tuple(twins[high] for high in sorted(twins)))


def stays(stars: Stars, place: int) -> int:
    """The picture that is kept for this one."""
    return place if stars.free[place] else int(stars.keeper[place])
