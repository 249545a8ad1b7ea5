"""What is searched for, and how thoroughly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from imgtool.errors import UsageError

ALL = frozenset({"colour", "texture", "size", "fill"})
UNCOLOURED = ALL - {"colour"}
ROOM = frozenset({"size", "fill"})


@dataclass(frozen=True, slots=True)
class Strategy:
    """Which hierarchies are made: one for each colour space, scale and set of measures."""

    spaces: tuple[str, ...]
    scales: tuple[int, ...]  # of the graph's rule, and the fewest pixels of a part
    by: tuple[frozenset[str], ...]
    sides: tuple[
        int, int
    ]  # px: a picture is halved, its longer side no shorter than the first, no longer than the second


# Of those that were tried, what found most in its time: docs/regions.md
STRATEGIES: Mapping[str, Strategy] = MappingProxyType(
    {
        "fast": Strategy(("hsv", "lab", "rgi"), (50,), (ALL, UNCOLOURED), (192, 256)),
        "quality": Strategy(("hsv", "lab", "rgi", "hue", "grey"), (50, 100), (ALL, UNCOLOURED, ROOM), (320, 320)),
    }
)


@dataclass(frozen=True, slots=True)
class Search:
    """How a picture is searched for objects."""

    strategy: str = "fast"  # or "quality": slower, tighter boxes, and more of them
    most: int = 2000  # boxes
    least: float = 0.002  # share of the picture that a box has
    aspect: float = 5.0  # the longer side by the shorter
    near: float = 0.9  # overlap from which on two boxes are one

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            known = ", ".join(STRATEGIES)
            raise UsageError(f"No strategy is called {self.strategy!r}.", hint=f"Known strategies: {known}.")
        if not (self.most >= 1 and 0 <= self.least <= 1 and self.aspect >= 1 and 0 < self.near <= 1):
            told = f"most {self.most}, least {self.least}, aspect {self.aspect}, near {self.near}"
            hint = "`most` and `aspect` are 1 or more, `least` is a share from 0 to 1, `near` one above 0."
            raise UsageError(f"No box could be found by {told}.", hint=hint)


FAST, QUALITY = Search(), Search("quality", near=0.95)
