"""Pictures examined by a pool of processes: from asyncio, or as a plain iterator.

A picture that crashes or hangs its decoder is refused as `decoder_crash`; the run goes on.
"""

from __future__ import annotations

import asyncio
import os
import selectors
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from curate.admit import Verdict
from curate.bounds import BOUNDS, Bounds
from curate.team import PATIENCE, Rules, Team, Worker
from curate.wire import from_bounds, to_verdict
from imgtool.errors import ImgtoolError

Place = TypeVar("Place", bound=str | os.PathLike[str])
Waiting: TypeAlias = asyncio.Future[Verdict]

TICK = 0.25  # s between looks at the clock; a hang is found that much later than it could be


def examine_all(
    paths: Iterable[Place], workers: int = 0, bounds: Bounds = BOUNDS, patience: float = PATIENCE
) -> Iterator[tuple[Place, Verdict]]:
    """Each path with its verdict, as they come; paths are taken from the iterable as workers get free."""
    with selectors.DefaultSelector() as selector:
        team: Team[Place] = Team(
            rules(workers, bounds, patience),
            watch=lambda worker: selector.register(worker.line, selectors.EVENT_READ, worker),
            unwatch=lambda worker: selector.unregister(worker.line),
        )
        try:
            for path in paths:
                team.submit(path, absolute(path))
                while team.full:
                    yield from answers(team, selector)
            while team.busy:
                yield from answers(team, selector)
        finally:
            team.close()


def answers(team: Team[Place], selector: selectors.BaseSelector) -> list[tuple[Place, Verdict]]:
    """What the workers say next; all are heard before any is called late, however long we were away."""
    told = [answer for key, _ in selector.select(TICK) for answer in team.heard(key.data)]
    team.hurry()
    return [(place, to_verdict(answer)) for place, answer in told]


def rules(workers: int, bounds: Bounds, patience: float) -> Rules:
    """How a team of examiners works."""
    return Rules("curate.examiner", from_bounds(bounds), workers, patience)


def absolute(path: str | os.PathLike[str]) -> str:
    """The path as a worker, whose folder is its own, finds it."""
    return os.path.abspath(path)


class Examiners:
    """A pool for one event loop.

    async with Examiners() as pool:
        verdict = await pool.examine(path)
    """

    def __init__(self, workers: int = 0, bounds: Bounds = BOUNDS, patience: float = PATIENCE) -> None:
        self._rules = rules(workers, bounds, patience)
        self._waiting: set[Waiting] = set()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._team: Team[Waiting] = Team(
            self._rules,
            watch=lambda worker: self._loop.add_reader(worker.line, self._hear, worker),
            unwatch=lambda worker: self._loop.remove_reader(worker.line),
        )
        self._clock = self._loop.call_later(TICK, self._tick)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clock.cancel()
        self._team.close()
        for future in self._waiting:
            future.cancel()

    async def examine(self, path: str | os.PathLike[str]) -> Verdict:
        """The verdict on one file."""
        future: Waiting = self._loop.create_future()
        self._waiting.add(future)
        self._team.submit(future, absolute(path))
        try:
            return await future
        finally:
            self._waiting.discard(future)

    def _hear(self, worker: Worker[Waiting]) -> None:
        try:
            told = self._team.heard(worker)
        except ImgtoolError as error:
            self._give_up(error)
            return
        for future, answer in told:
            if not future.done():  # its task may have been cancelled
                future.set_result(to_verdict(answer))

    def _give_up(self, error: ImgtoolError) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_exception(error)

    def _tick(self) -> None:
        self._team.hurry()
        self._clock = self._loop.call_later(TICK, self._tick)
