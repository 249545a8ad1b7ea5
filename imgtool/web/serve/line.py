"""The line before a model: what waits is judged together, and no more waits than can be judged soon."""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from time import perf_counter

from classify.nouns import Judgement, Pixels
from imgtool.errors import ImgtoolError
from imgtool.pipeline.stands import Stand

LOG = logging.getLogger("imgtool.serve")
BATCH = 32  # pictures judged at once: a network is hardly quicker with more
COMPANY = 0.005  # s that a batch waits for pictures that are being decoded: less than a small network takes for one
PLACES = 256  # pictures in the house: 10 s of a quick network, 40 MB of their pixels
FADING = 0.05  # how much the newest answer weighs in the pace: some twenty count


class Full(ImgtoolError):
    """More wait than can be judged soon."""

    def __init__(self, after: int) -> None:
        super().__init__("Too many pictures are waiting.", hint=f"Send it again in {after} s.")
        self.after = after  # s


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture that waits for its judgement."""

    pixels: Pixels
    top: int
    said: asyncio.Future[Judgement]


class Line:
    """One model's line. Its model works in a thread of its own, on one batch at a time."""

    def __init__(self, stand: Stand, watch: Callable[[int, float], None] = lambda _count, _seconds: None) -> None:
        self.stand = stand
        self.inside = 0  # pictures that were let in and have no answer yet
        self.pace = 0.0  # s a picture, of late
        self.looked = asyncio.Event()  # has the model been tried by now?
        self.fault = ""  # what was wrong with it when it was last asked
        self._watch = watch
        self._waiting: deque[Shown] = deque()
        self._thread = ThreadPoolExecutor(1, f"imgtool-{stand.name}")
        self._come = asyncio.Event()

    async def serve(self) -> None:
        """Judge batch after batch, for ever."""
        await self._warmed()
        while True:
            if group := await self._group():
                await self._judge(group)

    def close(self) -> None:
        """Nobody is judged any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def places(self, count: int) -> Iterator[None]:
        """Room for so many pictures; Full when there is none. An empty house takes as many as a request may hold."""
        if self.inside and self.inside + count > PLACES:
            raise Full(max(1, math.ceil(self.inside * self.pace)))
        self.inside += count
        started, ahead = perf_counter(), self.inside
        try:
            yield
            self._measured((perf_counter() - started) / ahead)
        finally:
            self.inside -= count

    async def judged(self, pixels: Pixels, top: int) -> Judgement:
        """What the model says; whoever stops waiting leaves the line."""
        shown = Shown(pixels, top, asyncio.get_running_loop().create_future())
        self._waiting.append(shown)
        self._come.set()
        try:
            return await shown.said
        finally:
            if shown in self._waiting:
                self._waiting.remove(shown)

    async def _warmed(self) -> None:
        loop = asyncio.get_running_loop()
        (fault,) = await asyncio.gather(loop.run_in_executor(self._thread, self.stand.warm), return_exceptions=True)
        if fault:  # whoever asks is told too, for it fails again
            self.fault = str(fault)
            LOG.error("%s cannot be asked: %s", self.stand.name, fault)
        self.looked.set()

    async def _group(self) -> list[Shown]:
        """Those who wait, and for a moment those who are about to."""
        while not self._waiting:
            self._come.clear()
            await self._come.wait()
        until = perf_counter() + COMPANY
        while len(self._waiting) < min(BATCH, self.inside) and (left := until - perf_counter()) > 0:
            self._come.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._come.wait(), left)
        return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    async def _judge(self, group: Sequence[Shown]) -> None:
        """Judge them; what goes wrong is told to them alone."""
        started, loop = perf_counter(), asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, self._said, [one.pixels for one in group], max(o.top for o in group))
        (done,) = await asyncio.gather(work, return_exceptions=True)
        seconds = perf_counter() - started
        self._watch(len(group), seconds)
        self.fault = str(done) if isinstance(done, BaseException) else ""
        for place, one in enumerate(group):
            if one.said.done():  # its client left
                continue
            if isinstance(done, BaseException):
                one.said.set_exception(done)
            else:
                one.said.set_result(replace(done[place], ranked=done[place].ranked[: one.top]))

    def _measured(self, seconds: float) -> None:
        """By Little's law: whoever waited so long behind so many knows how long each takes, decoding and all."""
        self.pace += (seconds - self.pace) * (FADING if self.pace else 1.0)

    def _said(self, pixels: Sequence[Pixels], top: int) -> list[Judgement]:
        return self.stand.judge.judged(pixels, top)
