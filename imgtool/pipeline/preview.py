"""`preview`: what augmentation makes of some training pictures, as one sheet, before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from curate.contact import sheet
from curate.darkroom.render import Source
from curate.darkroom.treatment import Treatment
from curate.presets import preset as known
from imgtool.dataset import Dataset
from imgtool.errors import UsageError
from imgtool.pipeline.export import known_classes
from imgtool.pipeline.opened import Watch, Where, opened, unwatched
from imgtool.pipeline.split import earlier
from imgtool.records import Entry

ROWS = 6  # pictures
VARIANTS = 7  # of each, beside itself
SIDE = 160  # px: eight columns fit a screen


@dataclass(frozen=True, slots=True)
class Sheet:
    """A contact sheet."""

    png: bytes
    paths: tuple[str, ...]  # of its rows, from the top
    preset: str
    seed: int

    def _repr_png_(self) -> bytes:
        return self.png


def preview(
    data: Where,
    preset: str = "light",
    *,
    seed: int = 0,
    no_flip: Collection[str] = (),
    rows: int = ROWS,
    watch: Watch = unwatched,
) -> Sheet:
    """Each row a picture and its first variants, exactly as `export` would make them with that seed."""
    known(preset)
    with opened(data, watch) as ready:
        known_classes(ready.dataset, no_flip)
        chosen = list(islice(in_turn(training(ready.dataset)), rows))
        if not chosen:
            raise UsageError("There is no picture to show.", hint="Collect some with `imgtool scrape CLASS`.")
        sources = [_source(ready.dataset.root, entry, no_flip) for entry in chosen]
        how = Treatment(size=SIDE, augment=preset, seed=seed)
        return Sheet(sheet(sources, how), tuple(entry.path for entry in chosen), preset, seed)


def training(dataset: Dataset) -> list[Entry]:
    """The pictures that would be augmented: those of the training split; all, before there is one."""
    entries = list(dataset.entries())
    where = earlier(dataset, entries)
    return [entry for entry in entries if where.get(entry.path) == "train"] if where else entries


def in_turn(entries: Sequence[Entry]) -> Iterator[Entry]:
    """One of each class, then the next of each."""
    by_class: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_class[entry.label].append(entry)
    return (entry for row in zip_longest(*by_class.values()) for entry in row if entry)


def _source(root: Path, entry: Entry, no_flip: Collection[str]) -> Source:
    data = (root / entry.path).read_bytes()
    return Source(data, entry.picture.sha256, tuple(range(VARIANTS + 1)), entry.label not in no_flip)
