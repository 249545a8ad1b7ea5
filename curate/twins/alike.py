"""Do two thumbnails show the same picture? The second look, after the hashes.

They are laid on each other, their tones matched by a smooth curve, and compared block by block, each block
by its own correlation: a blank background agrees with everything, and weighs nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.hashing import SIDE
from curate.twins.align import INSIDE, RING, Frames, Greys, aligned, framed, smoothed
from curate.twins.views import TURNS, UPRIGHT, Thumbs, View

Scores: TypeAlias = NDArray[np.float64]

# Thresholds: docs/duplicates.md draws their curves (benchmarks/duplicates_quality.py)
ALIKE = 0.987  # mean correlation of the blocks
CORE = 0.995  # … of the worst block of the best CORE_SHARE, when the rest is covered by a caption or a logo
CORE_SHARE = 0.6
COVERED = 0.5  # mean correlation that even a covered picture keeps
PLAIN = 5.0  # grey levels beyond f(x) + g(y); the plainest of 3,600 photographs has 6.9, half/half and gradients 0
EQUAL = 2.0  # grey levels on average between plain pictures that are the same: JPEG's noise

BLOCK = 7  # px: 4 × 4 blocks inside the ring
LOUD = 25.0  # grey levels of a block, beyond which it weighs no more
QUIET = 1.5  # … and below which it weighs nothing
NOISE = 0.5  # grey levels², so that two nearly empty blocks are not called different
BATCH = 128  # pairs at a time: 3 MB of regressors stay in the cache
STEPS = (0, 2, 3)  # most pairs are settled before the frame has been moved at all
HOPELESS = 0.5  # mean correlation below which more steps have never helped


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike pairs are: 1.0 = the same."""

    mean: Scores
    core: Scores

    @property
    def same(self) -> NDArray[np.bool_]:
        """Are they one picture?"""
        return (self.mean >= ALIKE) | (self.core >= CORE) & (self.mean >= COVERED)


def alike(one: bytes, other: bytes) -> bool:
    """Do two 32 × 32 grey thumbnails show the same picture?"""
    if len(one) != SIDE * SIDE or len(other) != SIDE * SIDE:
        return False
    seen, shown = (np.frombuffer(thumb, np.uint8).reshape(1, SIDE, SIDE) for thumb in (one, other))
    return bool(likeness(seen, shown, [UPRIGHT]).same[0])


def likeness(seen: Thumbs, shown: Thumbs, views: list[View]) -> Likeness:
    """Pair by pair: such a view of the one against the other."""
    mean, core = np.empty(len(seen)), np.empty(len(seen))
    for start in range(0, len(seen), BATCH):
        part = slice(start, start + BATCH)
        mean[part], core[part] = looked(seen[part], shown[part], views[part])
    return Likeness(mean, core)


def looked(seen: Thumbs, shown: Thumbs, views: list[View]) -> tuple[Scores, Scores]:
    """Mean and core of a few pairs."""
    one = np.stack([TURNS[view.turn](thumb.astype(np.float32)) for thumb, view in zip(seen, views, strict=True)])
    other = shown.astype(np.float32)
    frames = np.array([view.frame for view in views])
    dull = plain(one) | plain(other)
    mean = (np.abs(one - other).mean(axis=(1, 2)) <= EQUAL).astype(np.float64)
    core = mean.copy()
    mean[~dull], core[~dull] = compared(one[~dull], smoothed(other[~dull]), frames[~dull])
    return mean, core


def compared(grey: Greys, target: Greys, frames: Frames) -> tuple[Scores, Scores]:
    """Mean and core of each pair, moved step by step until it is clear what they are."""
    mean, core = np.zeros(len(grey)), np.zeros(len(grey))
    calm, open_ = smoothed(grey), np.arange(len(grey))
    for steps in STEPS:
        if not len(open_):
            break
        frames[open_], trust = aligned(calm[open_], target[open_], frames[open_], steps)
        seen = smoothed(framed(grey[open_], frames[open_]))  # in this order: a part is coarser than a whole already
        mean[open_], core[open_] = scored(seen, target[open_], trust)
        hopeless = (mean[open_] < HOPELESS) & (steps > 0)
        open_ = open_[(mean[open_] < ALIKE) & ~hopeless]
    return mean, core


def scored(grey: Greys, target: Greys, trust: Greys) -> tuple[Scores, Scores]:
    """Mean and core, tones matched the way that fits better: a curve can darken what the other cannot lighten."""
    one = blockwise(toned(grey, target, trust), target)
    other = blockwise(grey, toned(target, grey, trust))
    better, upright = one[0] >= other[0], rising(grey, target)
    mean, core = (np.where(better, first, second) for first, second in zip(one, other, strict=True))
    return np.where(upright, mean, -1), np.where(upright, core, -1)


def rising(grey: Greys, target: Greys) -> NDArray[np.bool_]:
    """Are they bright in the same places? A curve could turn a negative into its picture."""
    one, other = (each - each.mean(axis=(1, 2), keepdims=True) for each in (grey, target))
    return np.asarray((one * other).sum(axis=(1, 2)) > 0)


def toned(grey: Greys, target: Greys, trust: Greys) -> Greys:
    """The picture in the other's tones, by the cubic that fits best; so brightness and contrast do not count."""
    count = len(grey)
    level = grey.reshape(count, -1) / 128 - 1
    powers = np.stack([np.ones_like(level), level, level * level, level * level * level], axis=1)
    weighed = powers * trust.reshape(count, 1, -1)
    square = (weighed @ powers.transpose(0, 2, 1)).astype(np.float64) + 0.01 * np.eye(4)
    right = (weighed @ target.reshape(count, -1, 1)).astype(np.float64)
    curve = np.linalg.solve(square, right).astype(np.float32)
    mixed: Greys = np.matmul(powers.transpose(0, 2, 1), curve)
    return mixed.reshape(grey.shape)


def blockwise(one: Greys, other: Greys) -> tuple[Scores, Scores]:
    """The blocks' correlations, weighed by what there is to see: their mean, and the worst of the best."""
    a, b = blocks(one), blocks(other)
    strength = np.sqrt(np.maximum((a * a).mean(axis=2), (b * b).mean(axis=2)))
    match = ((a * b).mean(axis=2) + NOISE) / np.sqrt(((a * a).mean(axis=2) + NOISE) * ((b * b).mean(axis=2) + NOISE))
    weight = np.where(strength < QUIET, 0, strength.clip(max=LOUD)) + 1e-6
    weight /= weight.sum(axis=1, keepdims=True)
    best = np.argsort(-match, axis=1)
    ranked = np.take_along_axis(match, best, axis=1)
    reached = np.take_along_axis(weight, best, axis=1).cumsum(axis=1) >= CORE_SHARE - 1e-6
    core = np.take_along_axis(ranked, reached.argmax(axis=1)[:, None], axis=1)[:, 0]
    return (weight * match).sum(axis=1), core


def blocks(grey: Greys) -> Greys:
    """Pictures × 16 × 49: the inside cut into blocks, each without its mean."""
    side = (SIDE - 2 * RING) // BLOCK
    cut = grey[:, INSIDE, INSIDE].reshape(len(grey), side, BLOCK, side, BLOCK)
    flat = cut.transpose(0, 1, 3, 2, 4).reshape(len(grey), side * side, BLOCK * BLOCK)
    out: Greys = flat - flat.mean(axis=2, keepdims=True)
    return out


def plain(grey: Greys) -> NDArray[np.bool_]:
    """Is there nothing in them but what rows and columns alone explain? Blank, gradient, half and half."""
    strengths = np.linalg.svd(grey, compute_uv=False)
    rest = np.sqrt((strengths[:, 2:] ** 2).sum(axis=1)) / SIDE
    return np.asarray(rest < PLAIN)
