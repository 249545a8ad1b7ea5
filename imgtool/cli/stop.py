"""SIGTERM is treated as Ctrl-C is: the library drains and commits; only the exit code tells them apart.

A second signal means now. Python's own answer, an exception in the middle of the event loop, can leave a task
waiting for ever; so a thread that needs neither sees to it. What a kill leaves is whole: the next run goes on.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from types import FrameType

from imgtool.errors import ImgtoolError

GRACE = 1.0  # seconds from the second signal to the end, whatever still runs
ENOUGH = "error: Stopped at once. What was kept is safe.\nhint: The same command again goes on from here.\n"

_received: list[int] = []


class Stopped(ImgtoolError):
    """A signal ended the command; what was done is safe."""

    def __init__(self, number: int) -> None:
        super().__init__("Stopped. What was kept is safe.", hint="The same command again goes on from here.")
        self.exit_code = 128 + number


def listen() -> None:
    """From now on SIGTERM interrupts, and a second signal ends."""
    signal.signal(signal.SIGTERM, _interrupt)
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    threading.Thread(target=_hear, args=(ear,), name="imgtool-impatience", daemon=True).start()


def stopped() -> Stopped:
    """The error for the signal that came: 143 for SIGTERM, 130 for Ctrl-C."""
    return Stopped(_received[-1] if _received else signal.SIGINT)


def ending() -> None:
    """From now on a signal changes nothing: Python puts itself away, and would print a traceback for it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _nothing)


def _nothing(number: int, frame: FrameType | None) -> None:
    """Heard, not ignored: if the end takes long, a second one still ends it."""


def _hear(ear: int) -> None:
    heard: list[int] = []
    while len(heard) < 2:
        heard += [number for number in os.read(ear, 16) if number in {signal.SIGINT, signal.SIGTERM}]
    time.sleep(GRACE)
    os.write(2, ENOUGH.encode())
    os._exit(128 + heard[-1])


def _interrupt(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    handler = signal.getsignal(signal.SIGINT)  # asyncio's own while it runs: it cancels, and all drains
    if not callable(handler):
        raise KeyboardInterrupt  # a shell's background job ignores SIGINT, but not SIGTERM
    handler(signal.SIGINT, frame)
