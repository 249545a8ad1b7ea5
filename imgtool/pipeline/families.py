"""What must share a split: pictures that show the same, and crops of one picture or of two that show the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from curate.twins import near_pairs
from curate.units import Joined
from imgtool.dataset import Dataset
from imgtool.records import Entry, Group, Twin


def related(dataset: Dataset, entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Pairs that hang together, enough of them that all do who should."""
    return [*pairs(entries), *siblings(dataset, entries)]


def together(near: Iterable[tuple[Entry, Entry]]) -> list[Group]:
    """What must share a split: every near pair, of one class or of two, and so all that hang together by pairs.

    Not the groups of `dedupe`: they are checked against the keeper, and a twin's twin may be in none of them.
    """
    return [Group(one, "", (Twin(other, 0, 1.0, "looks"),)) for one, other in near]


def pairs(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Near pairs, mirrored ones too: a model that learnt from flipped copies has seen them."""
    return near_pairs(entries, mirrored=True) if entries else iter(())


def siblings(dataset: Dataset, entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Crops of one family, each with the next: of one parent, or of parents that show the same."""
    crops = dataset.crops()
    if not crops:
        return []
    family = families(dataset.parents())
    members: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        crop = crops.get(entry.picture.sha256)
        if crop and crop.parent in family:
            members[family[crop.parent]].append(entry)
    return [pair for each in members.values() for pair in pairwise(each)]


def families(parents: Sequence[Entry]) -> dict[str, int]:
    """The number of each parent's family, by the parent's bytes."""
    joined = Joined([parent.picture.sha256 for parent in parents])
    for one, other in pairs(parents):
        joined.join([one.picture.sha256, other.picture.sha256])
    return {sha256: number for number, members in enumerate(joined.sets()) for sha256 in members}
