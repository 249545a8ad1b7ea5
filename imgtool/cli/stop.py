"""SIGTERM is treated as Ctrl-C is: the library drains and commits; only the exit code tells them apart."""

from __future__ import annotations

import signal
from types import FrameType

from imgtool.errors import ImgtoolError

_received: list[int] = []


class Stopped(ImgtoolError):
    """A signal ended the command; what was done is safe."""

    def __init__(self, number: int) -> None:
        super().__init__("Stopped. What was kept is safe.", hint="The same command again goes on from here.")
        self.exit_code = 128 + number


def listen() -> None:
    """From now on SIGTERM interrupts."""
    signal.signal(signal.SIGTERM, _interrupt)


def stopped() -> Stopped:
    """The error for the signal that came: 143 for SIGTERM, 130 for Ctrl-C."""
    return Stopped(_received[-1] if _received else signal.SIGINT)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    handler = signal.getsignal(signal.SIGINT)  # asyncio's own while it runs: it cancels, and all drains
    if not callable(handler):
        raise KeyboardInterrupt  # a shell's background job ignores SIGINT, but not SIGTERM
    handler(signal.SIGINT, frame)
