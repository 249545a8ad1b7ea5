"""A dataset's pictures as a network is shown them: decoded by all cores, upright, stretched to one square.

Views go in, pixels come out in the same order, or the reason why there are none. Worker processes decode, so a file
that crashes its decoder costs that picture; they write pixels straight into a mapped file, so nothing is copied twice.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from classify.nouns import Pixels, Step, Vary, Watch, unwatched
from curate.augment import augmented, dice
from curate.darkroom.order import opening, order
from curate.darkroom.treatment import Treatment
from curate.export.plan import Item, Unit
from curate.export.studio import PATIENCE, in_order, refused
from curate.presets import preset
from curate.team import DEPTH, Rules, processors
from imgtool.errors import machine_error
from imgtool.records import Entry, Refusal

NONE = "none"  # the preset that changes nothing
LOT = 4  # views made from one decode: its cost is forgotten, and little is made ahead
OFTEN = 16  # pictures between two words to whoever looks on


@dataclass(frozen=True, slots=True)
class View:
    """A picture, or a variant of it: equal views of equal files are equal pixels."""

    entry: Entry
    copy: int = 0  # 0 = the picture itself


@dataclass(frozen=True, slots=True)
class Look:
    """How pictures are shown."""

    size: int  # px, both sides
    augment: str = NONE
    seed: int = 0
    no_flip: frozenset[str] = frozenset()  # classes that are never mirrored
    workers: int = 0  # 0 = one for each core


@dataclass(frozen=True, slots=True)
class Shelf:
    """Pictures in a mapped file."""

    pixels: Pixels  # pictures × rows × columns × RGB
    views: tuple[View, ...]  # what each row shows
    refused: dict[str, Refusal] = field(default_factory=dict)  # by path


def views(entries: Iterable[Entry], copies: int = 0) -> list[View]:
    """Each picture with so many variants after it."""
    return [View(entry, copy) for entry in entries for copy in range(copies + 1)]


def shown(root: Path, wanted: Iterable[View], look: Look) -> Iterator[tuple[View, Pixels | Refusal]]:
    """Each view with its pixels, in order, in memory that does not grow with their number."""
    ring = (2 * DEPTH * (look.workers or processors()) + 1) * LOT  # more than is ever made ahead
    with tempfile.NamedTemporaryFile(prefix="imgtool-") as file:
        os.truncate(file.fileno(), ring * row(look))
        rows = mapped(Path(file.name), ring, look)
        for unit, lost in made(root, units(wanted, ring), look, Path(file.name)):
            for place, item in enumerate(unit.items):
                yield View(unit.entry, item.copy), lost or np.array(rows[unit.number + place])


def shelf(root: Path, wanted: Sequence[View], look: Look, path: Path, watch: Watch = unwatched) -> Shelf:
    """All of them in a file, row after row; what could not be read is left out and named."""
    kept: list[View] = []
    lost: dict[str, Refusal] = {}
    with path.open("w+b") as file:
        file.truncate(len(wanted) * row(look))
        for unit, why in made(root, units(wanted), look, path):
            if why:
                lost[unit.entry.path] = why
                continue
            closed_up(file.fileno(), unit, len(kept), row(look))
            kept += [View(unit.entry, item.copy) for item in unit.items]
            if len(kept) % OFTEN < len(unit.items):
                watch(Step("Reading pictures", len(kept), len(wanted)))
        file.truncate(len(kept) * row(look))
    return Shelf(mapped(path, len(kept), look), tuple(kept), lost)


def row(look: Look) -> int:
    """The bytes of a picture."""
    return look.size**2 * 3


def mapped(path: Path, count: int, look: Look) -> Pixels:
    """The rows of a file, not to be written to."""
    shape = (count, look.size, look.size, 3)
    return np.memmap(path, np.uint8, "r", shape=shape) if count else np.empty(shape, np.uint8)


def closed_up(file: int, unit: Unit, place: int, size: int) -> None:
    """The unit's rows moved to where the refused have left a gap."""
    if unit.number != place:
        many = len(unit.items) * size
        os.pwrite(file, os.pread(file, many, unit.number * size), place * size)


def made(root: Path, wanted: Iterable[Unit], look: Look, path: Path) -> Iterator[tuple[Unit, Refusal | None]]:
    """Each unit once its rows are in the file, or with the reason why they are not."""
    first = opening(Treatment(look.size, "stretch", "rgb", look.augment, look.seed), str(path.absolute()))
    rules = Rules("curate.darkroom.hand", first, look.workers, PATIENCE)
    orders = ((unit, ordered(root.absolute(), unit, look)) for unit in wanted)
    try:
        for unit, answer in in_order(orders, rules):
            yield unit, None if isinstance(answer, list) else refused(answer)
    except OSError as error:
        raise machine_error(error, str(path)) from error


def ordered(root: Path, unit: Unit, look: Look) -> tuple[object, ...]:
    """What a worker is told of a unit."""
    entry, copies = unit.entry, tuple(item.copy for item in unit.items)
    flip = entry.label not in look.no_flip
    return order(str(root / entry.path), entry.picture.sha256, copies, flip=flip, row=unit.number)


def units(wanted: Iterable[View], ring: int = 0) -> Iterator[Unit]:
    """Views of one picture together, for they cost one decode; each unit's number is its first row."""
    at = 0
    for _, run in groupby(wanted, key=lambda view: view.entry.path):
        while lot := tuple(islice(run, LOT)):
            at = 0 if ring and at + len(lot) > ring else at
            yield Unit(lot[0].entry, "", at, tuple(Item("", view.copy) for view in lot))
            at += len(lot)


def vary(name: str, seed: int = 0, still: Collection[str] = ()) -> Vary:
    """What makes the variants of pictures that are in memory; the pictures in `still`, by sha256, are not mirrored."""
    if name == NONE:
        return lambda pixels, _sha256, _copy: pixels
    chosen = preset(name)

    def varied(pixels: Pixels, sha256: str, copy: int) -> Pixels:
        if not copy:
            return pixels
        return augmented(pixels, chosen, dice(seed, sha256, copy), flip=sha256 not in still)

    return varied
