"""From pixels to boxes: several segmentations, each grouped, and what is left when nothing is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from curate.boxes import Boxes, area, boxes, iou
from curate.pixels import Pixels
from curate.pixels.canvas import resized
from curate.pixels.spaces import SPACES
from curate.proposals.graph import edges, segments
from curate.proposals.grouping import grouped, neighbours
from curate.proposals.looks import colours, looks, textures
from imgtool.errors import UsageError

SMOOTH = 0.8  # px: what Felzenszwalb and Huttenlocher take against the grain of a camera
ALL = ("colour", "texture", "size", "fill")


@dataclass(frozen=True, slots=True)
class Strategy:
    """Which hierarchies are made: one for each space, scale and measure."""

    spaces: tuple[str, ...]
    scales: tuple[float, ...]
    by: tuple[tuple[str, ...], ...]
    side: int  # px, the longer one, at which it looks


STRATEGIES = {
    "fast": Strategy(("hsv", "lab"), (50, 100), (ALL, ("texture", "size", "fill")), 256),
    "quality": Strategy(
        ("hsv", "lab", "rgi", "hue", "grey"),
        (50, 100, 150, 300),
        (ALL, ("texture", "size", "fill"), ("fill",), ("size",)),
        384,
    ),
}


@dataclass(frozen=True, slots=True)
class Search:
    """How a picture is searched for objects."""

    strategy: str = "fast"  # or "quality": slower, and more of small things
    most: int = 2000  # boxes
    least: float = 0.002  # of the picture's area
    aspect: float = 5.0  # the longer side by the shorter
    near: float = 0.9  # overlap from which on two boxes are one

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            known = ", ".join(STRATEGIES)
            raise UsageError(f"No strategy is called {self.strategy!r}.", hint=f"Known strategies: {known}.")


FAST, QUALITY = Search(), Search("quality")


def propose(pixels: Pixels, search: Search = FAST) -> Boxes:
    """Where objects may be, the most object-like first. Of a picture without parts: the whole picture."""
    if pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise UsageError(f"A picture is rows × columns × RGB; received {' × '.join(map(str, pixels.shape))}.")
    height, width = pixels.shape[:2]
    strategy = STRATEGIES[search.strategy]
    share = min(1.0, strategy.side / max(height, width))
    inner = max(1, round(width * share)), max(1, round(height * share))
    small = resized(pixels, *inner) if share < 1 else pixels
    trees = list(hierarchies(small, strategy))
    ranked = np.concatenate([tree[::-1] for tree in trees])
    order = np.argsort(np.concatenate([np.arange(len(tree)) for tree in trees]), kind="stable")
    found = ranked[order] * np.array([width / inner[0], height / inner[1]] * 2)
    return sifted(found, search, width, height)


def hierarchies(small: Pixels, strategy: Strategy) -> Iterator[Boxes]:
    """The boxes of each hierarchy, at the size of `small`."""
    for space in strategy.spaces:
        planes = SPACES[space](small)
        smooth = ndimage.gaussian_filter(planes, (SMOOTH, SMOOTH, 0))
        ordered = edges(smooth)
        colour, texture = colours(planes), textures(planes)
        for scale in strategy.scales:
            labels = segments(ordered, planes.shape[:2], scale, scale)
            first = looks(labels, colour, texture)
            near = neighbours(labels, len(first.sizes))
            for by in strategy.by:
                yield grouped(first, near, labels.size, by)


def sifted(found: Boxes, search: Search, width: int, height: int) -> Boxes:
    """Large and square enough, each thing once; the first come first."""
    found = boxes(found)
    found = found[np.sort(np.unique(found.round(3), axis=0, return_index=True)[1])]
    sides = found[:, 2:] - found[:, :2]
    fit = (area(found) >= search.least * width * height) & (sides.max(1) <= search.aspect * sides.min(1))
    kept = distinct(found[fit], search.near, search.most)
    return kept if len(kept) else np.array([[0.0, 0.0, width, height]])


def distinct(found: Boxes, near: float, most: int) -> Boxes:
    """Without those that overlap an earlier one that much."""
    left: NDArray[np.bool_] = np.ones(len(found), bool)
    kept: list[int] = []
    for number in range(len(found)):
        if left[number] and len(kept) < most:
            kept.append(number)
            left[number:] &= iou(found[number : number + 1], found[number:])[0] < near
    chosen: Boxes = found[kept]
    return chosen
