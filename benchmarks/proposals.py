"""How many objects do proposals cover, with how many boxes, and what do they cost: ours and other programs'.

    python benchmarks/proposals.py ../shared/data [--peer PYTHON] [--contrib PYTHON] [--write]

--peer is an interpreter with `selectivesearch`, --contrib one with opencv-contrib-python-headless: neither is ever
installed with imgtool. Time is that of the processor, one thread each; nothing else counts the same on a busy machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from download import machine
from numpy.typing import NDArray

from curate.boxes import Boxes, iou
from curate.proposals import FAST, QUALITY, propose

RESULT = Path(__file__).parent / "results" / "proposals.md"
PEER = Path(__file__).parent / "proposals_peer.py"
WHITE = 240  # from here on a pixel is ground
COMMAND = "python benchmarks/proposals.py ../shared/data --peer PYTHON --contrib PYTHON --write"
WHY = """ms are of the processor, one thread, mean of the pictures; boxes: how many were proposed, mean; ≥ 0.5, ≥ 0.7:
the share of objects that some box overlaps that much.

selectivesearch 0.4 is the package of that name, with scikit-image 0.26 for its segmentation (compiled). OpenCV contrib
is `opencv-contrib-python-headless` 5.0. It is no dependency, for it brings a whole `cv2` of its own: pip installs both
it and opencv-python(-headless) into the one folder `cv2/`, the later over the earlier, and taking either away breaks
the other. Nobody who has another build of OpenCV would be safe.
"""
CLUTTER = ("cats_dogs/train/dogs", "cats_dogs/train/cats", "caltech101_subset/kangaroo", "caltech101_subset/Leopards")

Pixels: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scene:
    name: str
    pixels: Pixels
    truth: Boxes


@dataclass(frozen=True, slots=True)
class Found:
    boxes: Boxes
    seconds: float


# pictures with known boxes


def read(path: Path) -> Pixels:
    return np.asarray(cv2.imread(str(path))[..., ::-1])


def ground(pixels: Pixels) -> Mask:
    """What is white and reaches the border."""
    white = np.pad((pixels.min(axis=2) >= WHITE).astype(np.uint8), 1, constant_values=1)
    cv2.floodFill(white, None, (0, 0), 2)
    return np.asarray(white[1:-1, 1:-1] == 2)


def around(mask: Mask) -> Boxes:
    rows, columns = np.nonzero(mask)
    return np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], float)


def lone(pixels: Pixels) -> Mask | None:
    """The one thing on a white ground: in one piece, and with ground between it and its box's corners."""
    mask = ~ground(pixels)
    if np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]]).mean() > 0.03:
        return None
    _, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    thing = parts == largest
    left, top, right, bottom = around(thing)[0].astype(int)
    whole = thing.sum() >= 0.9 * mask.sum() and thing[top:bottom, left:right].mean() < 0.85
    return np.asarray(thing) if whole else None


def photographed(data: Path, most: int) -> Iterator[Scene]:
    """Motorbikes on white: the box is what is not ground."""
    files = sorted((data / "caltech101_subset" / "Motorbikes").glob("*.jpg"))
    shown = ((file, read(file)) for file in files)
    cut = [(file, pixels, mask) for file, pixels in shown if (mask := lone(pixels)) is not None]
    for file, pixels, mask in cut[:: max(1, len(cut) // most)][:most]:
        yield Scene(file.stem, pixels, around(mask))


def planted(data: Path, most: int) -> Iterator[Scene]:
    """The same motorbikes, cut out, in photographs of animals: 500 × 375, 30 to 70 % as wide."""
    chance = np.random.default_rng(0)
    things = list(photographed(data, 40))
    files = [file for folder in CLUTTER for file in sorted((data / folder).glob("*.jpg"))]
    for number in range(most):
        thing = things[number % len(things)]
        scene = cv2.resize(read(files[chance.integers(len(files))]), (500, 375), interpolation=cv2.INTER_AREA)
        left, top, right, bottom = thing.truth[0].astype(int)
        share = chance.uniform(0.3, 0.7) * 500 / (right - left)
        cut, mask = (
            cv2.resize(part[top:bottom, left:right], None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
            for part in (thing.pixels, (~ground(thing.pixels)).astype(np.float32))
        )
        x, y = (
            int(chance.integers(max(1, room - side))) for room, side in zip((500, 375), cut.shape[1::-1], strict=True)
        )
        cut, mask = cut[: 375 - y], mask[: 375 - y, :, None]
        place = np.s_[y : y + cut.shape[0], x : x + cut.shape[1]]
        scene[place] = (cut * mask + scene[place] * (1 - mask)).round()
        yield Scene(f"planted {number}", scene, np.array([[x, y, x + cut.shape[1], y + cut.shape[0]]], float))


def drawn(data: Path, most: int) -> Iterator[Scene]:
    """Striped discs, rings, stars and oblongs on a ground of changing colours among spots, with grain: 320 × 240."""
    del data
    for number in range(most):
        yield sketched(number)


def sketched(seed: int) -> Scene:
    chance = np.random.default_rng(seed)
    scene = cv2.resize(chance.integers(30, 225, (3, 4, 3), np.uint8), (320, 240), interpolation=cv2.INTER_LINEAR)
    for _ in range(12):
        middle, colour = (int(chance.integers(320)), int(chance.integers(240))), chance.integers(0, 256, 3)
        cv2.circle(scene, middle, int(chance.integers(5, 25)), colour.tolist(), -1)
    side = int(chance.integers(40, 120))
    x, y = int(chance.integers(320 - side)), int(chance.integers(240 - side))
    mask, colour = SHAPES[seed % len(SHAPES)](side), chance.integers(0, 256, (2, 3))
    stripes = np.where((np.arange(side) // max(3, side // 8) % 2)[None, :, None], colour[0], colour[1])
    place = np.s_[y : y + side, x : x + side]
    scene[place] = np.where(mask[..., None], np.broadcast_to(stripes, (side, side, 3)), scene[place])
    grained = np.clip(scene + chance.normal(0, 8, scene.shape), 0, 255).astype(np.uint8)
    return Scene(f"drawn {seed}", grained, around(mask) + np.array([x, y, x, y]))


def grid(side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    down, across = np.mgrid[:side, :side] * 2 / (side - 1) - 1
    return down, across


def disc(side: int) -> Mask:
    return np.asarray(np.hypot(*grid(side)) <= 1)


def ring(side: int) -> Mask:
    return np.asarray(disc(side) & (np.hypot(*grid(side)) >= 0.5))


def star(side: int) -> Mask:
    down, across = grid(side)
    return np.asarray(np.hypot(down, across) <= 0.7 + 0.3 * np.cos(5 * np.arctan2(down, across)))


def oblong(side: int) -> Mask:
    return np.asarray(abs(grid(side)[0]) <= 0.6)


SHAPES = (disc, ring, star, oblong)
KINDS: dict[str, tuple[Callable[[Path, int], Iterator[Scene]], int]] = {
    "motorbikes on white": (photographed, 16),
    "motorbikes in clutter": (planted, 16),
    "drawn": (drawn, 32),
}


# who looks for them


def ours(scenes: list[Scene], way: str) -> list[Found]:
    search = {"fast": FAST, "quality": QUALITY}[way]
    cv2.setNumThreads(1)
    propose(scenes[0].pixels, search)  # the first call imports
    return [timed(scene.pixels, lambda pixels: propose(pixels, search)) for scene in scenes]


def timed(pixels: Pixels, search: Callable[[Pixels], Boxes]) -> Found:
    start = time.process_time()
    boxes = search(pixels)
    return Found(boxes, time.process_time() - start)


def theirs(scenes: list[Scene], python: str, way: str) -> list[Found]:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "given.npz", Path(folder) / "made.npz"
        np.savez(given, **{scene.name: scene.pixels for scene in scenes})
        subprocess.run([python, str(PEER), way, str(given), str(made)], check=True)
        with np.load(made) as kept:
            return [Found(kept[f"{scene.name} boxes"], float(kept[f"{scene.name} seconds"])) for scene in scenes]


# what they are worth


def row(kind: str, name: str, scenes: list[Scene], found: list[Found]) -> str:
    best = np.array([iou(one.boxes, scene.truth).max() for scene, one in zip(scenes, found, strict=True)])
    early = np.array([iou(one.boxes[:100], scene.truth).max() for scene, one in zip(scenes, found, strict=True)])
    count, seconds = (np.mean(values) for values in ([len(one.boxes) for one in found], [one.seconds for one in found]))
    shares = [f"{(best >= least).mean():.2f}" for least in (0.5, 0.7)] + [f"{(early >= 0.7).mean():.2f}"]
    cells = [kind, name, f"{seconds * 1000:.0f}", f"{count:.0f}", *shares, f"{best.mean():.3f}"]
    return "| " + " | ".join(cells) + " |"


def table(given: argparse.Namespace) -> Iterator[str]:
    yield "| pictures | who | ms | boxes | ≥ 0.5 | ≥ 0.7 | ≥ 0.7 of the first 100 | mean best overlap |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    peers = ((given.peer, ("its defaults", "its README")), (given.contrib, ("fast",)))
    for kind in given.kind or KINDS:
        make, count = KINDS[kind]
        scenes = list(make(given.data, given.count or count))
        for way in ("fast", "quality"):
            yield row(kind, f"imgtool, {way}", scenes, ours(scenes, way))
        for python, ways in peers:
            for way in ways if python else ():
                who = f"{'OpenCV contrib' if python == given.contrib else 'selectivesearch'}, {way}"
                yield row(kind, who, scenes, theirs(scenes, python, who))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--peer", default="")
    parser.add_argument("--contrib", default="")
    parser.add_argument("--count", type=int, default=0, help="pictures of a kind")
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines = []
    for line in table(given):
        print(line, flush=True)
        lines.append(line)
    if given.write:
        RESULT.write_text(
            "\n".join(["# Proposals", "", f"`{' '.join(['python', *sys.argv])}`; {machine()}", "", *lines, ""])
        )


if __name__ == "__main__":
    main()
