"""The verbs that make a set better: check, dedupe, undo, split; and info, which only tells. Library calls, each whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from curate.balance import Balance, balance
from curate.quality import NAMES, findings, known
from curate.split import SHARES, Leak, Splits, leaks
from curate.split import split as divide
from curate.twins import NEAR, Conflict, Found, near_pairs
from curate.twins import find as find_twins
from imgtool.dataset import Change, Dataset, Move, Remove
from imgtool.dataset.store import EXTENSIONS
from imgtool.pipeline.look import Looking, look
from imgtool.records import Entry, Finding, Group

BROKEN = "broken"  # the word of --remove for files that are no pictures
Watch = Callable[[Looking], None]
Changing = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """A file in a class folder that is no picture."""

    path: str
    label: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` saw, and what it did."""

    looked: int  # decoded now; the others were known
    counts: Mapping[str, int]  # class → pictures
    broken: tuple[Broken, ...]
    findings: tuple[Finding, ...]
    removed: Change | None = None
    renamed: Change | None = None

    @property
    def by_check(self) -> Counter[str]:
        """How many of each."""
        return Counter({BROKEN: len(self.broken)} | Counter(finding.check for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Deduped:
    """What `dedupe` found, and what it did."""

    pictures: int
    groups: tuple[Group, ...]
    conflicts: tuple[Conflict, ...]
    change: Change | None = None

    @property
    def extra(self) -> int:
        """Pictures beyond the keepers."""
        return sum(len(group.twins) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Divided:
    """What `split` did, and the proof."""

    splits: Splits
    counts: Mapping[str, Mapping[str, int]]  # split → class → pictures
    leaks: tuple[Leak, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What `info` knows."""

    balance: Balance
    states: Mapping[str, int]  # kept, waiting, removed, missing
    licences: Mapping[str, int]
    engines: Mapping[str, int]
    sites: Mapping[str, int]
    splits: Mapping[str, int]
    skipped: Mapping[str, int]
    history: tuple[Change, ...] = field(default_factory=tuple)


def check(
    path: str | Path,
    *,
    remove: Collection[str] = (),
    fix_names: bool = False,
    dry_run: bool = False,
    watch: Watch = lambda _: None,
) -> Checked:
    """Every picture looked at once; nothing is removed unless its check is named."""
    known([name for name in remove if name != BROKEN])
    with _opened(path) as dataset:
        looked = look(dataset, watch)
        entries = list(dataset.entries())
        broken = tuple(Broken(p, label, no.reason.value, no.detail) for p, label, no in dataset.strangers())
        found = tuple(findings(entries, dataset.addresses()))
        counts = dict(sorted(Counter(entry.label for entry in entries).items()))
        seen = Checked(looked.done, counts, broken, found)
        if dry_run:
            return seen
        removed = _change(dataset, "check", list(_unwanted(seen, remove)))
        renamed = _change(dataset, "check", [_renamed(e) for e in entries if _misnamed(e)]) if fix_names else None
        return Checked(looked.done, counts, broken, found, removed, renamed)


def dedupe(
    path: str | Path,
    *,
    within: int = NEAR,
    keep: str = "best",
    mirrored: bool = False,
    dry_run: bool = False,
    watch: Watch = lambda _: None,
) -> Deduped:
    """Exact and near duplicates out, the best of each group stays; across classes they are only shown."""
    with _opened(path) as dataset:
        look(dataset, watch)
        entries = list(dataset.entries())
        found = _twins(dataset, entries, within, keep, mirrored=mirrored)
        wishes = [Remove(t.entry.path, "duplicate", _why(group, t.how)) for group in found.groups for t in group.twins]
        change = None if dry_run else _change(dataset, "dedupe", wishes)
        return Deduped(len(entries), tuple(found.groups), tuple(found.conflicts), change)


def undo(path: str | Path, change: int = 0) -> Change:
    """The last change, or the one of that number, back: same bytes, same names."""
    with _opened(path) as dataset:
        return dataset.undo(change)


def history(path: str | Path) -> tuple[Change, ...]:
    """Every change, the last one first."""
    with Dataset.open(path) as dataset:
        return tuple(dataset.history())


def split(
    path: str | Path,
    *,
    shares: Mapping[str, float] = SHARES,
    seed: int = 0,
    afresh: bool = False,
    dry_run: bool = False,
    watch: Watch = lambda _: None,
) -> Divided:
    """Every picture's split, twins together; a picture stays where it is unless asked `afresh`."""
    with _opened(path) as dataset:
        look(dataset, watch)
        entries = list(dataset.entries())
        groups = together(dataset, entries)
        earlier = {} if afresh else dataset.splits()
        previous = {e.path: earlier[e.picture.sha256] for e in entries if e.picture.sha256 in earlier}
        splits = divide(entries, groups, shares, seed, previous=previous, labels=dataset.classes())
        proof = tuple(leaks(entries, splits, near_pairs))
        if not dry_run:
            dataset.save_splits({entry.picture.sha256: splits.where[entry.path] for entry in entries})
        return Divided(splits, splits.counts(entries), proof)


def together(dataset: Dataset, entries: list[Entry]) -> list[Group]:
    """Pictures that must share a split: twins within a class, and across classes."""
    found = _twins(dataset, entries, NEAR, "best", mirrored=True)
    return [*found.groups, *(conflict.group for conflict in found.conflicts)]


def info(path: str | Path) -> Told:
    """Counts by class, source, licence and state."""
    with Dataset.open(path) as dataset:
        entries, sources = list(dataset.entries()), dataset.sources()
        refs = {entry.path: sources.get(entry.picture.sha256) for entry in entries}
        names = dataset.splits()
        return Told(
            balance(entries, labels=dataset.classes(), out=str(path)),
            dict(dataset.states()),
            _counted((ref.licence or "unknown") if ref else "not scraped" for ref in refs.values()),
            _counted(ref.engine if ref else "found in the folder" for ref in refs.values()),
            _counted(_site(ref.url) for ref in refs.values() if ref),
            _counted(names.get(entry.picture.sha256, "in none") for entry in entries) if names else {},
            dict(sum((dataset.reasons(label) for label in dataset.classes()), Counter())),
            tuple(dataset.history()),
        )


@contextmanager
def _opened(path: str | Path) -> Iterator[Dataset]:
    with Dataset.open(path) as dataset, dataset.writing():
        yield dataset


def _change(dataset: Dataset, verb: str, wishes: list[Remove | Move]) -> Change | None:
    return dataset.change(verb, wishes) if wishes else None


def _unwanted(seen: Checked, remove: Collection[str]) -> Iterator[Remove | Move]:
    if BROKEN in remove:
        yield from (Remove(file.path, file.reason, file.detail) for file in seen.broken)
    told: set[str] = set()
    for finding in seen.findings:
        if finding.check in remove and finding.path not in told:
            told.add(finding.path)
            yield Remove(finding.path, finding.check, finding.detail)


def _misnamed(entry: Entry) -> bool:
    suffix = PurePosixPath(entry.path).suffix.lower().lstrip(".")
    same = {"jpeg": "jpg", "tiff": "tif"}
    return same.get(suffix, suffix) != EXTENSIONS[entry.picture.format]


def _renamed(entry: Entry) -> Remove | Move:
    target = PurePosixPath(entry.path).with_suffix(f".{EXTENSIONS[entry.picture.format]}")
    return Move(entry.path, str(target), entry.label, "misnamed", f"it is {entry.picture.format.upper()}")


def _why(group: Group, how: str) -> str:
    return f"{how}; {group.keeper.path} stays: {group.why}"


def _twins(dataset: Dataset, entries: list[Entry], within: int, keep: str, *, mirrored: bool) -> Found:
    return find_twins(entries, within=within, keep=keep, mirrored=mirrored)


def _counted(words: Iterator[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())


def _site(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]
