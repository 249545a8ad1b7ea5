"""What an export is asked to be, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from curate.darkroom.treatment import Treatment
from curate.pixels.canvas import FITS
from curate.presets import preset
from imgtool.errors import UsageError
from imgtool.records import Refusal

COLOURS = ("rgb", "grey")
GIB = 1024**3
LARGEST = 4096  # px a side: beyond it a square export is no training set, and a worker's memory not enough


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How pictures leave the dataset."""

    to: str  # a key of `FORMATS`
    size: int = 0  # px, both sides; 0 = as they are
    fit: str = "pad"  # pad crop stretch: how a picture becomes a square
    colour: str = "rgb"  # rgb grey
    per_class: int = 0  # training pictures of each class, by variants or by leaving some out; 0 = as they are
    augment: str = "light"  # the preset of the variants
    no_flip: frozenset[str] = frozenset()  # classes whose variants are never mirrored
    seed: int = 0
    quality: int = 95  # of the JPEGs that have to be written anew
    shard: int = 1000  # pictures a file, for formats of many files
    memory: int = 4 * GIB  # an npz is read into memory whole: a larger one becomes .npy files, which are mapped
    workers: int = 0  # 0 = as many as there are processors for us; never changes a byte
    replace: bool = False  # of an earlier export in the same place

    @property
    def treatment(self) -> Treatment:
        """What a worker has to know."""
        return Treatment(self.size, self.fit, self.colour, self.augment, self.seed, self.quality)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the dataset's card says and no picture knows."""

    name: str
    description: str = ""
    steps: tuple[tuple[str, int], ...] = ()  # pictures left after each step: ("scraped", 900), ("deduplicated", 840)
    published: str = ""  # a date, ISO 8601; left out when empty, for it makes two exports differ
    url: str = ""
    version: str = "1.0.0"  # of the dataset


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that is whole and in its place."""

    path: Path
    counts: Mapping[str, Mapping[str, int]]  # split → class → pictures
    digest: str  # sha256 of imgtool.lock.json, which has the sha256 of every file
    lost: Mapping[str, Refusal] = field(default_factory=dict)  # path → why it could not be exported


def sensible(options: ExportOptions) -> None:
    """UsageError when the options make no sense, before anything is read."""
    preset(options.augment)
    chosen("fit", options.fit, FITS)
    chosen("colour", options.colour, COLOURS)
    if options.to == "npz" and not options.size:
        raise UsageError("An npz needs pictures of one size.", hint="Name it, e.g. `--size 224`.")
    for name, value, least, most in bounds(options):
        if not least <= value <= most:
            raise UsageError(f"{name} {value} is not between {least} and {most}.")


def bounds(options: ExportOptions) -> tuple[tuple[str, int, int, int], ...]:
    """Each number with its least and its most."""
    return (
        ("size", options.size, 0, LARGEST),
        ("per-class", options.per_class, 0, 10**7),
        ("quality", options.quality, 1, 100),
        ("shard", options.shard, 1, 10**6),
        ("workers", options.workers, 0, 1024),
    )


def chosen(name: str, value: str, known: tuple[str, ...]) -> None:
    """UsageError unless the value is one of those known."""
    if value not in known:
        raise UsageError(f"{name} {value!r} is unknown.", hint=f"Known: {', '.join(known)}.")
