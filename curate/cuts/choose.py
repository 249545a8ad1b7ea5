"""Which parts of a picture to learn from, by their overlap with the boxes that are known.

    0 ────────── 0.2 ───────────── 0.5 ──────── 0.7 ──────── 1
     background   │  hard negative  │  left out  │   object

What overlaps an object by 0.3 and less is background to a detector (Girshick et al. 2014), and what it mistakes for
one overlaps it by 0.2 to 0.5. From there to 0.7 a part is neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

import numpy as np
from numpy.typing import NDArray

from curate.bounds import BOUNDS
from curate.boxes import Boxes, iou
from curate.boxes.anchors import OBJECT as SURE
from curate.cuts.dice import chance
from curate.cuts.nouns import BACKGROUND, HARD, LEAST, OBJECT, TRUE, Cut, Rectangle, Truth, Wish

HARDER, SOFTER = 0.2, 0.5
SAME = 0.9  # from this overlap on two parts of a picture are one


@dataclass(frozen=True, slots=True)
class Scene:
    """What a picture has to offer."""

    parts: Boxes  # whole px, in a seeded order
    overlap: NDArray[np.float64]  # of each with the true box that it overlaps most
    nearest: NDArray[np.int64]  # the place of that box; -1 = there is none

    def where(self, least: float, below: float) -> Iterator[int]:
        """The parts of such an overlap, in order."""
        yield from np.flatnonzero((self.overlap >= least) & (self.overlap < below)).tolist()

    def cut(self, part: int, kind: str) -> Cut:
        """A part as a cut."""
        return Cut(rectangle(self.parts[part]), kind, int(self.nearest[part]), round(float(self.overlap[part]), 4))


class Taken:
    """The parts that are cut already, so that none is cut twice."""

    def __init__(self) -> None:
        self._boxes = np.zeros((0, 4))

    def add(self, box: NDArray[np.float64]) -> bool:
        """Take it, unless it nearly is one that was."""
        if (iou(box[None], self._boxes) >= SAME).any():
            return False
        self._boxes = np.concatenate([self._boxes, box[None]])
        return True


def chosen(
    found: Boxes, truths: Sequence[Truth], size: tuple[int, int], wish: Wish, *, negatives: bool = True
) -> list[Cut]:
    """The cuts of a picture of that size (width, height): true ones, objects, then what is none, hard ones in turn.

    What would be too small or too narrow for a picture is left out.
    """
    known = outward(np.array([truth.box for truth in truths], np.float64).reshape(-1, 4), size)
    scene, taken = seen(found, known, size, wish.seed), Taken()
    cuts = [Cut(rectangle(box), TRUE, place, 1.0) for place, box in enumerate(known) if fit(box) and taken.add(box)]
    cuts += islice(objects(scene, truths, taken), wish.objects)
    return cuts + list(islice(others(scene, taken), wish.negatives)) if negatives else cuts


def seen(found: Boxes, known: Boxes, size: tuple[int, int], seed: int) -> Scene:
    """The proposals beside the true boxes."""
    parts = outward(found, size)
    parts = parts[[fit(part) for part in parts]] if len(parts) else parts
    parts = parts[chance(seed, size, parts).permutation(len(parts))]
    if not len(known):
        return Scene(parts, np.zeros(len(parts)), np.full(len(parts), -1))
    shares = iou(parts, known)
    return Scene(parts, shares.max(axis=1, initial=0.0), shares.argmax(axis=1))


def objects(scene: Scene, truths: Sequence[Truth], taken: Taken) -> Iterator[Cut]:
    """Parts that show a true box's object as well as the box does; of each box as many as it wants."""
    counts: Counter[int] = Counter()
    for part in scene.where(SURE, np.inf):
        truth = int(scene.nearest[part])
        if counts[truth] < truths[truth].more and taken.add(scene.parts[part]):
            counts[truth] += 1
            yield scene.cut(part, OBJECT)


def others(scene: Scene, taken: Taken) -> Iterator[Cut]:
    """Parts that show no object: a hard one and an easy one in turn, as long as there are both."""
    hard = ((part, HARD) for part in scene.where(HARDER, SOFTER))
    easy = ((part, BACKGROUND) for part in scene.where(0.0, HARDER))
    for pair in chain.from_iterable(zip_longest(hard, easy)):
        if pair and taken.add(scene.parts[pair[0]]):
            yield scene.cut(*pair)


def outward(boxes: Boxes, size: tuple[int, int]) -> Boxes:
    """At whole pixels, nothing of them lost, within the picture."""
    corners = np.concatenate([np.floor(boxes[:, :2] + FUZZ), np.ceil(boxes[:, 2:] - FUZZ)], axis=1)
    inside: Boxes = np.clip(corners, 0, np.array([*size, *size], np.float64))
    return inside


FUZZ = 1e-6  # px: what shares and additions of floats may have added to a whole number


def fit(box: NDArray[np.float64]) -> bool:
    """May it be a picture of its own?"""
    short, long = sorted((box[2] - box[0], box[3] - box[1]))
    return bool(short >= LEAST and long <= BOUNDS.max_aspect * short)


def rectangle(box: NDArray[np.float64]) -> Rectangle:
    """As whole numbers."""
    left, top, right, bottom = map(int, box)
    return left, top, right, bottom
