"""Which engines answer today? One small question to each, and its verdict."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from imgtool.pipeline.plan import ClassPlan, Plan
from imgtool.records import Query
from imgtool.settings import Settings
from scraper.doorway import Transport, Unreachable
from scraper.engines import ENGINES
from scraper.engines.base import Engine, Page, Verdict
from scraper.transport import AiohttpTransport

QUESTION = Query(label="cat", text="cat")  # every engine has many of these: no results would be news


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """How one engine does."""

    engine: str
    verdict: str
    pictures: int
    seconds: float
    detail: str = ""

    @property
    def answers(self) -> bool:
        """Did it name pictures?"""
        return self.verdict == Verdict.OK


def examine(settings: Settings) -> tuple[EngineHealth, ...]:
    """Every engine's health, over the real network."""
    return asyncio.run(_examined(settings))


async def _examined(settings: Settings) -> tuple[EngineHealth, ...]:
    async with AiohttpTransport(Plan((ClassPlan(QUESTION.label),), settings=settings).limits) as transport:
        return await visit(settings, transport)


async def visit(settings: Settings, transport: Transport) -> tuple[EngineHealth, ...]:
    """Every engine's health, asked one after the other."""
    return tuple([await ask(settings, transport, engine) for engine in ENGINES.values()])


async def ask(settings: Settings, transport: Transport, engine: Engine) -> EngineHealth:
    """One engine's health; one that lacks its key is not asked."""
    key = settings.keys.get(engine.key_env)
    if engine.key_env and not key:
        return EngineHealth(engine.name, Verdict.DENIED, 0, 0.0, f"needs a key in {engine.key_env}")
    began = time.monotonic()
    page = await read(engine, transport, settings.base(engine.name), key)
    seconds = round(time.monotonic() - began, 3)
    return EngineHealth(engine.name, page.verdict, len(page.refs), seconds, page.detail)


async def read(engine: Engine, transport: Transport, base: str, key: str) -> Page:
    """Its first page; a network that does not carry so far is an answer, too."""
    request = engine.first(QUESTION, base, key)
    try:
        return engine.read(request, await transport.page(request.url, request.headers))
    except Unreachable as error:
        return Page(Verdict.ERROR, detail=f"{error.reason.value}: {error.detail}")
