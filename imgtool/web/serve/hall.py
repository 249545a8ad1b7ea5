"""The hall that all visitors share: the models on their stands, one pool of eyes, a line before each model."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from curate.sights import Eyes, Sight
from imgtool.pipeline.predicted import Prediction
from imgtool.pipeline.review import Desk
from imgtool.pipeline.stands import Stand
from imgtool.pipeline.telling import prediction
from imgtool.records import Refusal
from imgtool.web.serve.errands import Errands
from imgtool.web.serve.line import Line
from imgtool.web.serve.metrics import Metrics
from imgtool.web.serve.room import Room
from imgtool.web.serve.wrong import Wrong
from scraper.limits import Limits

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class House:
    """What there is beside the models."""

    data: Path | None = None  # the dataset that is taught, and reviewed
    allow_url: bool = False  # may pictures be fetched from addresses?
    samples: tuple[Path, ...] = ()  # pictures to try
    limits: Limits = field(default_factory=Limits)  # of what is fetched
    desk: Desk | None = None  # where the dataset is taught and reviewed


class Hall:
    """Open for the time of `async with`."""

    def __init__(self, stands: Iterable[Stand], house: House | None = None) -> None:
        self.house = house or House()
        self.stands = {stand.name: stand for stand in stands}
        self.metrics = Metrics()
        self.room = Room()
        self.lines: dict[str, Line] = {}
        self._eyes = Eyes()
        self._errands = Errands(self.house.limits)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._eyes)
        self._stack.callback(self._errands.close)
        for stand in self.stands.values():
            line = self.lines[stand.name] = Line(stand, self.metrics.batch(stand.name))
            self._stack.callback(line.close)
            self._stack.callback(asyncio.create_task(line.serve()).cancel)
        self.metrics.lines(self.lines)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def data(self) -> Path | None:
        """The dataset that is taught and reviewed, if there is one."""
        return self.house.data

    @property
    def desk(self) -> Desk | None:
        """Where it is taught and reviewed."""
        return self.house.desk

    @property
    def allow_url(self) -> bool:
        """May pictures be fetched from addresses?"""
        return self.house.allow_url

    @property
    def samples(self) -> tuple[Path, ...]:
        """Pictures to try."""
        return self.house.samples

    @property
    def ready(self) -> bool:
        """Has every model been tried?"""
        return bool(self.lines) and all(line.looked.is_set() for line in self.lines.values())

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, by the model's name."""
        return {name: line.fault for name, line in self.lines.items() if line.fault}

    def stand(self, name: str = "") -> Stand:
        """The model of that name, the first when none is named; Wrong, 404, when there is none."""
        found = self.stands.get(name) if name else next(iter(self.stands.values()))
        if found is None:
            known = ", ".join(self.stands)
            raise Wrong(404, "unknown_model", f"There is no model {name[:100]!r}.", f"Served are: {known}.")
        return found

    async def seen(self, data: bytes, side: int, fit: str) -> Sight | Refusal:
        """A picture's bytes at that size: `stretch`, `pad` or `crop` to a square, or `whole`."""
        return await self._eyes.seen(data, side, fit)

    async def fetched(self, url: str) -> bytes:
        """What lies at an address, by the scraper's guarded way; Wrong says why it cannot be had."""
        return await self._errands.fetched(url)

    async def judged(self, stand: Stand, pictures: Sequence[bytes], top: int) -> list[Prediction]:
        """What a model says of each, in their order; line.Full when too many wait."""
        line = self.lines[stand.name]
        with line.places(len(pictures)):
            return await together(self._judged(line, data, top) for data in pictures)

    async def _judged(self, line: Line, data: bytes, top: int) -> Prediction:
        sight = await self.seen(data, *line.stand.eyes)
        self.metrics.picture(line.stand.name, sight)
        if isinstance(sight, Refusal):
            return Prediction("", refusal=sight)
        return prediction("", await line.judged(sight.pixels, top))


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All of it at once; when one part fails or nobody waits any more, the rest is left."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
