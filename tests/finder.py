"""A model that finds red things without having learnt anything: pixels are counted, nothing is computed by a network.

It is as vague as a real one: sure of what shows a whole thing with little around it, in two minds about the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from classify.file import Classifier
from classify.nouns import Answers, Card, Pixels
from imgtool.pipeline.predict import Model

LABELS = ("background", "blue", "red")
SIDE = 32
RED, BLUE = (220, 30, 30), (30, 30, 220)
VAGUE = 1.0  # deviation of its log-odds


class Finder(Model):
    """Finds red and blue."""

    def __init__(self, labels: Sequence[str] = LABELS, **more: object) -> None:
        card = Card(tuple(labels), size=SIDE, sure=0.6, **more)  # type: ignore[arg-type]
        super().__init__(Classifier(Path("finder.keras"), "", card, MappingProxyType({})))
        self.parts = 0  # of pictures, that it was asked about

    def answers(self, shown: Sequence[Pixels]) -> Answers:
        """Log-odds for each; the others have none."""
        self.parts += len(shown)
        odds = np.stack([[self._odds(part, label) for label in self.labels] for part in shown])
        return Answers(odds.astype(np.float32), np.zeros((len(shown), 1), np.float32))

    def heat(self, pixels: Pixels, label: str, answers: Answers | None = None) -> NDArray[np.float32] | None:
        """Where it is of that colour."""
        del answers
        shares = coloured(pixels, label).reshape(8, SIDE // 8, 8, SIDE // 8).mean(axis=(1, 3))
        return np.asarray(shares, np.float32)

    def _odds(self, part: Pixels, label: str) -> float:
        if label == "background":
            return 0.0
        shown = coloured(part, label)
        rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
        if not len(rows):
            return -6.0
        held = (np.ptp(rows) + 1) * (np.ptp(columns) + 1) / shown.size  # how much of the part the thing takes
        rim = np.concatenate([shown[0], shown[-1], shown[:, 0], shown[:, -1]]).mean()  # how far it is cut off
        chance = np.random.default_rng(int(part.astype(np.int64).sum()))
        return float(12 * (held - 0.6) - 10 * rim + chance.normal(0, VAGUE))


def coloured(part: Pixels, label: str) -> NDArray[np.bool_]:
    """Which pixels are of that colour."""
    near = np.abs(part.astype(int) - {"red": RED, "blue": BLUE}[label]).max(axis=2) < 70
    return np.asarray(near)


def scene(seed: int, label: str = "red", width: int = 160, height: int = 120) -> tuple[Pixels, tuple[int, ...]]:
    """A disc among grey and green clutter under grain, and its box."""
    chance = np.random.default_rng(seed)
    shown = np.full((height, width, 3), 128) + chance.normal(0, 6, (height, width, 3))
    for _ in range(25):
        left, top, wide, high = chance.integers((0, 0, 6, 6), (width, height, 40, 40))
        shown[top : top + high, left : left + wide] = chance.integers((0, 60, 0), (120, 256, 120))
    radius = int(chance.integers(12, 36))
    x, y = int(chance.integers(radius, width - radius)), int(chance.integers(radius, height - radius))
    rows, columns = np.ogrid[:height, :width]
    shown[(rows - y) ** 2 + (columns - x) ** 2 <= radius**2] = {"red": RED, "blue": BLUE}[label]
    grain = chance.normal(0, 6, shown.shape)
    pixels = np.clip(shown + grain, 0, 255).astype(np.uint8)
    return pixels, (x - radius, y - radius, x + radius + 1, y + radius + 1)
