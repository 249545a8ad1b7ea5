"""The browser of a run: started at the first page, started again if it dies, gone at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from imgtool.records import Reason, Refusal
from scraper.addresses import Address, vet
from scraper.browser.chromium import Missing, available
from scraper.browser.gate import Gate
from scraper.doorway import Unreachable
from scraper.limits import Limits
from scraper.reply import Reply
from scraper.transport.proxies import Proxies, shown

if TYPE_CHECKING:
    from scraper.browser.driver import Driver

HUMAN = 120.0  # seconds that a person has for a captcha
SCREEN = 5.0  # seconds that a scroll may take at most, with all that it brings
CLOSING = 15.0  # seconds for an orderly end; the driver ends with this process, and the browser with the driver


def silent(_: str) -> None:
    """Nobody is told."""


class BrowserPages:
    """Pages as a real browser shows them, each in a context of its own: no profile, no cookies, nothing kept.

    The browser calls itself what it is, and says that it is driven. With `headed` it has a window, and a person may
    answer a captcha or a question for consent in it; `say` tells when that is wanted.
    """

    def __init__(
        self,
        headed: bool = False,
        limits: Limits | None = None,
        chromium: str | Path | None = None,
        say: Callable[[str], None] = silent,
        gate: Gate | None = None,
    ) -> None:
        self._headed = headed
        self._limits = limits or Limits()
        self._chromium = chromium
        self._say = say
        self._starting = asyncio.Lock()
        self._driver: Driver | None = None
        self.gate = gate or Gate(self._limits)

    async def __aenter__(self) -> Self:
        await self.gate.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.shield(self._close())  # a second cancellation must not leave processes behind

    async def page(self, url: str, headers: Mapping[str, str] | None = None, *, scrolls: int) -> Reply:
        """The page with what at most `scrolls` screens more brought; as it is where a wall stands. Raises Unreachable.

        Of `headers` the browser takes language and referer; the others are its own.
        """
        from scraper.browser.driver import Wish

        address = vet(url, allow_private=self._limits.allow_private)
        if isinstance(address, Refusal):
            raise Unreachable(address.reason, address.detail)
        driver = await self._ready(address)
        wish = Wish(address.url, scrolls, headers or {}, HUMAN if self._headed else 0.0)
        patience = self._patience(scrolls)
        try:
            async with asyncio.timeout(patience):
                return await driver.take(wish, self._limits, self.gate, self._say)
        except TimeoutError:
            raise Unreachable(Reason.TIMEOUT, f"the browser had no page after {patience:g} s") from None

    def _patience(self, scrolls: int) -> float:
        """Seconds for one page, whatever happens."""
        limits = self._limits
        opening = limits.connect + 2 * limits.first_byte
        return opening + scrolls * SCREEN + (HUMAN + limits.first_byte if self._headed else 0.0)

    async def _ready(self, address: Address) -> Driver:
        """The browser, running. Raises Unreachable."""
        async with self._starting:
            if self._driver and not self._driver.alive:
                driver, self._driver = self._driver, None
                await driver.stop()
            if self._driver is None:
                self._driver = await self._start(address)
        return self._driver

    async def _start(self, address: Address) -> Driver:
        state = available(self._chromium)
        if isinstance(state, Missing):
            raise Unreachable(Reason.NETWORK, f"{state.why}; {state.todo}")
        from scraper.browser import driver

        proxy = Proxies(self._limits.proxy).of(address)
        if proxy:
            self._say(f"the browser goes through {shown(proxy)}, which is the guard of addresses")
        settings = driver.through(proxy) if proxy else driver.behind(self.gate)
        return await driver.Driver.start(state.chromium, settings, headed=self._headed)

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(CLOSING):
                if self._driver:
                    await self._driver.stop()
        finally:
            await self.gate.__aexit__(None, None, None)
