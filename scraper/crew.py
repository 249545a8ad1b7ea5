"""Bounded workers, a turn for each host, an orderly end: the only module that starts tasks.

    jobs ──feed──▶ waiting by host ──turn and seat──▶ task ──▶ result ──▶ whoever iterates

A job holds its host's turn while it talks to the host, and a seat from its start until its result has been taken: who
takes results slowly is fed slowly. A job that must wait gives both back meanwhile (`again`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from scraper.addresses import own_server
from scraper.limits import Limits
from scraper.turns import Pace, Turns

Job = TypeVar("Job")
Result = TypeVar("Result")
Task: TypeAlias = "asyncio.Task[Any]"

CALM = 0.5  # seconds in which being crowded again is still the same crowd
LOOKAHEAD = 4  # jobs for each seat that may wait while their hosts are busy, so that other hosts are found behind them


@dataclass(slots=True)
class _Seat:
    """Where a running task sits."""

    shift: _Shift[Any, Any]
    host: str  # whose turn it holds; "" = none any more
    gap: float  # the pace of its host when it began


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """What waits for a turn: a job to be started, or a task to be let on."""

    shift: _Shift[Any, Any]
    begin: Callable[[str], None]


class Crew:
    """Seats and turns, shared by everything that one run fetches."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._room = limits.concurrency
        self._taken = 0
        self._away = 0
        self._own: set[str] = set()
        self._turns: Turns[_Waiting] = Turns(self._pace)
        self._seats: dict[Task, _Seat] = {}
        self._shifts: list[_Shift[Any, Any]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._calm = 0.0

    async def run(
        self,
        jobs: AsyncIterator[Job],
        work: Callable[[Job], Coroutine[Any, Any, Result]],
        host_of: Callable[[Job], str],
    ) -> AsyncGenerator[Result, None]:
        """The result of `work` for each job, in the order of their ends. Close it (`aclosing`) to call all off."""
        shift = _Shift(self, jobs, work, host_of)
        self._shifts.append(shift)
        try:
            while await shift.more():
                result = shift.take()
                self.dispatch()
                yield result
        finally:
            self._shifts.remove(shift)
            await shift.close()
            self.dispatch()

    async def again(self, after: float, host: str = "") -> None:
        """Give seat and turn back, wait, and take a turn again: at the same host, or at another."""
        task = asyncio.current_task()
        seat = self._seats.pop(task, None) if task else None
        if task is None or seat is None:  # not started by a crew
            await asyncio.sleep(after)
            return
        shift, host = seat.shift, host or seat.host
        self.free(seat)
        self._away += 1
        try:
            self.dispatch()
            await asyncio.sleep(after)
            await self._let_on(task, shift, host)
        finally:
            self._away -= 1

    def leave(self) -> None:
        """The current task needs its host no more; its seat it keeps."""
        seat = self._mine()
        if seat and seat.host:
            host, seat.host = seat.host, ""
            self._turns.done(host, self._now())
            self.dispatch()

    def rest(self, seconds: float) -> None:
        """The current task's host wants no new request for a while."""
        seat = self._mine()
        if seat and seat.host:
            self._turns.rest(seat.host, self._now() + seconds)

    async def slow(self, gap: float) -> None:
        """The current task's host wants that many seconds from one request to the next, from this one on."""
        seat = self._mine()
        if seat is None or not seat.host or seat.gap >= gap:
            return
        if self._turns.gap(seat.host) >= gap:  # another task learned it first, and goes first
            await self.again(0.0)
        else:
            self._turns.pace(seat.host, Pace(1, gap))
            self._turns.rest(seat.host, self._now() + gap)
            seat.gap = gap

    def crowded(self) -> None:
        """This machine has too few sockets or files for so many at once: a quarter fewer from now on."""
        if self._now() > self._calm:  # many find out together; that counts once
            self._room = max(1, self._room * 3 // 4)
            self._calm = self._now() + CALM

    @property
    def room(self) -> int:
        """How many jobs may be under way."""
        return self._room

    @property
    def full(self) -> bool:
        """Do enough jobs wait? More are let in while those that wait could not start anyway."""
        return self._turns.waiting + self._away >= self._room * (1 if self._turns.ready else LOOKAHEAD)

    @property
    def hungry(self) -> bool:
        """Is it time to feed again? Well before the last job has started, and rarely, because it costs a switch."""
        return not self.full and (not self._turns.ready or self._turns.waiting <= self._room // 2)

    def add(self, host: str, waiting: _Waiting, *, first: bool = False) -> None:
        """Let something wait for its turn."""
        self._turns.add(host, waiting, self._now(), first=first)
        self.dispatch()

    def dispatch(self) -> None:
        """Start what may start. Called whenever a seat or a turn has come free, and by the clock."""
        now = self._now()
        while self._taken < self._room and (turn := self._turns.take(now)):
            host, waiting = turn
            self._taken += 1
            waiting.begin(host)
        self._set_timer()
        if self.hungry:
            for shift in self._shifts:
                shift.feed()

    def sit(self, shift: _Shift[Any, Any], task: Task, host: str) -> None:
        """A task has got a seat and a turn."""
        self._seats[task] = _Seat(shift, host, self._turns.gap(host))

    def stand(self, task: Task) -> _Seat | None:
        """A task has ended: its turn is free. Its seat is given back, or kept until its result is taken (`free`)."""
        seat = self._seats.pop(task, None)
        if seat and seat.host:
            self._turns.done(seat.host, self._now())
            seat.host = ""
        return seat

    def free(self, seat: _Seat | None) -> None:
        """A seat, and the turn that may still go with it, for somebody else."""
        self._taken -= 1
        if seat and seat.host:
            self._turns.done(seat.host, self._now())

    def drop(self, shift: _Shift[Any, Any]) -> None:
        """Nothing of that shift waits any more."""
        self._turns.drop(lambda waiting: waiting.shift is shift)

    async def _let_on(self, task: Task, shift: _Shift[Any, Any], host: str) -> None:
        gate = asyncio.get_running_loop().create_future()

        def begin(host: str) -> None:
            self.sit(shift, task, host)  # at once: whatever becomes of the task, its end gives the seat back
            if not gate.done():
                gate.set_result(None)

        self.add(host, _Waiting(shift, begin), first=True)
        await gate

    def _mine(self) -> _Seat | None:
        task = asyncio.current_task()
        return self._seats.get(task) if task else None

    def _pace(self, place: str) -> Pace:
        host = place if place.endswith("]") else place.rpartition(":")[0] or place
        if self._limits.allow_private and own_server(host.strip("[]")):
            return Pace(self._limits.concurrency, 0.0)
        return Pace(self._limits.per_host, 1 / self._limits.starts_per_second)

    def _set_timer(self) -> None:
        due = self._turns.due if self._turns.waiting and self._taken < self._room else None
        if self._timer and (due is None or self._timer.when() > due or self._timer.cancelled()):
            self._timer.cancel()
            self._timer = None
        if due is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_at(due, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.dispatch()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


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
        for _ in self._ended:
            self._crew.free(None)
        self._ended.clear()
        aclose: Callable[[], Awaitable[None]] | None = getattr(self._jobs, "aclose", None)
        if aclose:
            await aclose()

    async def _feed_all(self) -> None:
        async for job in self._jobs:
            self._pending += 1
            self._crew.add(self._host_of(job), _Waiting(self, partial(self._begin, job)))
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
