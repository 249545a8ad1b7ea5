"""A circuit for each host: after too many failures in a row it is left alone for a while, then asked once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

COOLING = 60.0  # seconds from opening to the next trial; doubled while trials fail
WARMEST = 3600.0
REMEMBERED = 4096  # hosts in trouble; the oldest trouble is forgotten, so that memory stays flat


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    cooling: float = COOLING
    closed_again: float = 0.0  # by the monotonic clock


class Breaker:
    """Failures and successes in, "leave it alone" out."""

    def __init__(self, threshold: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._threshold = threshold
        self._clock = clock
        self._troubled: OrderedDict[str, _Circuit] = OrderedDict()

    def open(self, host: str) -> bool:
        """Is the host to be left alone now? After the cooling one asker gets a no from this, the others a yes."""
        circuit = self._troubled.get(host)
        if circuit is None or circuit.failures < self._threshold:
            return False
        if self._clock() < circuit.closed_again:
            return True
        circuit.closed_again = self._clock() + circuit.cooling  # the trial is out
        return False

    def failed(self, host: str) -> None:
        """One more failure in a row."""
        circuit = self._circuit(host)
        circuit.failures += 1
        if circuit.failures >= self._threshold:
            circuit.closed_again = self._clock() + circuit.cooling
            circuit.cooling = min(circuit.cooling * 2, WARMEST)

    def worked(self, host: str) -> None:
        """It answers: all is forgiven."""
        if self._troubled:
            self._troubled.pop(host, None)

    def rest(self, host: str, seconds: float) -> None:
        """The host itself asks to be left alone."""
        circuit = self._circuit(host)
        circuit.failures = max(circuit.failures, self._threshold)
        circuit.closed_again = self._clock() + seconds

    def _circuit(self, host: str) -> _Circuit:
        circuit = self._troubled.setdefault(host, _Circuit())
        self._troubled.move_to_end(host)
        if len(self._troubled) > REMEMBERED:
            self._troubled.popitem(last=False)
        return circuit
