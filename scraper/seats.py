"""Who may work now? A job holds its host's turn while it talks to the host, and a seat until its result is taken.

A job that must wait gives both back meanwhile (`again`), so that waiting costs nobody anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from scraper.addresses import own_server
from scraper.limits import Limits
from scraper.turns import Pace, Turns

Task: TypeAlias = "asyncio.Task[Any]"

SLOW = 2.0  # seconds after which a job that still waits for its host lends its seat; most pictures take far less
CALM = 0.5  # seconds in which being crowded again is still the same crowd
LOOKAHEAD = 4  # jobs for each seat that may wait while their hosts are busy, so that other hosts are found behind them


class Eater(Protocol):
    """Who lets jobs in, a few at a time."""

    def feed(self) -> None:
        """There is room for more."""
        ...


@dataclass(slots=True)
class Seat:
    """Where a running task sits."""

    owner: Eater
    host: str  # whose turn it holds; "" = none any more
    gap: float  # the pace of its host when it began
    since: float
    lent: bool = False  # is somebody else working in its place?


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """What waits for a turn: a job to be started, or a task to be let on."""

    owner: Eater
    begin: Callable[[str], None]


class Seats:
    """Shared by everything that one run fetches.

    Dead and slow hosts would soon hold every seat: who has waited for one for `SLOW` seconds lends its seat until the
    host is done with. As many seats as there are may be lent, no more.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._room = limits.concurrency
        self._taken = 0
        self._lent = 0
        self._away = 0
        self._own: set[str] = set()
        self._turns: Turns[Waiting] = Turns(self._pace)
        self._seats: dict[Task, Seat] = {}
        self.eaters: list[Eater] = []
        self._timer: asyncio.TimerHandle | None = None
        self._lender: asyncio.TimerHandle | None = None
        self._calm = 0.0

    async def again(self, after: float, host: str = "") -> None:
        """Give seat and turn back, wait, and take a turn again: at the same host, or at another."""
        task = asyncio.current_task()
        seat = self._seats.pop(task, None) if task else None
        if task is None or seat is None:  # not started by a crew
            await asyncio.sleep(after)
            return
        owner, host = seat.owner, host or seat.host
        self.free(seat)
        self._away += 1
        try:
            self.dispatch()
            await asyncio.sleep(after)
            await self._let_on(task, owner, host)
        finally:
            self._away -= 1

    def leave(self) -> None:
        """The current task needs its host no more; its seat it keeps."""
        seat = self._mine()
        if seat and seat.host:
            self._end_turn(seat)
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

    def own(self) -> None:
        """The current task's host turned out to be a server of one's own: it need not be spared."""
        seat = self._mine()
        if seat and seat.host and seat.host not in self._own:
            self._own.add(seat.host)
            self._turns.pace(seat.host, self._pace(seat.host))

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

    def add(self, host: str, waiting: Waiting, *, first: bool = False) -> None:
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
            for eater in self.eaters:
                eater.feed()

    def sit(self, owner: Eater, task: Task, host: str) -> None:
        """A task has got a seat and a turn."""
        self._seats[task] = Seat(owner, host, self._turns.gap(host), self._now())

    def stand(self, task: Task) -> Seat | None:
        """A task has ended: its turn is free. Its seat is given back, or kept until its result is taken (`free`)."""
        seat = self._seats.pop(task, None)
        if seat and seat.host:
            self._end_turn(seat)
        return seat

    def free(self, seat: Seat | None) -> None:
        """A seat, and the turn that may still go with it, for somebody else."""
        if seat and seat.host:
            self._end_turn(seat)
        self._taken -= 1

    def drop(self, owner: Eater) -> None:
        """Nothing of that owner waits any more."""
        self._turns.drop(lambda waiting: waiting.owner is owner)

    def _end_turn(self, seat: Seat) -> None:
        self._turns.done(seat.host, self._now())
        seat.host = ""
        if seat.lent:
            seat.lent = False
            self._lent -= 1
            self._taken += 1

    def _lend(self) -> None:
        """Let others work in the place of those that have waited long."""
        self._lender = None
        now = self._now()
        for seat in self._seats.values():
            if self._lent >= self._room or now - seat.since < SLOW:  # in the order of their beginning
                break
            if seat.host and not seat.lent:
                seat.lent = True
                self._lent += 1
                self._taken -= 1
        self.dispatch()

    async def _let_on(self, task: Task, owner: Eater, host: str) -> None:
        gate = asyncio.get_running_loop().create_future()

        def begin(host: str) -> None:
            self.sit(owner, task, host)  # at once: whatever becomes of the task, its end gives the seat back
            if not gate.done():
                gate.set_result(None)

        self.add(host, Waiting(owner, begin), first=True)
        await gate

    def _mine(self) -> Seat | None:
        task = asyncio.current_task()
        return self._seats.get(task) if task else None

    def _pace(self, place: str) -> Pace:
        host = place if place.endswith("]") else place.rpartition(":")[0] or place
        if place in self._own or (self._limits.allow_private and own_server(host.strip("[]"))):
            return Pace(self._limits.concurrency, 0.0)
        return Pace(self._limits.per_host, 1 / self._limits.starts_per_second)

    def _set_timer(self) -> None:
        due = self._turns.due if self._turns.waiting and self._taken < self._room else None
        if self._timer and (due is None or self._timer.when() > due or self._timer.cancelled()):
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        if due is not None and self._timer is None:
            self._timer = loop.call_at(due, self._tick)
        if self._lender is None and self._turns.waiting and self._taken >= self._room:
            self._lender = loop.call_later(SLOW / 4, self._lend)

    def _tick(self) -> None:
        self._timer = None
        self.dispatch()

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
