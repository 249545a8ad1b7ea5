"""Pictures examined by a pool of processes: from asyncio, or as a plain iterator.

A picture that crashes or hangs its decoder is refused as `decoder_crash`; the run goes on.
"""

from __future__ import annotations

import os
import selectors
from collections.abc import Iterable, Iterator
from typing import TypeVar

from curate.admit import Verdict
from curate.bounds import BOUNDS, Bounds
from curate.relay import TICK, Relay
from curate.team import PATIENCE, Rules, Team
from curate.wire import from_bounds, to_verdict

Place = TypeVar("Place", bound=str | os.PathLike[str])


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


class Examiners(Relay):
    """A pool for one event loop.

    async with Examiners() as pool:
        verdict = await pool.examine(path)
    """

    def __init__(self, workers: int = 0, bounds: Bounds = BOUNDS, patience: float = PATIENCE) -> None:
        super().__init__(rules(workers, bounds, patience))

    async def examine(self, path: str | os.PathLike[str]) -> Verdict:
        """The verdict on one file."""
        return to_verdict(await self.ask(absolute(path)))
