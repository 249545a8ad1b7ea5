"""A dataset made ready for a verb: its folder makes sense, nobody else writes to it, what is new has been seen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from imgtool.dataset import Dataset, Noticed
from imgtool.dataset.store import EXTENSIONS, HIDDEN, class_folders, litter
from imgtool.errors import UsageError
from imgtool.pipeline.look import Looking, look

Watch: TypeAlias = Callable[[Looking], None]
Where: TypeAlias = str | Path | Dataset  # a dataset, or the folder of one
NAMED = 3  # folders named in one message
PICTURES = frozenset(f".{suffix}" for suffix in (*EXTENSIONS.values(), "jpeg", "tiff", "heif"))
LINK, DEEPER = "a link, not followed", "a folder inside a class, not looked into"


@dataclass(frozen=True, slots=True)
class Ready:
    """A dataset that is held for writing."""

    dataset: Dataset
    noticed: Noticed  # what hands, or a kill, had left
    looked: int = 0  # files decoded now
    unread: tuple[str, ...] = ()  # those that could not be: not readable, or changing at that moment


def unwatched(_: Looking) -> None:
    """Nobody looks on."""


@contextmanager
def opened(where: Where, watch: Watch = unwatched) -> Iterator[Ready]:
    """The dataset, held for writing, every picture in it known. UsageError when the folder is laid out otherwise."""
    with reached(where) as dataset, dataset.writing() as noticed:
        seen = look(dataset, watch)
        left = unexamined(dataset) if seen.done < seen.total else []
        yield Ready(dataset, noticed, seen.done, tuple(left))


@contextmanager
def held(where: Where) -> Iterator[Ready]:
    """The dataset, held for writing, as it was last seen."""
    with reached(where) as dataset, dataset.writing() as noticed:
        yield Ready(dataset, noticed)


@contextmanager
def reached(where: Where) -> Iterator[Dataset]:
    """The dataset; one that is open already stays so."""
    if isinstance(where, Dataset):
        yield where
        return
    sensible(Path(where))
    with Dataset.open(where) as dataset:
        yield dataset


def unexamined(dataset: Dataset) -> list[str]:
    """Files that nobody has looked at."""
    return [path for label in dataset.classes() for path in dataset.unexamined(label)]


def sensible(root: Path) -> None:
    """UsageError unless pictures lie in class folders; a folder of something else is left without a mark."""
    if not root.is_dir() or (root / HIDDEN / "catalog.sqlite").exists():
        return
    classes = class_folders(root)
    if any(_has_file(root / name) for name in classes):
        return
    if below := [f"{name}/{inner}" for name in classes for inner in class_folders(root / name)]:
        first = below[0].partition("/")[0]
        message = f"The classes of {root} lie one folder deeper: {_few(below)}. A dataset is a folder of class folders."
        raise UsageError(message, hint=f"Take one of them at a time: {root / first}.")
    if _has_picture(root):
        message = f"The pictures of {root} lie in it directly. A dataset has a folder for each class."
        raise UsageError(message, hint=f"Put them in {root}/NAME/, NAME being what they show.")
    if not classes:
        hint = f"Collect one with `imgtool scrape CLASS --out {root}`."
        raise UsageError(f"There is no class folder in {root}.", hint=hint)


def overlooked(root: Path) -> tuple[tuple[str, str], ...]:
    """What could be taken for a part of the dataset and is none: path, and why."""
    with os.scandir(root) as entries:
        links = sorted(entry.name for entry in entries if entry.is_symlink() and entry.is_dir())
    deeper = [f"{name}/{inner}" for name in class_folders(root) for inner in class_folders(root / name)]
    return (*((name, LINK) for name in links), *((name, DEEPER) for name in deeper))


def _has_file(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(entry.is_file(follow_symlinks=False) and not litter(entry.name) for entry in entries)


def _has_picture(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return any(entry.is_file() and Path(entry.name).suffix.lower() in PICTURES for entry in entries)


def _few(names: list[str]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
