"""One timer over all bodies under way: it ends those that stall and those whose time is up.

A timer for each read would cost more than the reading. aiohttp counts the bytes that arrive; this looks at the counts.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import StreamReader

from imgtool.records import Reason
from scraper.doorway import Unreachable
from scraper.limits import Limits
from scraper.transport.pace import Pace

OFTEN = 0.5  # seconds between two looks; less where a test sets shorter limits


@dataclass(slots=True)
class _Progress:
    deadline: float
    begun: float
    marked: float  # when the last `stall_bytes` were complete
    mark: int  # bytes that had arrived by then


class Watch:
    """Bodies are put under it and taken out again."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._often = min(OFTEN, limits.stall / 4, limits.total / 4)
        self._bodies: dict[StreamReader, _Progress] = {}
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._pace = Pace(limits.stall)

    def add(self, body: StreamReader, deadline: float) -> None:
        """Watch a body from now on, until `deadline` on the loop's clock at most."""
        now = self._loop.time()
        self._bodies[body] = _Progress(deadline, now, now, body.total_bytes)
        if self._timer is None:
            self._timer = self._loop.call_later(self._often, self._look)

    def drop(self, body: StreamReader) -> None:
        """It has arrived or failed."""
        progress = self._bodies.pop(body, None)
        if progress and body.is_eof() and body.exception() is None:
            self._pace.came(self._loop.time() - progress.begun)

    def close(self) -> None:
        """No more looks."""
        if self._timer:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = self._loop.call_later(self._often, self._look) if self._bodies else None
        now = self._loop.time()
        for body, progress in self._bodies.items():
            if body.total_bytes - progress.mark >= self._limits.stall_bytes:
                progress.marked, progress.mark = now, body.total_bytes
            if now > progress.deadline:
                self._end(body, Reason.TIMEOUT, f"not whole after {self._limits.total:g} s")
            elif now - progress.marked > (limit := self._patience(body.total_bytes > progress.mark)):
                self._end(body, Reason.STALLED, f"{body.total_bytes - progress.mark} bytes in {limit:g} s")

    def _patience(self, moving: bool) -> float:
        """Seconds that a body may take for its next bytes."""
        return self._limits.stall if moving else self._pace.patience

    def _end(self, body: StreamReader, reason: Reason, detail: str) -> None:
        if body.exception() is None and not body.is_eof():
            body.set_exception(Unreachable(reason, detail))  # whoever reads is woken by it
