"""How an export's pictures are made: all that decides over their bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Treatment:
    """The same treatment of the same file gives the same bytes."""

    size: int = 0  # px, both sides; 0 = as they are
    fit: str = "pad"  # pad crop stretch: how a picture becomes a square
    colour: str = "rgb"  # rgb grey
    augment: str = "light"  # the preset of the variants
    seed: int = 0
    quality: int = 95  # of the JPEGs that have to be written anew
