"""Any picture file looked at, and captions written, by worker processes.

with Pool(eyes(224)) as pool:  # for a plain loop that never waits long
    pool.submit("mine", path)
    for ticket, answer in pool.heard(): ...

async with Eyes() as pool:  # for an event loop; bytes, each at the size and by the fit it is wanted
    sight = await pool.seen(data, 224, "stretch")
"""

from __future__ import annotations

import selectors
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

import numpy as np

from curate.caption import Caption
from curate.examiners import absolute
from curate.memo import memo
from curate.pixels import Pixels
from curate.relay import TICK, Relay
from curate.team import PATIENCE, Rules, Team
from imgtool.records import Reason, Refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A picture at the size that was asked for."""

    pixels: Pixels  # rows × columns × RGB, upright
    width: int  # of its file, upright
    height: int


def eyes(side: int, fit: str = "stretch", workers: int = 0) -> Rules:
    """A pool that answers a path with a Sight: `stretch`, `pad`, `crop` to a square; or `whole`, not enlarged."""
    return Rules("curate.darkroom.eye", (side, fit), workers, PATIENCE)


def scribes(workers: int = 0) -> Rules:
    """A pool that answers a path and a caption with a file."""
    return Rules("curate.darkroom.scribe", (), workers, PATIENCE)


def sighted(answer: object) -> Sight | Refusal:
    """What an eye has said."""
    if isinstance(answer, Refusal):
        return answer
    assert isinstance(answer, tuple)
    if len(answer) == 2:
        return Refusal(Reason(answer[0]), answer[1])
    data, rows, columns, width, height = answer
    return Sight(np.frombuffer(data, np.uint8).reshape(rows, columns, 3), width, height)


def written(answer: object) -> tuple[bytes, str] | Refusal:
    """What a scribe has said: a file's bytes, and "jpeg" or "png"."""
    if isinstance(answer, Refusal):
        return answer
    assert isinstance(answer, tuple)
    return Refusal(Reason(answer[0]), answer[1]) if len(answer) == 2 else (answer[0], answer[1])


def captioning(path: str, caption: Caption) -> tuple[object, ...]:
    """A scribe's order."""
    return (absolute(path), *astuple(caption))


class Pool(Generic[T]):
    """A team of workers, and the ear for them."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._selector = stack.enter_context(selectors.DefaultSelector())
            self._team: Team[T] = Team(
                self._rules,
                watch=lambda worker: self._selector.register(worker.line, selectors.EVENT_READ, worker),
                unwatch=lambda worker: self._selector.unregister(worker.line),
            )
            stack.callback(self._team.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def busy(self) -> bool:
        """Is an answer owed?"""
        return self._team.busy

    def submit(self, ticket: T, order: object) -> None:
        """One more order."""
        self._team.submit(ticket, order)

    def heard(self, patience: float = TICK) -> list[tuple[T, object]]:
        """What the workers say next, each answer with its ticket; waits no longer than that."""
        told = [answer for key, _ in self._selector.select(patience) for answer in self._team.heard(key.data)]
        self._team.hurry()
        return told


class Eyes(Relay):
    """One pool of eyes for everything that an event loop is shown."""

    def __init__(self, workers: int = 0) -> None:
        super().__init__(eyes(0, workers=workers))

    async def seen(self, data: bytes, side: int, fit: str) -> Sight | Refusal:
        """The picture in a file's bytes, as it is wanted; fits are those of `eyes`."""
        with memo(data) as path:
            return sighted(await self.ask((path, side, fit)))
