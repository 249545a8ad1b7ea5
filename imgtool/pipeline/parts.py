"""A split's pictures with what a backbone sees in them: what heads learn from and are asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.heads import balanced
from classify.nouns import Features, Learning, Targets
from imgtool.pipeline.embedded import Embedded
from imgtool.pipeline.material import Material
from imgtool.records import Entry


@dataclass(frozen=True, slots=True)
class Part:
    """Pictures with their features; variants of a picture are rows of their own."""

    entries: tuple[Entry, ...]
    copies: NDArray[np.int64]  # 0 = the picture itself
    features: Features
    targets: Targets

    def plain(self) -> Part:
        """The pictures themselves."""
        own = self.copies == 0
        kept = tuple(entry for entry, is_own in zip(self.entries, own, strict=True) if is_own)
        return Part(kept, self.copies[own], self.features[own], self.targets[own])


def part(name: str, found: Material, seen: Sequence[Embedded]) -> Part:
    """A split's rows of what was seen."""
    own = {entry.path for entry in found.part(name)}
    rows = [(view, row) for each in seen for view, row in zip(each.views, each.features, strict=True)]
    kept = [(view, row) for view, row in rows if view.entry.path in own]
    entries = tuple(view.entry for view, _ in kept)
    copies = np.array([view.copy for view, _ in kept], np.int64)
    features = np.stack([row for _, row in kept]) if kept else np.empty((0, 0), np.float32)
    return Part(entries, copies, features, numbered(entries, found.labels))


def numbered(entries: Sequence[Entry], labels: Sequence[str]) -> Targets:
    """Each picture's class as its number."""
    places = {label: number for number, label in enumerate(labels)}
    return np.array([places[entry.label] for entry in entries], np.int64)


def weights(asked: Learning, targets: Targets, classes: int) -> NDArray[np.float64] | None:
    """How much each picture counts."""
    return balanced(targets, classes) if asked.balance else None
