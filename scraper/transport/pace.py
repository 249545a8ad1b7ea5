"""How long to wait for something, once the network has shown its pace.

The limits are for the worst network. On one that has answered many times, silence several times as long as the slowest
answer so far means that none will come; it would only hold up those who wait for it.
"""

from __future__ import annotations

KNOWN = 100  # answers before the pace is known
SLACK = 4  # times the slowest of them
SHORTEST = 3.0  # seconds: a lost packet's third repeat comes within them


class Pace:
    """One kind of waiting: for heads of answers, or for bodies."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._count = 0
        self._slowest = 0.0

    def came(self, seconds: float) -> None:
        """One more came, after so long."""
        self._count += 1
        self._slowest = max(self._slowest, seconds)

    @property
    def patience(self) -> float:
        """Seconds to wait in silence; never more than the limit."""
        return self._limit if self._count < KNOWN else min(self._limit, max(SHORTEST, SLACK * self._slowest))
