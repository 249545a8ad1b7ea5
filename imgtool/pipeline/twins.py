"""Pictures of a dataset that show the same; what was compared before is not compared again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curate.twins import NEAR, Findings
from curate.twins.again import Pair, find_new, pairs
from imgtool.dataset import Dataset
from imgtool.dataset.compared import Compared, Conflict, Key
from imgtool.records import Entry, Twin
from imgtool.version import __version__


@dataclass(frozen=True, slots=True)
class Way:
    """What counts as the same picture."""

    within: int = NEAR
    mirrored: bool = False

    @property
    def name(self) -> str:
        """As it is remembered; another imgtool may see more, and compares all again."""
        return f"{__version__} within {self.within}{' mirrored' * self.mirrored}"


def twins(dataset: Dataset, entries: Sequence[Entry], way: Way = Way(), keep: str = "best") -> Findings:
    """Groups and conflicts among the dataset's entries, as if all were compared."""
    known = dataset.compared(way.name)
    before = list(_open(known, entries))
    fresh = new(known, entries)
    return find_new(entries, way.within, keep, mirrored=way.mirrored, fresh=fresh, before=before)


def remember(dataset: Dataset, entries: Sequence[Entry], found: Findings, way: Way) -> None:
    """Write down that all who stay have been compared; a twin that comes back will be looked at again."""
    known, leave = dataset.compared(way.name), {twin.entry.path for group in found.groups for twin in group.twins}
    now = Compared(frozenset(key(entry) for entry in entries if entry.path not in leave), _conflicts(found))
    if now != known:
        dataset.save_compared(way.name, now)


def new(known: Compared, entries: Sequence[Entry]) -> set[str]:
    """Paths of what was not compared before, and of all that is in its class several times."""
    count = Counter(map(key, entries))
    return {entry.path for entry in entries if key(entry) not in known.keys or count[key(entry)] > 1}


def key(entry: Entry) -> Key:
    """What a picture is remembered by."""
    return entry.picture.sha256, entry.label


def _open(known: Compared, entries: Sequence[Entry]) -> Iterator[Pair]:
    """The earlier conflicts whose pictures are both still in their classes."""
    there = {key(entry): entry for entry in reversed(entries)}
    for each in known.conflicts:
        if each.one in there and each.other in there:
            yield there[each.one], Twin(there[each.other], each.distance, each.likeness, each.how)


def _conflicts(found: Findings) -> tuple[Conflict, ...]:
    told = pairs(found.conflicts)
    return tuple(Conflict(key(one), key(twin.entry), twin.distance, twin.likeness, twin.how) for one, twin in told)
