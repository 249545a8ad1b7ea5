"""Is a planted thing found, with a tight box, and how long does it take?

    python benchmarks/locate.py make DATA FOLDER                      # training scenes, and boxes.csv, of both kinds
    imgtool regions FOLDER/real --boxes FOLDER/real.csv --out crops/  # and train, as the results page says
    python benchmarks/locate.py ask DATA real.keras drawn.keras      # 100 new scenes each

DATA has `caltech101_subset` and `cats_dogs`. Things on white ground are cut out of Caltech's photos, every other one to
learn from and the rest to ask about, and planted on photos of cats and dogs: training grounds, validation grounds.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from planting import Pixels, Planted, cutout, drawings, read, scenes

import imgtool
from curate.boxes import boxes, iou
from imgtool.pipeline.finding import Locating
from imgtool.pipeline.locate import locate
from imgtool.pipeline.located import Located
from imgtool.pipeline.predict import Model

THINGS = ("Motorbikes", "starfish", "watch")
LEARNT, ASKED = 1, 2  # seeds
TIGHT, LOOSE = 0.7, 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    name: str
    tight: float  # shares of the scenes
    loose: float
    named: float
    overlap: float  # on average
    others: float  # finds beside it, in each scene
    wall: float  # s a scene
    spent: float  # s of one processor

    def __str__(self) -> str:
        shares = f"{self.tight:.0%} | {self.loose:.0%} | {self.named:.0%} | {self.overlap:.2f}"
        return f"| {self.name} | {shares} | {self.others:.2f} | {self.wall:.2f} | {self.spent:.2f} |"


def things(data: Path, turn: int) -> Mapping[str, Sequence[Pixels]]:
    """Every other cut-out of each class."""
    found = {}
    for label in THINGS:
        photos = map(read, sorted((data / "caltech101_subset" / label).glob("*.jpg")))
        found[label] = [thing for photo in photos if (thing := cutout(photo)) is not None][turn::2]
    return found


def planted(data: Path, kind: str, many: int, *, learn: bool) -> list[Planted]:
    """Scenes of one kind, to learn from or to ask about."""
    seed = LEARNT if learn else ASKED
    if kind == "drawn":
        return drawings(many, seed)
    photos = sorted((data / "cats_dogs" / ("train" if learn else "validation")).glob("*/*.jpg"))
    return scenes(things(data, 0 if learn else 1), photos, many, seed)


def make(data: Path, folder: Path, many: int) -> None:
    """Training scenes of both kinds as class folders, and their boxes."""
    for kind in ("real", "drawn"):
        rows: list[tuple[object, ...]] = [("picture", "label", "left", "top", "right", "bottom")]
        for number, scene in enumerate(planted(data, kind, many, learn=True)):
            path = folder / kind / scene.label / f"{number:04}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), scene.pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
            rows.append((path.relative_to(folder / kind).as_posix(), scene.label, *scene.box.astype(int).tolist()))
        with (folder / f"{kind}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)


def ask(model: Model, asked: Sequence[Planted], how: Locating, name: str) -> Line:
    """What becomes of the scenes."""
    locate(asked[0].pixels, model, how)  # the network is read
    wall, spent = time.perf_counter(), time.process_time()
    said = [locate(scene.pixels, model, how) for scene in asked]
    wall, spent = (time.perf_counter() - wall) / len(asked), (time.process_time() - spent) / len(asked)
    shares = np.array([overlap(one, scene) for one, scene in zip(said, asked, strict=True)])
    right = [scene.label in {find.label for find in one.finds} for one, scene in zip(said, asked, strict=True)]
    others = float(np.mean([max(0, len(one.finds) - 1) for one in said]))
    tight, loose = float((shares > TIGHT).mean()), float((shares > LOOSE).mean())
    return Line(name, tight, loose, float(np.mean(right)), float(shares.mean()), others, wall, spent)


def overlap(said: Located, scene: Planted) -> float:
    """Of the likeliest find of the right name with the true box."""
    own = [find.box for find in said.finds if find.label == scene.label]
    return float(iou(boxes(own[:1]), scene.box[None])[0, 0]) if own else 0.0


def main() -> None:
    """Make, or ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("make", "ask"))
    parser.add_argument("data", type=Path)
    parser.add_argument("places", type=Path, nargs="+", help="a folder to make, or models: real*.keras, drawn*.keras")
    parser.add_argument("--many", type=int, default=100)
    given = parser.parse_args()
    if given.what == "make":
        make(given.data, given.places[0], given.many)
        return
    print("| scenes, model | IoU > 0.7 | > 0.5 | named | mean IoU | other finds | s | CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    for place in given.places:
        kind = "drawn" if place.name.startswith("drawn") else "real"
        asked, model = planted(given.data, kind, given.many, learn=False), imgtool.load(place)
        for quick in (False, True):
            how = Locating(quick=quick)
            print(ask(model, asked, how, f"{kind}, {place.stem}{', --quick' * quick}"), flush=True)


if __name__ == "__main__":
    main()
