"""Every picture of a dataset looked at once: what is new in its folders is decoded, and written down."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from curate.examiners import examine_all
from imgtool.dataset import Dataset
from imgtool.records import Picture, Refusal

BATCH = 256  # files in one transaction


@dataclass(frozen=True, slots=True)
class Looking:
    """So far: files looked at, of so many that are new. At the end, those that nobody could look at are missing."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What one file is."""

    label: str
    path: str
    file: Path
    stamp: Stamp | None  # of the file when it was asked for; None = nobody may read it
    verdict: Picture | Refusal


Stamp: TypeAlias = tuple[int, int]  # size and time of a file
Watch: TypeAlias = Callable[[Looking], None]


def look(dataset: Dataset, watch: Watch = lambda _: None, workers: int = 0) -> Looking:
    """Decode what nobody has decoded yet. A second look costs nothing."""
    new = [(label, path) for label in dataset.classes() for path in dataset.unexamined(label)]
    batch: list[Seen] = []
    written = 0
    for done, seen in enumerate(_seen(dataset.root, new, workers), 1):
        batch.append(seen)
        if len(batch) == BATCH:
            written += _write(dataset, batch)
            batch = []
        watch(Looking(done, len(new)))
    return Looking(written + _write(dataset, batch), len(new))


def _write(dataset: Dataset, batch: Sequence[Seen]) -> int:
    """Write down what was seen, of files that are still the same; the others are looked at the next time."""
    same = [seen for seen in batch if seen.stamp and _stamp(seen.file) == seen.stamp]
    for label in dict.fromkeys(seen.label for seen in same):
        dataset.adopt(label, [(seen.path, seen.verdict) for seen in same if seen.label == label])
    return len(same)


def _seen(root: Path, new: Sequence[tuple[str, str]], workers: int) -> Iterator[Seen]:
    owners = {str(root / path): (label, path) for label, path in new}
    stamps: dict[str, Stamp | None] = {}

    def asked() -> Iterator[str]:
        for place in owners:
            stamps[place] = _stamp(Path(place))
            yield place

    for place, verdict in examine_all(asked(), workers):
        yield Seen(*owners[place], Path(place), stamps.pop(place), verdict)


def _stamp(file: Path) -> Stamp | None:
    try:
        stat = os.stat(file, follow_symlinks=False)
    except OSError:
        return None
    return (stat.st_size, stat.st_mtime_ns) if os.access(file, os.R_OK) else None
