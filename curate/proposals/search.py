"""From pixels to boxes: several hierarchies of regions, and what is left when nothing is told twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from curate.boxes import Boxes
from curate.pixels import Pixels
from curate.pixels.canvas import resized
from curate.pixels.spaces import SPACES, blurred
from curate.proposals.graph import edges, segments
from curate.proposals.grouping import grouped, neighbours
from curate.proposals.looks import colours, looks, textures
from curate.proposals.sifting import sifted
from curate.proposals.strategies import FAST, STRATEGIES, Search, Strategy
from imgtool.errors import UsageError

SMOOTH = 0.8  # px: what Felzenszwalb and Huttenlocher take against the grain of a camera


def propose(pixels: Pixels, search: Search = FAST) -> Boxes:
    """Where objects may be, large regions first; of a picture without parts, the whole picture.

    The same pixels always give the same boxes. UsageError unless they are rows × columns × RGB of eight bits.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size or pixels.dtype != np.uint8:
        shape = " × ".join(map(str, pixels.shape))
        raise UsageError(f"A picture is rows × columns × RGB of eight bits; received {shape} of {pixels.dtype}.")
    height, width = pixels.shape[:2]
    strategy = STRATEGIES[search.strategy]
    small = shrunk(pixels, *strategy.sides)
    found = in_turns(list(hierarchies(small, strategy)))
    back = np.array([width / small.shape[1], height / small.shape[0]] * 2)
    return sifted(found * back, width, height, search)


def shrunk(pixels: Pixels, least: int, most: int) -> Pixels:
    """The picture halved, its longer side at least and at most that long; never enlarged."""
    height, width = pixels.shape[:2]
    longer = max(height, width)
    share = min(1.0, min(max(longer / 2, least), most) / longer)
    return resized(np.ascontiguousarray(pixels), max(1, round(width * share)), max(1, round(height * share)))


def hierarchies(small: Pixels, strategy: Strategy) -> Iterator[Boxes]:
    """The boxes of each, the whole picture first."""
    for space in strategy.spaces:
        planes = SPACES[space](small)
        ordered, colour, texture = edges(blurred(planes, SMOOTH)), colours(planes), textures(planes)
        for scale in strategy.scales:
            labels = segments(ordered, planes.shape[:2], scale, scale)
            first = looks(labels, colour, texture)
            near = neighbours(labels, len(first.sizes))
            yield from (grouped(first, near, by)[::-1] for by in strategy.by)


def in_turns(trees: list[Boxes]) -> Boxes:
    """The first box of each, the second of each, and so on."""
    turns = np.concatenate([np.arange(len(tree)) for tree in trees])
    return np.concatenate(trees)[np.argsort(turns, kind="stable")]
