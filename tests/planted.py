"""Pictures with something in a known place, bright discs and crosses on clutter, and the file that says where."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.drawn import put
from tests.painted import encoded, scene

WIDTH, HEIGHT = 120, 90  # small: looking for parts takes the time
LABELS = ("cross", "disc")
HEAD = ("picture", "label", "left", "top", "right", "bottom")
Row = tuple[str, str, int, int, int, int]


def planted(label: str, seed: int) -> tuple[NDArray[np.uint8], tuple[int, int, int, int]]:
    """A picture of one thing, and its box."""
    dice = np.random.default_rng(seed + (500 if label == "disc" else 0))
    side = int(dice.integers(40, 60))
    left, top = int(dice.integers(5, WIDTH - side - 5)), int(dice.integers(5, HEIGHT - side - 5))
    pixels = scene(WIDTH, HEIGHT, seed + (500 if label == "disc" else 0)) // 2
    rows, columns = np.mgrid[:side, :side] - side / 2 + 0.5
    disc = rows**2 + columns**2 <= (side / 2) ** 2
    shape = disc if label == "disc" else (np.abs(rows) < side / 6) | (np.abs(columns) < side / 6)
    pixels[top : top + side, left : left + side][shape] = 255 - scene(side, side, seed + 900)[shape] // 3
    return pixels, (left, top, left + side, top + side)


def world(root: Path, many: int = 4) -> list[Row]:
    """Class folders of PNGs, as many of each; the last of the crosses is a mirrored twin of the first."""
    rows: list[Row] = []
    for label in LABELS:
        for number in range(many):
            twin = label == "cross" and number == many - 1
            pixels, box = planted(label, 0 if twin else number)
            if twin:
                pixels, box = pixels[:, ::-1], (WIDTH - box[2], box[1], WIDTH - box[0], box[3])
            put(root, f"{label}/{number}.png", encoded(pixels))
            rows.append((f"{label}/{number}.png", label, *box))
    return rows


def table(path: Path, rows: list[Row]) -> Path:
    """The boxes as a CSV."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path
