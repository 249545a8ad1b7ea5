"""`info`: what is in a dataset, and where every picture came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from curate.balance import Balance, balance
from imgtool.dataset import Change, Dataset
from imgtool.errors import DatasetBusy
from imgtool.pipeline.look import look
from imgtool.pipeline.opened import Watch, Where, reached, unwatched
from imgtool.records import Entry, ImageRef

FOUND = "found in the folder"  # no engine brought it: a person did, or another tool
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one picture came from; empty words where nobody knows."""

    path: str
    label: str
    split: str
    sha256: str
    engine: str = FOUND
    licence: str = UNKNOWN
    creator: str = ""
    title: str = ""
    url: str = ""
    page_url: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What `info` knows."""

    root: Path
    balance: Balance  # each class with its sources and licences, and what it lacks
    states: Mapping[str, int]  # kept, waiting, removed, missing
    broken: int  # files in class folders that are no pictures
    formats: Mapping[str, int]
    licences: Mapping[str, int]
    engines: Mapping[str, int]
    sites: Mapping[str, int]
    splits: Mapping[str, int]
    skipped: Mapping[str, int]  # by Reason, over all scrapes
    history: tuple[Change, ...]  # the last one first
    origins: tuple[Origin, ...]  # of every picture, by path
    busy: str = ""  # who was writing, so that new files were not looked at
    kinds: Mapping[str, int] = field(default_factory=dict)  # of a set of crops: true, object, hard, background
    parents: int = 0  # pictures that they are parts of

    @property
    def pictures(self) -> int:
        """How many are in the set."""
        return len(self.origins)

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import told

        return told(self)


def info(data: Where, watch: Watch = unwatched) -> Told:
    """Counts by class, source, licence and state; where every picture came from. Waits for no writer."""
    with as_it_is(data, watch) as (dataset, busy):
        entries, names = list(dataset.entries()), dataset.splits()
        origins = tuple(_origins(entries, dataset.sources(), names))
        known = dataset.crops()
        cut = [known[entry.picture.sha256] for entry in entries if entry.picture.sha256 in known]
        return Told(
            dataset.root,
            _lasting(_balance(dataset, entries, origins)) if cut else _balance(dataset, entries, origins),
            dict(dataset.states()),
            sum(1 for _ in dataset.strangers()),
            _counted(entry.picture.format for entry in entries),
            _counted(origin.licence for origin in origins),
            _counted(origin.engine for origin in origins),
            _counted(_site(origin.url) for origin in origins if "://" in origin.url),
            _counted(origin.split or "in none" for origin in origins) if names else {},
            dict(sum((dataset.reasons(label) for label in dataset.classes()), Counter()).most_common()),
            tuple(dataset.history()),
            origins,
            busy,
            _counted(crop.kind for crop in cut),
            len({crop.parent for crop in cut}),
        )


@contextmanager
def as_it_is(data: Where, watch: Watch) -> Iterator[tuple[Dataset, str]]:
    """The dataset with new files looked at; as it was last seen, and by whom it is held, if somebody writes to it."""
    with reached(data) as dataset:
        busy = ""
        try:
            with dataset.writing():
                look(dataset, watch)
        except DatasetBusy as error:
            busy = str(error)
        yield dataset, busy


def _origins(entries: Sequence[Entry], sources: Mapping[str, ImageRef], splits: Mapping[str, str]) -> Iterator[Origin]:
    for entry in entries:
        sha256 = entry.picture.sha256
        ref = sources.get(sha256)
        here = (entry.path, entry.label, splits.get(sha256, ""), sha256)
        if ref is None:
            yield Origin(*here)
        else:
            rights = (ref.licence or UNKNOWN, ref.creator, ref.title)
            yield Origin(*here, ref.engine, *rights, ref.url, ref.page_url)


def _balance(dataset: Dataset, entries: Sequence[Entry], origins: Iterable[Origin]) -> Balance:
    origins = [origin for origin in origins if origin.engine != FOUND]
    return balance(
        entries,
        labels=dataset.classes(),
        sources=_by_class(origins, lambda origin: origin.engine),
        licences=_by_class(origins, lambda origin: origin.licence),
        out=str(dataset.root),
    )


def _lasting(told: Balance) -> Balance:
    """Without the advice to scrape: whole pictures are no company for crops."""
    return replace(told, advice=tuple(line for line in told.advice if "imgtool scrape" not in line))


def _by_class(origins: Iterable[Origin], what: Callable[[Origin], str]) -> dict[str, Counter[str]]:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for origin in origins:
        table[origin.label][what(origin)] += 1
    return table


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())


def _site(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]
