"""May we? robots.txt by RFC 9309, asked once for each origin, and the preferences that are written into it."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from imgtool.records import Reason
from scraper.addresses import Address
from scraper.doorway import Transport, Unreachable
from scraper.optouts import AGENT, prefers_not
from scraper.policy import PASSING, backoff

LONGEST = 500 * 1024  # bytes that RFC 9309 wants read at least; the rest is left
DAY = 24 * 3600.0  # seconds that an answer counts, by RFC 9309
SOON = 60.0  # seconds after which a host whose robots.txt could not be had is asked again
TRIES = 2
MEMORY = 16 * 1024 * 1024  # bytes of robots.txt remembered; the longest unused go first
SMALL = 1024  # bytes that remembering any answer takes
SLOWEST = 60.0  # seconds from one request to the next; who asks for more is as good as closed
# A redirect too many is as good as no robots.txt (RFC 9309, 2.3.1.2); other faults of the answer are no permission.
ABSENT = {Reason.TOO_MANY_REDIRECTS}
UNCLEAR = {Reason.DOWNGRADE, Reason.DECODE_BOMB, Reason.TRUNCATED, Reason.UNSUPPORTED, Reason.TOO_LARGE}


@dataclass(frozen=True, slots=True)
class Leave:
    """What robots.txt says of one address."""

    allowed: bool = True
    detail: str = ""
    opt_out: str = ""  # the line that asks not to be used for learning
    delay: float = 0.0  # seconds from one request to the next


FREE = Leave()


class Rules:
    """One robots.txt, read."""

    def __init__(self, text: str) -> None:
        self._protego = Protego.parse(text)
        self._wishes = list(wishes(text))
        delay = self._protego.crawl_delay(AGENT)
        rate = self._protego.request_rate(AGENT)
        gap = rate.seconds / rate.requests if rate and rate.requests else 0.0
        self._delay = min(max(float(delay or 0.0), gap), SLOWEST)

    def leave(self, url: str) -> Leave:
        """What they say of a URL."""
        if not self._protego.can_fetch(url, AGENT):
            return Leave(allowed=False, detail="robots.txt")
        return Leave(opt_out=self._wish(url), delay=self._delay)

    def _wish(self, url: str) -> str:
        if not self._wishes:
            return ""
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        meant = [(len(pattern), line, text) for pattern, line, text in self._wishes if _matches(pattern, path)]
        longest = max((length for length, _, _ in meant), default=0)
        noes = (line for length, line, text in meant if length == longest and prefers_not(text))
        return next(noes, "")


@dataclass(frozen=True, slots=True)
class _Known:
    rules: Rules | None  # None = everything is allowed
    error: Unreachable | None
    until: float
    cost: int


class Robots:
    """Asks each origin once, however many ask at the same time."""

    def __init__(self, transport: Transport, clock: Callable[[], float] = time.monotonic) -> None:
        self._transport = transport
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Future[None]] = {}
        self._size = 0

    async def leave(self, address: Address) -> Leave:
        """What the origin's robots.txt says of an address. Raises Unreachable if it cannot be had."""
        known = self._known.get(address.origin)
        while known is None or known.until < self._clock():
            await self._learn(address.origin)
            known = self._known.get(address.origin)
        if known.error:
            raise Unreachable(known.error.reason, known.error.detail, status=known.error.status)
        return known.rules.leave(address.url) if known.rules else FREE

    async def _learn(self, origin: str) -> None:
        """Ask, or wait for who is asking already."""
        asking = self._asking.get(origin)
        if asking:
            await asyncio.wait([asking])
            return
        self._asking[origin] = asyncio.get_running_loop().create_future()
        try:
            self._remember(origin, await self._ask(origin))
        finally:
            self._asking.pop(origin).cancel()  # those who wait look for themselves; if we failed, one of them asks

    async def _ask(self, origin: str) -> _Known:
        for attempt in range(1, TRIES + 1):
            try:
                reply = await self._transport.page(f"{origin}/robots.txt", {"Accept": "text/plain"}, cut=LONGEST)
            except Unreachable as error:
                answer, again = self._unread(error), error.reason in PASSING
            else:
                answer, again = self._read(reply.status, reply.body), reply.status >= 500
            if not again or attempt == TRIES:
                break
            await asyncio.sleep(backoff(attempt))
        return answer

    def _read(self, status: int, body: bytes) -> _Known:
        if status == 429 or status >= 500:
            error = Unreachable(Reason.ROBOTS, f"robots.txt answers HTTP {status}", status=status)
            return _Known(None, error, self._clock() + SOON, SMALL)
        text = body.decode("utf-8-sig", "replace") if status == 200 else ""
        return _Known(Rules(text) if text.strip() else None, None, self._clock() + DAY, SMALL + 8 * len(text))

    def _unread(self, error: Unreachable) -> _Known:
        if error.reason in ABSENT:
            return _Known(None, None, self._clock() + DAY, SMALL)
        reason = Reason.ROBOTS if error.reason in UNCLEAR else error.reason
        told = Unreachable(reason, f"robots.txt: {error.detail or error.reason.value}", status=error.status)
        return _Known(None, told, self._clock() + SOON, SMALL)

    def _remember(self, origin: str, known: _Known) -> None:
        before = self._known.pop(origin, None)
        self._known[origin] = known
        self._size += known.cost - (before.cost if before else 0)
        while self._size > MEMORY and len(self._known) > 1:
            self._size -= self._known.popitem(last=False)[1].cost


def wishes(text: str) -> list[tuple[str, str, str]]:
    """The `Content-Usage` and `Content-Signal` lines that are meant for us: path pattern, line, preferences."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    agents: list[str] = []
    naming = False
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        name, _, value = (part.strip() for part in line.partition(":"))
        if name.lower() == "user-agent":
            agents = [*agents, value.lower()] if naming else [value.lower()]
        elif name.lower() in {"content-usage", "content-signal"}:
            for agent in agents or ["*"]:
                groups.setdefault(agent, []).append(_wish(line, value))
        naming = name.lower() == "user-agent" or (naming and not line)
    return groups.get(AGENT, groups.get("*", []))


def _wish(line: str, value: str) -> tuple[str, str, str]:
    first, _, rest = value.partition(" ")
    return (first, line[:200], rest) if first.startswith(("/", "*")) else ("", line[:200], value)


def _matches(pattern: str, path: str) -> bool:
    parts = (re.escape(part) for part in pattern.rstrip("$").split("*"))
    return re.match(".*?".join(parts) + ("$" if pattern.endswith("$") else ""), path) is not None
