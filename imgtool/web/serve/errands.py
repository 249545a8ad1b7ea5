"""Pictures fetched from addresses that visitors name: by the scraper's guarded way, gone when they were read."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from imgtool.records import Refusal, Skipped
from imgtool.web.serve.wrong import refused
from scraper.limits import Limits

if TYPE_CHECKING:
    from imgtool.pipeline.downloads import Downloads


class Errands:
    """Nothing is started before the first address comes."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._stack = ExitStack()
        self._downloads: Downloads | None = None
        self._lock = asyncio.Lock()

    async def fetched(self, url: str) -> bytes:
        """The bytes that lie there; Wrong says why they cannot be had."""
        async with self._lock:
            if self._downloads is None:
                self._downloads = await asyncio.to_thread(self._opened)
            downloads = self._downloads
        got = await asyncio.wrap_future(downloads.fetch(url))
        if isinstance(got, Skipped):
            raise refused(Refusal(got.reason, got.detail))
        return await asyncio.to_thread(taken, Path(got.path))

    def close(self) -> None:
        """Nobody is sent any more."""
        self._stack.close()

    def _opened(self) -> Downloads:
        from imgtool.pipeline.downloads import Downloads  # the network's libraries take a third of a second

        folder = self._stack.enter_context(TemporaryDirectory(prefix="imgtool-", ignore_cleanup_errors=True))
        return self._stack.enter_context(Downloads(self._limits, Path(folder)))


def taken(file: Path) -> bytes:
    """Its bytes; it is gone afterwards."""
    data = file.read_bytes()
    file.unlink()
    return data
