"""Whose turn is it? Work waits here by host; what may start now comes out. A plain structure: no tasks, no clock."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pace:
    """How one host is to be treated."""

    at_once: int
    gap: float  # seconds from one start to the next


@dataclass(slots=True, eq=False)
class _Host(Generic[T]):
    name: str
    pace: Pace
    waiting: deque[T] = field(default_factory=deque)
    active: int = 0
    due: float = 0.0  # the earliest next start
    queued: bool = False  # in `ready` or in `later`: in at most one of them, once


class Turns(Generic[T]):
    """Hosts take turns; no host gets more than its pace, and a slow one holds up nobody else."""

    def __init__(self, pace_of: Callable[[str], Pace]) -> None:
        self._pace_of = pace_of
        self._hosts: dict[str, _Host[T]] = {}
        self._ready: deque[_Host[T]] = deque()
        self._later: list[tuple[float, int, _Host[T]]] = []
        self._count = 0  # a heap must never compare hosts
        self.waiting = 0

    def add(self, host: str, item: T, now: float, *, first: bool = False) -> None:
        """Let an item wait; `first` for one that has waited before."""
        entry = self._host(host)
        (entry.waiting.appendleft if first else entry.waiting.append)(item)
        self.waiting += 1
        self._queue(entry, now)

    def take(self, now: float) -> tuple[str, T] | None:
        """The next item that may start, with its host; None if there is none now."""
        self._wake(now)
        while self._ready:
            host = self._ready.popleft()
            host.queued = False
            if host.waiting and host.active < host.pace.at_once and host.due <= now:
                return self._start(host, now)
            self._queue(host, now)
        return None

    def done(self, host: str, now: float) -> None:
        """An item of that host has ended."""
        entry = self._hosts[host]
        entry.active -= 1
        self._queue(entry, now)

    def rest(self, host: str, until: float) -> None:
        """Nothing of that host starts before."""
        entry = self._host(host)
        entry.due = max(entry.due, until)

    def pace(self, host: str, pace: Pace) -> None:
        """Treat a host in its own way, as long as it is busy."""
        self._host(host).pace = pace

    def gap(self, host: str) -> float:
        """Seconds from one start at a host to the next, as things stand."""
        return self._host(host).pace.gap

    def drop(self, unwanted: Callable[[T], bool]) -> None:
        """Forget the waiting items that nobody wants any more."""
        for host in self._hosts.values():
            host.waiting = deque(item for item in host.waiting if not unwanted(item))
        self.waiting = sum(len(host.waiting) for host in self._hosts.values())

    @property
    def due(self) -> float | None:
        """When the next host that had to wait may start again; None if none waits for the clock."""
        return self._later[0][0] if self._later else None

    @property
    def ready(self) -> bool:
        """May something start now, as far as is known?"""
        return bool(self._ready)

    def __len__(self) -> int:
        return len(self._hosts)

    def _host(self, name: str) -> _Host[T]:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host(name, self._pace_of(name))
        return host

    def _start(self, host: _Host[T], now: float) -> tuple[str, T]:
        item = host.waiting.popleft()
        self.waiting -= 1
        host.active += 1
        host.due = max(now, host.due) + host.pace.gap
        self._queue(host, now)
        return host.name, item

    def _queue(self, host: _Host[T], now: float) -> None:
        """Put a host where it belongs now: among the ready, with those that wait for the clock, or nowhere."""
        if host.queued:
            return
        if host.due > now:
            self._postpone(host)
        elif host.waiting and host.active < host.pace.at_once:
            host.queued = True
            self._ready.append(host)
        elif not host.waiting and not host.active:
            self._hosts.pop(host.name, None)  # nothing to remember of it: memory stays flat

    def _postpone(self, host: _Host[T]) -> None:
        host.queued = True
        self._count += 1
        heapq.heappush(self._later, (host.due, self._count, host))

    def _wake(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            host = heapq.heappop(self._later)[2]
            host.queued = False
            self._queue(host, now)
