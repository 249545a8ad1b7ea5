"""`check`: every picture looked at once; broken, blank, blurred and odd ones told, most suspicious first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from curate.oddities import SUFFIXES
from curate.quality import NAMES, findings, known
from imgtool.dataset import Change, Dataset, Move, Noticed, Remove
from imgtool.dataset.store import EXTENSIONS
from imgtool.pipeline.opened import Watch, Where, opened, overlooked, unwatched
from imgtool.records import Entry, Finding

BROKEN = "broken"  # among the checks, the files that are no pictures
MISNAMED = "misnamed"
CHECKS = (BROKEN, *NAMES)
IMAGE_SUFFIXES = frozenset(suffix for known in SUFFIXES.values() for suffix in known)


@dataclass(frozen=True, slots=True)
class Broken:
    """A file in a class folder that is no picture, or none we take."""

    path: str
    label: str
    reason: str  # the value of a Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` saw, and what it did."""

    root: Path
    looked: int  # decoded now; the others were known
    counts: Mapping[str, int]  # class → pictures
    broken: tuple[Broken, ...]
    findings: tuple[Finding, ...]  # the most suspicious first
    unread: tuple[str, ...]  # files that nobody could look at: not readable, or changing
    overlooked: tuple[tuple[str, str], ...]  # folders that were not looked into, and why
    noticed: Noticed
    wishes: tuple[Remove | Move, ...] = ()  # what was asked for, done or (a dry run) not
    change: Change | None = None

    @property
    def by_check(self) -> dict[str, int]:
        """How many of each check, in the order of the checks."""
        counts = Counter(finding.check for finding in self.findings) | Counter({BROKEN: len(self.broken)})
        return {name: counts[name] for name in CHECKS if counts[name]}

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import checked

        return checked(self)


def check(
    data: Where,
    *,
    remove: Collection[str] = (),
    fix_names: bool = False,
    dry_run: bool = False,
    watch: Watch = unwatched,
) -> Checked:
    """Every picture looked at once; nothing is removed unless its check is named, or renamed unless asked."""
    known([name for name in remove if name != BROKEN])
    with opened(data, watch) as ready:
        dataset = ready.dataset
        entries = list(dataset.entries())
        broken = tuple(_broken(dataset))
        found = tuple(findings(entries, dataset.addresses()))
        wishes = [*_removals(broken, found, remove)]
        if fix_names:
            wishes += _renamings(entries, found, {wish.path for wish in wishes})
        change = dataset.change("check", wishes) if wishes and not dry_run else None
        return Checked(
            dataset.root,
            ready.looked,
            _counts(dataset, entries),
            broken,
            found,
            ready.unread,
            overlooked(dataset.root),
            ready.noticed,
            tuple(wishes),
            change,
        )


def _broken(dataset: Dataset) -> Iterator[Broken]:
    for path, label, refusal in dataset.strangers():
        yield Broken(path, label, refusal.reason.value, refusal.detail)


def _counts(dataset: Dataset, entries: Sequence[Entry]) -> dict[str, int]:
    counts = Counter(entry.label for entry in entries)
    return {label: counts[label] for label in dataset.classes()}


def _removals(broken: Sequence[Broken], found: Sequence[Finding], remove: Collection[str]) -> Iterator[Remove | Move]:
    """Each picture once, for the gravest of its reasons."""
    if BROKEN in remove:
        yield from (Remove(file.path, file.reason, file.detail) for file in broken)
    unwanted = {finding.path: finding for finding in reversed(found) if finding.check in remove}
    yield from (Remove(finding.path, finding.check, finding.detail) for finding in unwanted.values())


def _renamings(entries: Sequence[Entry], found: Sequence[Finding], gone: Collection[str]) -> Iterator[Remove | Move]:
    wrong = {finding.path for finding in found if finding.check == MISNAMED} - set(gone)
    for entry in entries:
        if entry.path in wrong:
            detail = f"it is {entry.picture.format.upper()}"
            yield Move(entry.path, _right(entry), entry.label, MISNAMED, detail)


def _right(entry: Entry) -> str:
    """The path with the suffix of its format in place of another format's; what is no suffix stays."""
    path, suffix = PurePosixPath(entry.path), f".{EXTENSIONS[entry.picture.format]}"
    wrong = path.suffix.lower() in IMAGE_SUFFIXES
    return str(path.with_suffix(suffix) if wrong else path.with_name(path.name + suffix))
