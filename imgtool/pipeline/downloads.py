"""Pictures fetched for code that knows no event loop: the scraper's own way to a file, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import Future
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from imgtool.records import Fetched, ImageRef, Skipped
from scraper.crew import Crew
from scraper.fetch import Fetcher
from scraper.files import affordable
from scraper.limits import Limits
from scraper.transport import AiohttpTransport

Arrival: TypeAlias = "Future[Fetched | Skipped]"
Job: TypeAlias = tuple[ImageRef, Arrival]


class Downloads:
    """Addresses in, files in a folder of the caller's out, by the rules of every scrape.

    with Downloads(limits, folder) as downloads:
        arrival = downloads.fetch("https://…")
        arrival.result()  # Fetched or Skipped
    """

    def __init__(self, limits: Limits, folder: Path) -> None:
        self._limits = limits
        self._folder = folder
        self._numbers = count(1)
        self._owed: set[Arrival] = set()

    def __enter__(self) -> Self:
        ready, name = threading.Event(), "imgtool-downloads"
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main(ready)), name=name, daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._work.cancel)
        self._thread.join()

    def fetch(self, url: str) -> Arrival:
        """What becomes of that address; the file is ours to delete."""
        arrival: Arrival = Future()
        self._owed.add(arrival)
        arrival.add_done_callback(self._owed.discard)
        job = (ImageRef(url=url, label="", engine="urls"), arrival)
        self._loop.call_soon_threadsafe(self._jobs.put_nowait, job)
        return arrival

    async def _main(self, ready: threading.Event) -> None:
        self._loop, self._jobs = asyncio.get_running_loop(), asyncio.Queue[Job]()
        self._work = asyncio.create_task(self._serve())
        ready.set()
        (error,) = await asyncio.gather(self._work, return_exceptions=True)
        for arrival in list(self._owed):  # called off, or something broke: nobody is to wait for ever
            arrival.set_exception(error or asyncio.CancelledError())

    async def _serve(self) -> None:
        async with AsyncExitStack() as stack:
            limits = replace(self._limits, concurrency=affordable(self._limits.concurrency))
            transport = await stack.enter_async_context(AiohttpTransport(limits))
            crew = Crew(limits)
            fetcher = Fetcher(transport, limits, crew)
            results = await stack.enter_async_context(
                aclosing(crew.run(self._asked(), lambda job: self._fetched(fetcher, job), host_of))
            )
            async for _ in results:
                pass

    async def _asked(self) -> AsyncGenerator[Job, None]:
        while True:
            yield await self._jobs.get()

    async def _fetched(self, fetcher: Fetcher, job: Job) -> None:
        ref, arrival = job
        try:
            arrival.set_result(await fetcher.fetch(ref, self._folder / str(next(self._numbers))))
        except OSError as error:  # the disk's, and for whoever waits to hear
            arrival.set_exception(error)


def host_of(job: Job) -> str:
    """The part of the address whose turn a picture takes."""
    return job[0].url.partition("://")[2].partition("/")[0].lower()
