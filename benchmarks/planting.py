"""Scenes with a known box: one thing, cut out or drawn, planted on a cluttered ground.

ground, thing = grounds(folder)[0], cutout(photo_on_white)
planted = plant(ground, thing, np.random.default_rng(0))  # Planted(pixels, label, box)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

WIDTH, HEIGHT = 500, 375  # px of a scene: what most photos of Cats vs. Dogs measure
WHITE = 235  # from here on a pixel is paper
PAPER = 0.97  # of the edge is paper in a photo on white ground
SMALL, LARGE = 0.3, 0.78  # of the scene's height: a thing's longer side
SHAPE = 0.82  # of its box a thing fills at most: what fills more is a photo with a frame, not a thing
DRAWN = ("disc", "star", "triangle")


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """A scene."""

    pixels: Pixels
    label: str
    box: NDArray[np.float64]


def read(path: Path) -> Pixels:
    """A photo as RGB."""
    return np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])


def cutout(photo: Pixels) -> Pixels | None:
    """What stands on white ground, with transparency, trimmed; None where there is no such ground."""
    edge = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]]).min(axis=1)
    if (edge >= WHITE).mean() < PAPER:
        return None
    _, parts = cv2.connectedComponents((photo.min(axis=2) >= WHITE).astype(np.uint8), connectivity=4)
    rim = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    thing = cv2.morphologyEx(
        (~np.isin(parts, rim[rim > 0])).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(thing)
    if count < 2:
        return None
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    x, y, wide, high, area = stats[largest]
    if area < 0.1 * thing.size or not 0.25 <= area / (wide * high) <= SHAPE:
        return None
    mask = cv2.erode((labels == largest).astype(np.uint8) * 255, np.ones((3, 3), np.uint8))
    return np.dstack([photo, mask])[y : y + high, x : x + wide]


def drawn(label: str, chance: np.random.Generator, side: int = 160) -> Pixels:
    """A thing of one shape and any colours, with transparency."""
    angles = np.linspace(0, 2 * np.pi, {"disc": 60, "star": 10, "triangle": 3}[label], endpoint=False)
    reach = np.where(np.arange(len(angles)) % 2, 0.45, 1.0) if label == "star" else np.ones(len(angles))
    turned = angles + chance.uniform(0, 2 * np.pi)
    corners = (side / 2 + side * 0.48 * reach[:, None] * np.stack([np.cos(turned), np.sin(turned)], axis=1)).round()
    mask = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mask, [corners.astype(np.int32)], 255)
    stripes = (np.arange(side) // 10 % 2)[None, :, None] * chance.integers(30, 90)
    colour = np.clip(chance.integers(60, 256, 3) - stripes + np.zeros((side, side, 3), int), 0, 255)
    ys, xs = np.nonzero(mask)
    return np.dstack([colour.astype(np.uint8), mask])[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]


def clutter(chance: np.random.Generator, width: int = 320, height: int = 240, many: int = 60) -> Pixels:
    """A ground of boxes and lines in any colours under grain."""
    ground = np.full((height, width, 3), chance.integers(0, 256, 3), np.uint8)
    for _ in range(many):
        (x, y, u, v), colour = chance.integers(0, width, 4).tolist(), chance.integers(0, 256, 3).tolist()
        if chance.random() < 0.6:
            cv2.rectangle(ground, (x, y), (x + u // 5, y + v // 5), colour, -1)
        else:
            cv2.line(ground, (x, y), (u, v), colour, int(chance.integers(1, 6)))
    return np.clip(ground + chance.normal(0, 8, ground.shape), 0, 255).astype(np.uint8)


def filling(photo: Pixels, width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """A photo as the ground of a scene."""
    scale = max(width / photo.shape[1], height / photo.shape[0])
    size = max(width, round(photo.shape[1] * scale)), max(height, round(photo.shape[0] * scale))
    return cv2.resize(photo, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)[
        :height, :width
    ].copy()


def plant(ground: Pixels, thing: Pixels, label: str, chance: np.random.Generator) -> Planted:
    """The thing anywhere on the ground, of any size in bounds, mirrored or not."""
    height, width = ground.shape[:2]
    side = chance.uniform(SMALL, LARGE) * height
    scale = min(side / max(thing.shape[:2]), (width - 2) / thing.shape[1], (height - 2) / thing.shape[0])
    size = max(8, round(thing.shape[1] * scale)), max(8, round(thing.shape[0] * scale))
    turned = np.ascontiguousarray(thing[:, ::-1] if chance.random() < 0.5 else thing)
    small = cv2.resize(turned, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left, top = int(chance.integers(0, width - size[0] + 1)), int(chance.integers(0, height - size[1] + 1))
    scene, cover = ground.copy(), small[..., 3:] / 255
    under = scene[top : top + size[1], left : left + size[0]]
    under[:] = (small[..., :3] * cover + under * (1 - cover)).round()
    ys, xs = np.nonzero(small[..., 3] > 127)
    box = np.array([left + xs.min(), top + ys.min(), left + xs.max() + 1, top + ys.max() + 1], np.float64)
    return Planted(scene, label, box)


def scenes(things: Mapping[str, Sequence[Pixels]], photos: Sequence[Path], many: int, seed: int) -> list[Planted]:
    """So many scenes, each class as often."""
    chance = np.random.default_rng(seed)
    made: list[Planted] = []
    while len(made) < many:
        photo = read(photos[int(chance.integers(len(photos)))])
        if min(photo.shape[:2]) < 200:  # px: blown up it is no clutter
            continue
        label = list(things)[len(made) % len(things)]
        thing = things[label][int(chance.integers(len(things[label])))]
        made.append(plant(filling(photo), thing, label, chance))
    return made


def drawings(many: int, seed: int) -> list[Planted]:
    """So many scenes where all is drawn."""
    chance = np.random.default_rng(seed)
    labels = [DRAWN[number % len(DRAWN)] for number in range(many)]
    return [plant(clutter(chance), drawn(label, chance), label, chance) for label in labels]
