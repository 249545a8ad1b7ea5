"""A team of workers for one event loop: an order in, its answer awaited.

async with Relay(rules) as relay:
    answer = await relay.ask(order)
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self, TypeAlias

from curate.team import Rules, Team, Worker
from imgtool.errors import ImgtoolError

Waiting: TypeAlias = "asyncio.Future[object]"

TICK = 0.25  # s between looks at the clock; a hang is found that much later than it could be


class Relay:
    """The team, and those who wait for its answers."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
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

    async def ask(self, order: object) -> object:
        """The answer, or a Refusal of what its worker died of. Whoever stops waiting takes the order back."""
        future: Waiting = self._loop.create_future()
        self._waiting.add(future)
        self._team.submit(future, order)
        try:
            return await future
        except asyncio.CancelledError:
            self._team.forget(future)
            raise
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
                future.set_result(answer)

    def _give_up(self, error: ImgtoolError) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_exception(error)

    def _tick(self) -> None:
        self._team.hurry()
        self._clock = self._loop.call_later(TICK, self._tick)
