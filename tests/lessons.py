"""Pictures that a tiny network can learn from in seconds: stripes that lie or stand, in any colours."""

from __future__ import annotations

import numpy as np

from classify.nouns import Course, Pixels


def course(count: int = 24, size: int = 16, classes: int = 2, seed: int = 0) -> Course:
    """As many pictures of each class, in turn: class 0 lies, class 1 stands, class 2 is plain."""
    chance = np.random.default_rng(seed)
    targets = np.arange(count) % classes
    pixels = np.stack([striped(size, int(target), chance) for target in targets])
    return Course(pixels, targets, tuple(f"{seed}-{number}" for number in range(count)))


def striped(size: int, target: int, chance: np.random.Generator) -> Pixels:
    """Four pixels dark, four light, begun anywhere, under noise."""
    wave = (np.arange(size) + chance.integers(8)) // 4 % 2
    plane = {0: wave[:, None], 1: wave[None, :], 2: np.full((1, 1), 0.5)}[target] * np.ones((size, size))
    colours = chance.uniform(60, 200, 3) * (0.2 + plane[..., None])
    return np.clip(colours + chance.normal(0, 10, (size, size, 3)), 0, 255).astype(np.uint8)
