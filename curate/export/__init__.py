"""A dataset's pictures in the forms that people load: one module a format.

    exported = export(entries, splits.where, dataset.root, target, ExportOptions("tree"), sources, Facts("bears"))

options, plan     what is asked for, and every picture of it in order
studio            the pool of workers (`curate.darkroom`) that make the pictures
place             a folder that appears whole or not at all
card, attribution, lockfile   what lies beside the pictures in every format
reading           an npz read back without trust
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from curate.export import attribution, card, croissant, hf, lockfile, npz, parquet, tfrecord, tree, webdataset
from curate.export.options import Exported, ExportOptions, Facts, chosen, sensible
from curate.export.place import building
from curate.export.plan import Brief, planned
from curate.export.studio import Studio
from imgtool.errors import ImgtoolError
from imgtool.records import Entry, ImageRef, Refusal

__all__ = ["FORMATS", "ExportOptions", "Exported", "Facts", "export"]

Write: TypeAlias = Callable[[Path, Brief, Studio], None]

FORMATS: Mapping[str, Write] = MappingProxyType(
    {
        "npz": npz.write,
        "tree": tree.write,
        "hf": hf.write,
        "webdataset": webdataset.write,
        "parquet": parquet.write,
        "tfrecord": tfrecord.write,
        "croissant": croissant.write,
    }
)


class Unreadable(ImgtoolError):
    """Pictures turned out to be unreadable; the export is made again without them."""

    def __init__(self, lost: Mapping[str, Refusal]) -> None:
        super().__init__(f"{len(lost)} pictures cannot be read.", hint="See `imgtool check`.")
        self.lost = lost


def export(
    entries: Iterable[Entry],
    splits: Mapping[str, str],
    root: Path,
    target: Path,
    options: ExportOptions,
    sources: Mapping[str, ImageRef],
    facts: Facts,
) -> Exported:
    """The entries that `splits` (path → split) names, as `target`: whole and flushed, or not there at all.

    The same arguments give the same bytes, on any number of workers. A picture that cannot be read, or whose file is
    not the one that was looked at, is left out and told of in `lost`.
    """
    chosen("to", options.to, tuple(FORMATS))
    sensible(options)
    known = list(entries)
    lost: dict[str, Refusal] = {}
    while True:
        plan = planned((entry for entry in known if entry.path not in lost), splits, options)
        try:
            digest = attempt(Brief(plan, options, sources, facts), root, target)
        except Unreadable as error:
            lost |= error.lost  # all of them: the next attempt is the last, unless the disk fails meanwhile
        else:
            return Exported(target, plan.counts(), digest, lost)


def attempt(brief: Brief, root: Path, target: Path) -> str:
    """The export's digest; Unreadable, and nothing left behind, when some picture could not be had."""
    options = brief.options
    with building(target, replace=options.replace) as folder:
        studio = Studio(root, options)
        FORMATS[options.to](folder, brief, studio)
        if studio.lost:
            raise Unreadable(studio.lost)
        attribution.write(folder, brief)
        card.write(folder, brief)
        return lockfile.write(folder, brief)
