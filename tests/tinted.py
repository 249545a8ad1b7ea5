"""Folders of pictures that tell their class at a glance: noise, tinted in the class's colour."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.drawn import put
from tests.painted import encoded

LABELS = ("blue", "green", "red")
COLOURS = {"blue": (30, 30, 220), "green": (30, 220, 30), "red": (220, 30, 30), "mauve": (200, 30, 200)}


def tinted(label: str, seed: int) -> bytes:
    """A picture of the class."""
    rng = np.random.default_rng([seed, *map(ord, label)])
    noise = rng.integers(-30, 30, (60, 80, 3))
    return encoded(np.clip(np.array(COLOURS[label]) + noise, 0, 255).astype(np.uint8), "PNG")


def folders(root: Path, labels: tuple[str, ...] = LABELS, many: int = 12) -> Path:
    """So many of each."""
    for label in labels:
        for number in range(many):
            put(root, f"{label}/{number}.png", tinted(label, number))
    return root
