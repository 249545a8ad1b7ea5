"""`dedupe`: exact and near duplicates out, the best of each group stays; across classes they are only shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from curate.twins import NEAR
from imgtool.dataset import Change, Noticed, Remove
from imgtool.pipeline.opened import Watch, Where, opened, unwatched
from imgtool.pipeline.twins import Way, remember, twins
from imgtool.records import Group

DUPLICATE = "duplicate"  # why a twin left


@dataclass(frozen=True, slots=True)
class Deduped:
    """What `dedupe` found, and what it did."""

    root: Path
    pictures: int  # before
    looked: int  # decoded now; the others were known
    groups: tuple[Group, ...]  # within a class; all but the keeper leave
    conflicts: tuple[Group, ...]  # across classes; a person has to say which class is right
    noticed: Noticed
    change: Change | None = None  # None when nothing was to be done, or in a dry run

    @property
    def extra(self) -> int:
        """Pictures beyond the keepers."""
        return sum(len(group.twins) for group in self.groups)

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import deduped

        return deduped(self)


def dedupe(
    data: Where,
    *,
    within: int | None = None,
    keep: str = "best",
    mirrored: bool = False,
    dry_run: bool = False,
    watch: Watch = unwatched,
) -> Deduped:
    """Exact and near duplicates out of each class. What is of two classes is told, and stays in both.

    What an earlier one compared in the same way is not compared again.
    """
    way = Way(NEAR if within is None else within, mirrored)
    with opened(data, watch) as ready:
        dataset = ready.dataset
        entries = list(dataset.entries())
        found = twins(dataset, entries, way, keep)
        wishes = list(_wishes(found.groups))
        change = dataset.change("dedupe", wishes) if wishes and not dry_run else None
        if not dry_run:
            remember(dataset, entries, found, way)
        groups, conflicts = tuple(found.groups), tuple(found.conflicts)
        return Deduped(dataset.root, len(entries), ready.looked, groups, conflicts, ready.noticed, change)


def _wishes(groups: Sequence[Group]) -> Iterator[Remove]:
    for group in groups:
        for twin in group.twins:
            yield Remove(twin.entry.path, DUPLICATE, f"{twin.how}; {group.keeper.path} stays: {group.why}")
