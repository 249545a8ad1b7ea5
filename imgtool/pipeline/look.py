"""Every picture of a dataset looked at once: what is new in its folders is decoded, and written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from curate.examiners import examine_all
from imgtool.dataset import Dataset
from imgtool.records import Picture, Refusal

BATCH = 256  # files in one transaction


@dataclass(frozen=True, slots=True)
class Looking:
    """So far: files looked at, of so many that are new."""

    done: int
    total: int


Watch = Callable[[Looking], None]


def look(dataset: Dataset, watch: Watch = lambda _: None, workers: int = 0) -> Looking:
    """Decode what nobody has decoded yet. A second look costs nothing."""
    new = [(label, path) for label in dataset.classes() for path in dataset.unexamined(label)]
    done = 0
    seen = _seen(dataset, new, workers)
    while batch := list(islice(seen, BATCH)):
        for label in {label for label, _, _ in batch}:
            dataset.adopt(label, [(path, verdict) for owner, path, verdict in batch if owner == label])
        done += len(batch)
        watch(Looking(done, len(new)))
    return Looking(done, len(new))


def _seen(dataset: Dataset, new: list[tuple[str, str]], workers: int) -> Iterator[tuple[str, str, Picture | Refusal]]:
    labels = {str(dataset.root / path): (label, path) for label, path in new}
    for place, verdict in examine_all(labels, workers):
        yield (*labels[place], verdict)
