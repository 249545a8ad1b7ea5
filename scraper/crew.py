"""Bounded workers, a turn for each host, an orderly end: the only module that starts tasks.

    jobs ──feed──▶ waiting by host ──turn and seat──▶ task ──▶ result ──▶ whoever iterates

Seats are given back as results are taken: who takes them slowly is fed slowly.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Generic, TypeVar

from scraper.seats import Seats, Waiting

Job = TypeVar("Job")
Result = TypeVar("Result")


class Crew(Seats):
    """Seats and turns, and tasks that take them."""

    async def run(
        self,
        jobs: AsyncIterator[Job],
        work: Callable[[Job], Coroutine[Any, Any, Result]],
        host_of: Callable[[Job], str],
    ) -> AsyncGenerator[Result, None]:
        """The result of `work` for each job, in the order of their ends. Close it (`aclosing`) to call all off."""
        shift = _Shift(self, jobs, work, host_of)
        self.eaters.append(shift)
        try:
            while await shift.more():
                result = shift.take()
                self.dispatch()
                yield result
        finally:
            self.eaters.remove(shift)
            await shift.close()
            self.dispatch()


class _Shift(Generic[Job, Result]):
    """One `run`: its jobs coming in, its tasks, its results waiting to be taken."""

    def __init__(
        self,
        crew: Crew,
        jobs: AsyncIterator[Job],
        work: Callable[[Job], Coroutine[Any, Any, Result]],
        host_of: Callable[[Job], str],
    ) -> None:
        self._crew = crew
        self._jobs = jobs
        self._work = work
        self._host_of = host_of
        self._tasks: set[asyncio.Task[Result]] = set()
        self._ended: deque[asyncio.Task[Result]] = deque()
        self._pending = 0  # jobs fed whose results have not been taken
        self._bell = asyncio.Event()
        self._hunger = asyncio.Event()
        self._feeder = asyncio.create_task(self._feed_all())
        self._feeder.add_done_callback(lambda _: self._bell.set())

    async def more(self) -> bool:
        """Wait for a result; False when there will be none. Raises what broke the jobs' source."""
        while not self._ended:
            if self._feeder.done():
                self._feeder.result()
                if not self._pending:
                    return False
            self._bell.clear()
            await self._bell.wait()
        return True

    def take(self) -> Result:
        """The next result. Raises what broke its work."""
        task = self._ended.popleft()
        self._pending -= 1
        self._crew.free(None)
        return task.result()

    def feed(self) -> None:
        """There is room for more jobs."""
        self._hunger.set()

    async def close(self) -> None:
        """Call everything off, and wait until it has ended."""
        for task in (self._feeder, *self._tasks):
            task.cancel()
        self._crew.drop(self)
        await asyncio.gather(self._feeder, *self._tasks, return_exceptions=True)
        for task in self._ended:
            task.exception()  # nobody will take it; asyncio would complain of that, once for each
            self._crew.free(None)
        self._ended.clear()
        aclose: Callable[[], Awaitable[None]] | None = getattr(self._jobs, "aclose", None)
        if aclose:
            await aclose()

    async def _feed_all(self) -> None:
        async for job in self._jobs:
            self._pending += 1
            self._crew.add(self._host_of(job), Waiting(self, partial(self._begin, job)))
            if self._crew.full:
                self._hunger.clear()
                await self._hunger.wait()

    def _begin(self, job: Job, host: str) -> None:
        task = asyncio.create_task(self._work(job))
        self._crew.sit(self, task, host)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[Result]) -> None:
        self._tasks.discard(task)
        seat = self._crew.stand(task)
        if not task.cancelled():
            self._ended.append(task)
        else:
            self._pending -= 1
            if seat:
                self._crew.free(seat)
        self._bell.set()
        self._crew.dispatch()
