"""A picture as its stored facts show it: what quality checks measure, no pixel decoded again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from curate.pixels import Pixels
from imgtool.records import Entry

HUNDREDTH, QUARTER = 10, 256  # of the thumbnail's 1,024 greys
FINE = 64  # px: hashed pixels with a shorter side below this are hardly finer than the thumbnail itself
USUAL, FALL = 80, 0.8  # fineness falls so with the hashed pixels' shorter side: benchmarks/quality_thresholds.py


@dataclass(frozen=True, slots=True)
class View:
    """One picture, and what its surroundings say of it."""

    entry: Entry
    greys: Pixels  # the thumbnail's, ascending
    urls: int  # addresses that gave this very file
    usual: float  # px: the set's median shorter side


def view(entry: Entry, urls: int, usual: float) -> View:
    """The view of one entry."""
    greys = np.sort(np.frombuffer(entry.picture.thumb, np.uint8), kind="stable")  # a radix sort: ten times as fast
    return View(entry, greys, urls, usual)


def short(seen: View) -> float:
    """The shorter side in px."""
    return min(seen.entry.picture.width, seen.entry.picture.height)


def contrast(seen: View) -> float:
    """Greys between the thumbnail's extremes, or three standard deviations: fine texture vanishes in a thumbnail."""
    return max(float(seen.greys[-1]) - float(seen.greys[0]), 3 * seen.entry.picture.std)


def brightest(seen: View) -> float:
    """The grey that a hundredth of the thumbnail exceeds: a dark photograph has no light anywhere."""
    return float(seen.greys[-1 - HUNDREDTH])


def shadows(seen: View) -> float:
    """The mean grey of the darkest quarter: high when nothing in the picture is dark."""
    return float(seen.greys[:QUARTER].mean())


def levels(seen: View) -> float:
    """Different greys in the thumbnail: drawings, cards and logos have few, photographs many."""
    return 1.0 + float(np.count_nonzero(np.diff(seen.greys)))


def fineness(seen: View) -> float:
    """How much of the picture's edges is finer than the thumbnail shows; infinite where nothing finer is known.

    Edges at the hashed size (80 to 159 px for most) against edges at 32 px, and against the contrast:
    the first sees a blur of a hundredth of the shorter side, the second one so wide that the thumbnail has it too.
    """
    facts = seen.entry.picture
    side = short(seen) / reduced(facts.pixels)
    if side < FINE or not facts.std:
        return math.inf
    edges = facts.sharpness / max(coarse(facts.thumb), 1.0) * facts.sharpness / facts.std
    return math.sqrt(edges) * math.pow(side / USUAL, FALL)


def coarse(thumb: bytes) -> float:
    """Variance of the Laplacian of the thumbnail."""
    side = math.isqrt(len(thumb))
    wide = np.frombuffer(thumb, np.uint8).reshape(side, side).astype(np.int16)
    edges = wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:] - 4 * wide[1:-1, 1:-1]
    return float(edges.var())


def reduced(pixels: str) -> int:
    """By how much the hashed pixels were shrunk: 8 for "jpeg/8", 1 for "full"."""
    return int(pixels.partition("/")[2] or 1)


def narrow(seen: View) -> float:
    """The shorter side in px where it is under half of what is usual in the set: icons are no fault of an icon set."""
    return short(seen) if short(seen) < seen.usual / 2 else math.inf


def aspect(seen: View) -> float:
    """The longer side over the shorter."""
    return max(seen.entry.picture.width, seen.entry.picture.height) / max(short(seen), 1.0)


def addresses(seen: View) -> float:
    """How many URLs gave this very file."""
    return seen.urls
