"""So many of so many, and what that proves: Wilson's interval, which holds for few pictures and for all right."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959963984540054  # standard deviations that hold 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many."""

    right: int
    total: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where there is none to count."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the truth lies, 95 times of 100."""
        return wilson(self.right, self.total)

    @property
    def wrong(self) -> int:
        """The others."""
        return self.total - self.right


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927); everything is possible where nothing was counted."""
    if not total:
        return 0.0, 1.0
    share, spread = right / total, Z * Z / total
    middle = (share + spread / 2) / (1 + spread)
    reach = Z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return (max(0.0, middle - reach) if right else 0.0), (min(1.0, middle + reach) if right < total else 1.0)
