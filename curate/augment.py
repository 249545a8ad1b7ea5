"""A picture and a copy's number in, a variant out: the same for the same seed, on any worker, in any order.

Every copy draws from a generator of its own, seeded by a hash of seed, picture and number. Geometry is one warp,
colour one matrix; `docs/export.md` says why OpenCV does both.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from curate.geometry import STILL, Pose, affine
from curate.pixels import Pixels, warp
from curate.presets import Preset

Matrix = NDArray[np.float64]
Dice = np.random.Generator

SOMETIMES = 1 / 3  # of copies are blurred, and of copies noisy: most pictures a model will see are neither
MIDDLE = 127.5
NATIVE = 224  # px: the side for which a preset's blur is meant
LUMA = np.array([0.299, 0.587, 0.114])  # BT.601, as in OpenCV's and Pillow's grey


def augmented(pixels: Pixels, preset: Preset, dice: Dice, *, flip: bool = True) -> Pixels:
    """A variant of the picture, of the same size. `flip` false: never mirrored, whatever the preset says."""
    pose = posed(preset, dice, flip=flip)
    colours = coloured(preset, dice)
    shown = pixels if pose == STILL else moved(pixels, pose, preset.border)
    shown = shown if colours is None else warp.recoloured(shown, colours)
    return spoilt(shown, preset, dice)


def dice(seed: int, sha256: str, copy: int) -> Dice:
    """The generator of that one copy."""
    digest = hashlib.blake2b(f"{seed}:{sha256}:{copy}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def posed(preset: Preset, dice: Dice, *, flip: bool) -> Pose:
    """Where the copy goes. Every number is drawn, used or not, so that a class's `flip` changes nothing else."""
    rotate, shear, zoom, crop, across, down, mirror = dice.random(7)
    share = preset.crop * crop  # cut off: the rest is shown larger, from anywhere
    return Pose(
        rotate=spread(rotate) * preset.rotate,
        shear=spread(shear) * preset.shear,
        zoom=(1 + spread(zoom) * preset.zoom) / (1 - share),
        shift_x=spread(across) * share / 2,
        shift_y=spread(down) * share / 2,
        flip=bool(preset.flip and flip and mirror < 1 / 2),
    )


def moved(pixels: Pixels, pose: Pose, border: str) -> Pixels:
    """The picture in that pose."""
    height, width = pixels.shape[:2]
    return warp.warped(pixels, affine(pose, width, height), border)


def coloured(preset: Preset, dice: Dice) -> Matrix | None:
    """Brightness, contrast, saturation and hue as one matrix (3 × 4); None when the preset has none of them."""
    bright, contrast, colour, hue = (spread(value) for value in dice.random(4))
    if not (preset.brightness or preset.contrast or preset.colour or preset.hue):
        return None
    gain = 1 + contrast * preset.contrast
    mixed = gain * saturation(1 + colour * preset.colour) @ rotation(math.radians(hue * preset.hue))
    offset = MIDDLE * (1 - gain) + 255 * bright * preset.brightness
    return np.hstack([mixed, np.full((3, 1), offset)])


def saturation(amount: float) -> Matrix:
    """Colours drawn from (0) or beyond (2) their own grey."""
    return amount * np.eye(3) + (1 - amount) * np.tile(LUMA, (3, 1))


def rotation(turn: float) -> Matrix:
    """Colours turned about the axis of greys, which stay what they are (Rodrigues' formula)."""
    cross = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]) / math.sqrt(3)
    return math.cos(turn) * np.eye(3) + math.sin(turn) * cross + (1 - math.cos(turn)) * np.full((3, 3), 1 / 3)


def spoilt(pixels: Pixels, preset: Preset, dice: Dice) -> Pixels:
    """Blur, noise and a hidden patch, each on some copies."""
    blur, noise, patch, amount, grain = dice.random(5)
    if preset.blur and blur < SOMETIMES:
        pixels = warp.blurred(pixels, max(0.1, amount * preset.blur * max(pixels.shape[:2]) / NATIVE))
    if preset.noise and noise < SOMETIMES:
        pixels = warp.grained(pixels, max(1, round(grain * preset.noise)), dice.bytes(pixels.size))
    if preset.cutout and patch < 1 / 2:
        pixels = warp.covered(pixels, *patched(pixels.shape[1], pixels.shape[0], preset.cutout, dice.random(3)))
    return pixels


def patched(width: int, height: int, most: float, chance: Sequence[float] | Matrix) -> tuple[int, int, int, int]:
    """A square somewhere in the picture: left, top, right, bottom. Never all of it."""
    size, across, down = chance
    side = int(most * (0.5 + size / 2) * min(width, height))
    left, top = int(across * (width - side)), int(down * (height - side))
    return left, top, left + side, top + side


def spread(value: float) -> float:
    """0…1 to -1…1."""
    return 2 * value - 1
