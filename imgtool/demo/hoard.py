"""The world as a tool saves it that looks at nothing: every file it was sent, under the name it had; and the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from imgtool.demo.files import content
from imgtool.demo.kinds import SORT, Kind
from imgtool.demo.world import Plant, World

BROKEN = frozenset({Kind.TRUNCATED, Kind.EMPTY, Kind.PAGE, Kind.VECTOR, Kind.PIXEL, Kind.BOMB})
COPIES = frozenset({Kind.COPY, Kind.NEAR})


@dataclass(frozen=True)
class Hoard:
    """A folder of class folders, and the truth about every file."""

    root: Path
    truth: Mapping[str, Plant]  # path, relative to the root

    @property
    def broken(self) -> frozenset[str]:
        """The files that are no pictures, or none that can be used."""
        return frozenset(path for path, plant in self.truth.items() if plant.kind in BROKEN)

    def score(self) -> Score:
        """What is left in the folder, against the truth."""
        left = {path: plant for path, plant in self.truth.items() if (self.root / path).exists()}
        had, has = _shown(self.truth), _shown(left)
        extra = sum(had.values()) - len(had)
        return Score(
            broken=len(self.broken),
            broken_left=len(self.broken & left.keys()),
            duplicates=extra,
            duplicates_left=sum(has.values()) - len(has),
            distinct=len(had),
            lost=len(had) - len(has),
        )


@dataclass(frozen=True, slots=True)
class Score:
    """How well a set was cleaned."""

    broken: int
    broken_left: int
    duplicates: int  # files beyond the first of what they show
    duplicates_left: int
    distinct: int  # different pictures
    lost: int  # of which none is left

    @property
    def found(self) -> float:
        """The share of the duplicates that are gone."""
        return 1 - self.duplicates_left / (self.duplicates or 1)


def hoard(world: World, root: Path, originals: int = 40) -> Hoard:
    """Write the folder: some originals of each class, all their copies, and everything broken."""
    truth: dict[str, Plant] = {}
    for label in world.classes:
        for plant in _chosen([plant for plant in world.plants if plant.label == label], originals):
            name = f"{label}/{len(truth):04d}-{PurePosixPath(plant.path).name}"
            (root / label).mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content(plant, world.seed))
            truth[name] = plant
    return Hoard(root, truth)


def _chosen(plants: list[Plant], originals: int) -> list[Plant]:
    """Originals that have copies first: they are what the demo is about."""
    copied = {plant.shows for plant in plants if plant.kind in COPIES}
    good = [plant for plant in plants if SORT[plant.kind].good and plant.kind not in COPIES]
    good.sort(key=lambda plant: plant.shows not in copied)  # stable: the order of the world otherwise
    first = good[:originals]
    shown = {plant.shows for plant in first}
    again = [plant for plant in plants if plant.kind in COPIES and plant.shows in shown]
    return [*first, *again, *(plant for plant in plants if plant.kind in BROKEN)]


def _shown(files: Mapping[str, Plant]) -> Counter[tuple[str, int]]:
    return Counter(plant.shows for plant in files.values() if plant.shows and plant.kind not in BROKEN)
