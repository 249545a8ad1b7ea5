"""A serving app that runs: a judge of colours that needs no network, a real server on loopback, and ways to ask it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import requests

from classify.nouns import Card, Judgement, Pixels
from curate.sights import eyes
from curate.team import Rules
from imgtool.pipeline.stands import Stand
from imgtool.web.door import Door
from imgtool.web.serve import Hall, House, Opening, serve_app
from imgtool.web.serve.crowd import affordable
from imgtool.web.serve.opening import door_of, furnished
from imgtool.web.server import bound, server
from tests.painted import encoded

T = TypeVar("T")

RED, GREEN, BLUE = (250, 10, 10), (10, 250, 10), (10, 10, 250)
LABELS = ("red", "green <b>", "blue")
SIDE = 24


class Colours:
    """Tells which colour there is most of; remembers how many it was shown at once."""

    def __init__(self, side: int = SIDE) -> None:
        self.labels = LABELS
        self.side = side
        self.batches: list[int] = []
        self.wait = 0.0  # s that a batch takes
        self.begun = threading.Event()  # a batch has come
        self.gate = threading.Event()  # while it is not set, no batch ends
        self.gate.set()
        self.fails: Exception | None = None

    def eyes(self) -> Rules:
        return eyes(self.side)

    def judged(self, pixels: Sequence[Pixels], top: int) -> list[Judgement]:
        self.batches.append(len(pixels))
        self.begun.set()
        time.sleep(self.wait)
        self.gate.wait(30)
        if self.fails:
            raise self.fails
        return [self._judged(each, top) for each in pixels]

    def _judged(self, pixels: Pixels, top: int) -> Judgement:
        mean = pixels.reshape(-1, 3).mean(0) + 1e-3
        ranked = sorted(zip(LABELS, (mean / mean.sum()).tolist(), strict=True), key=lambda pair: -pair[1])
        sure = ranked[0][1] > 0.5
        return Judgement(tuple(ranked[:top]), sure, "" if sure else f"{ranked[0][0]} or {ranked[1][0]}", 0.25)


def colours(name: str = "colours", judge: Colours | None = None, **card: Any) -> Stand:
    """It on a stand."""
    known: dict[str, Any] = {"size": SIDE, "metrics": {"accuracy": 0.97, "low": 0.9, "high": 0.99, "tested": 60.0}}
    return Stand(name, judge or Colours(), "pictures", Card(LABELS, **(known | card)))


def plain(colour: tuple[int, int, int] = RED, size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    return encoded(np.full((*size[::-1], 3), colour, np.uint8), kind)


@dataclass
class Served:
    """A running hall, and a session that has no ticket before it `enters`."""

    hall: Hall
    door: Door
    loop: asyncio.AbstractEventLoop
    web: requests.Session = field(default_factory=requests.Session)

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.door.port}"

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.web.get(self.at + path, timeout=30, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        return self.web.post(self.at + path, timeout=60, **more)

    def predict(self, data: bytes, query: str = "", kind: str = "image/png") -> requests.Response:
        return self.post(f"/api/predict{query}", data=data, headers={"content-type": kind})

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of it in the hall's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def enter(self) -> None:
        """From here on with the ticket, as a browser of the person who started it."""
        self.web.headers["origin"] = self.at
        assert self.post("/enter", json={"token": self.door.token}).status_code == 200


@contextmanager
def running(*stands: Stand, house: House | None = None, opening: Opening | None = None) -> Iterator[Served]:
    """These models served; without any, a judge of colours."""
    made = opening or Opening(stands or (colours(),), house or House())
    with bound() as where, furnished(made.house) as furniture:
        hall, door = Hall(made.stands, furniture), door_of(made, where.getsockname()[1])
        serving, ready = server(serve_app(hall, door), affordable()), threading.Event()
        loops: list[asyncio.AbstractEventLoop] = []

        async def main() -> None:
            loops.append(asyncio.get_running_loop())
            ready.set()
            async with hall:
                await serving.serve(sockets=[where])

        thread = threading.Thread(target=lambda: asyncio.run(main()))
        thread.start()
        try:
            ready.wait()
            while not (serving.started and hall.ready):
                time.sleep(0.01)
            with requests.Session() as web:
                yield Served(hall, door, loops[0], web)
        finally:
            serving.should_exit = True
            thread.join()


def until(so: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + 20
    while not so():
        assert time.monotonic() < end
        time.sleep(0.005)
