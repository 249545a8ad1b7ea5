"""A request to an engine, a page back: paced, retried, remembered; by a real browser where plain HTTP gets a shell."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, Protocol

from imgtool.records import Filters, ImageRef, Query
from scraper.doorway import Transport, Unreachable
from scraper.engines.base import Ask, Engine, Page, Verdict
from scraper.redact import redacted
from scraper.reply import Reply

TRIES = 3  # for a network error or a 5xx, with 1, 2, 4 … seconds between
PASSING = {Verdict.ERROR}

Browse = Callable[[str], Awaitable[Reply | None]]  # None: no browser here


class Memory(Protocol):
    """Pages that were read before."""

    def recall(self, key: str) -> bytes | None:
        """The page stored under `key`, if it is young enough."""
        ...

    def store(self, key: str, body: bytes) -> None:
        """Keep it for the next run."""
        ...


class Asking:
    """The engines' side of the network: one request at a time each, at each one's own pace."""

    def __init__(
        self, transport: Transport, memory: Memory, *, browse: Browse | None = None, unhurried: Callable[[str], bool]
    ) -> None:
        self._transport = transport
        self._memory = memory
        self._browse = browse
        self._unhurried = unhurried  # is this URL on a server of one's own, that needs no pause?
        self._ready: dict[str, float] = {}

    async def read(self, engine: Engine, ask: Ask) -> Page:
        """The page that answers `ask`, from memory or from the engine."""
        key = f"{engine.name} {redacted(ask.url)}"
        stored = self._memory.recall(key)
        if stored is not None:
            return thawed(stored, ask)
        page = await self._fetch(engine, ask)
        # pages with tokens are of the moment; refusals are not worth remembering
        if page.verdict in {Verdict.OK, Verdict.NO_RESULTS} and not ask.state and not _secret(page):
            self._memory.store(key, frozen(page))
        return page

    async def _fetch(self, engine: Engine, ask: Ask) -> Page:
        page = Page(Verdict.ERROR)
        for attempt in range(TRIES):
            await self._pause(engine, ask.url, attempt)
            page = await self._once(engine, ask)
            if page.verdict not in PASSING:
                break
        if page.verdict is Verdict.NEEDS_BROWSER and self._browse is not None:
            return await self._browsed(engine, ask, self._browse) or page
        return page

    async def _once(self, engine: Engine, ask: Ask) -> Page:
        try:
            return engine.read(ask, await self._transport.page(ask.url, ask.headers))
        except Unreachable as error:
            return Page(Verdict.ERROR, detail=redacted(f"{error.reason.value}: {error.detail}"))

    async def _browsed(self, engine: Engine, ask: Ask, browse: Browse) -> Page | None:
        try:
            reply = await browse(ask.url)
        except Unreachable as error:
            return Page(Verdict.ERROR, detail=redacted(f"{error.reason.value}: {error.detail}"))
        # the browser has scrolled to the end: there is no second page to ask for
        return replace(engine.read(ask, reply), next=None) if reply else None

    async def _pause(self, engine: Engine, url: str, attempt: int) -> None:
        now = time.monotonic()
        ready = max(self._ready.get(engine.name, 0.0), now)
        pause = 0.0 if self._unhurried(url) else engine.pause
        self._ready[engine.name] = ready + pause
        await asyncio.sleep(ready - now + (2.0 ** (attempt - 1) if attempt else 0.0))


def frozen(page: Page) -> bytes:
    """A page as bytes."""
    return json.dumps(asdict(page)).encode()


def thawed(body: bytes, ask: Ask) -> Page:
    """And back, for the class that asks now: another may have used the same words."""
    raw = json.loads(body)
    following = raw["next"]
    return Page(
        Verdict(raw["verdict"]),
        tuple(ImageRef(**{**ref, "label": ask.query.label}) for ref in raw["refs"]),
        _ask(following, ask) if following else None,
        tuple(raw["related"]),
        raw["detail"],
    )


def _ask(raw: Mapping[str, Any], before: Ask) -> Ask:
    query = raw["query"]
    filters: dict[str, Any] = {**query["filters"], "licence": tuple(query["filters"]["licence"])}
    asked = Query(before.query.label, query["text"], Filters(**filters))
    return Ask(**{**raw, "query": asked, "headers": before.headers})


def _secret(page: Page) -> bool:
    return page.next is not None and redacted(page.next.url) != page.next.url
