"""`split`: training, validation and test by duplicate group, with the proof that nothing leaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curate.split import SHARES, Leak, Splits, apart, leaks
from curate.split import split as divide
from imgtool.dataset import Dataset, Noticed
from imgtool.errors import UsageError
from imgtool.pipeline.families import pairs, siblings, together
from imgtool.pipeline.opened import Watch, Where, opened, unwatched
from imgtool.records import Entry

PARENT = "parent"  # how two crops show the same: they are of one picture


@dataclass(frozen=True, slots=True)
class Divided:
    """What `split` did, and the proof."""

    root: Path
    splits: Splits
    counts: Mapping[str, Mapping[str, int]]  # split → class → pictures
    compared: int  # pictures whose hashes were compared across splits
    leaks: tuple[Leak, ...]
    noticed: Noticed
    new: int  # pictures that were in no split before

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import divided

        return divided(self)


def split(
    data: Where,
    *,
    shares: Mapping[str, float] = SHARES,
    seed: int = 0,
    afresh: bool = False,
    dry_run: bool = False,
    watch: Watch = unwatched,
) -> Divided:
    """Every picture's split, twins together; a picture stays where it is unless asked `afresh`."""
    with opened(data, watch) as ready:
        dataset = ready.dataset
        entries = list(dataset.entries())
        previous = {} if afresh else earlier(dataset, entries)
        near, kin = list(pairs(entries)), siblings(dataset, entries)
        groups = together([*near, *kin])
        splits = divide(entries, groups, shares, seed, previous=previous, labels=dataset.classes())
        if not dry_run:
            dataset.save_splits({entry.picture.sha256: splits.where[entry.path] for entry in entries})
        proof = (
            *leaks(entries, splits, lambda _: near),
            *(Leak(one, other, PARENT) for one, other in kin if apart(splits, one, other)),
        )
        counts, new = splits.counts(entries), len(entries) - len(previous)
        return Divided(dataset.root, splits, counts, len(entries), proof, ready.noticed, new)


def earlier(dataset: Dataset, entries: Sequence[Entry]) -> dict[str, str]:
    """Path → split, of the pictures that have one."""
    names = dataset.splits()
    return {entry.path: names[entry.picture.sha256] for entry in entries if entry.picture.sha256 in names}


def shared(named: Mapping[str, float | None]) -> dict[str, float]:
    """Shares of which some are named: the others divide what is left as they usually would."""
    given = {name: share for name, share in named.items() if share is not None}
    rest = 1.0 - sum(given.values())
    if rest < -1e-9:
        told = ", ".join(f"{name} {share:g}" for name, share in given.items())
        raise UsageError(f"Shares are together 1; received {told}.", hint="For example `--train 0.8 --val 0.1`.")
    usual = {name: share for name, share in SHARES.items() if name not in given}
    scale = max(rest, 0.0) / (sum(usual.values()) or 1.0)
    return {name: round(given.get(name, SHARES[name] * scale), 12) for name in SHARES}
