"""Chromium started and ended, and pages taken from it; every error of Playwright's becomes one of our reasons."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.async_api import Browser, Error, Playwright, ProxySettings, async_playwright

from imgtool.records import Reason
from scraper.browser.gate import MARK, USER, Gate
from scraper.browser.visit import Visit
from scraper.doorway import Unreachable
from scraper.limits import Limits
from scraper.reply import Reply

STARTING = 30.0  # seconds; a cold disk takes ten
SWITCHES = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",  # UDP, which no proxy carries
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # the same, of pages' calls
)
# What Chromium's errors mean to us; the first whose words are in the message.
MEANINGS = {
    "Timeout": Reason.TIMEOUT,
    "ERR_TIMED_OUT": Reason.TIMEOUT,
    "ERR_CERT": Reason.TLS,
    "ERR_SSL": Reason.TLS,
    "ERR_NAME_NOT_RESOLVED": Reason.DNS,
    "ERR_TOO_MANY_REDIRECTS": Reason.TOO_MANY_REDIRECTS,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A page that is wanted, and how far."""

    url: str
    scrolls: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    human: float = 0.0  # seconds that a person has for a captcha; 0 = nobody sees it


class Driver:
    """Playwright and the one browser it drives."""

    def __init__(self, playwright: Playwright, browser: Browser) -> None:
        self._playwright = playwright
        self._browser = browser

    @classmethod
    async def start(cls, chromium: Path, proxy: ProxySettings, *, headed: bool) -> Driver:
        """A browser without a profile. Raises Unreachable."""
        playwright = await async_playwright().start()
        try:
            browser = await playwright.chromium.launch(
                executable_path=chromium,
                headless=not headed,
                args=list(SWITCHES),
                proxy=proxy,
                chromium_sandbox=os.geteuid() != 0,  # Chromium refuses its sandbox to root: --no-sandbox for it alone
                timeout=STARTING * 1000,
            )
        except BaseException as error:
            await playwright.stop()
            if isinstance(error, Error):
                raise Unreachable(Reason.NETWORK, f"{chromium.name} did not start: {_told(error)}") from None
            raise
        return cls(playwright, browser)

    @property
    def alive(self) -> bool:
        """Does the browser still answer?"""
        return self._browser.is_connected()

    async def stop(self) -> None:
        """Browser and driver end; a browser that is gone already is no matter."""
        with suppress(Error):
            await self._browser.close()
        await self._playwright.stop()

    async def take(self, wish: Wish, limits: Limits, gate: Gate, say: Callable[[str], None]) -> Reply:
        """The page in a context of its own. Raises Unreachable."""
        gate.trouble = None
        try:
            reply = await self._taken(wish, limits, say)
        except Error as error:
            raise _meaning(error, gate) from None
        if gate.trouble and reply.headers.get(MARK):  # the gate answered in the place of a server
            raise Unreachable(gate.trouble.reason, gate.trouble.detail)
        return reply

    async def _taken(self, wish: Wish, limits: Limits, say: Callable[[str], None]) -> Reply:
        told = {name.lower(): value for name, value in wish.headers.items()}
        locale = told.get("accept-language", "").partition(",")[0].partition(";")[0].strip()
        context = await self._browser.new_context(
            service_workers="block",  # their requests would pass nobody
            accept_downloads=False,
            locale=locale or None,
        )
        try:
            page = await context.new_page()
            visit = Visit(page, limits, say)
            await visit.open(wish.url, told.get("referer"))
            sight = await visit.results(wish.human)
            await visit.scroll(sight, wish.scrolls)
            return await visit.reply()
        finally:
            with suppress(Error):
                await context.close()


def behind(gate: Gate) -> ProxySettings:
    """Every request goes through the gate, those to loopback too."""
    return ProxySettings(server=f"http://127.0.0.1:{gate.port}", username=USER, password=gate.password)


def through(proxy: str) -> ProxySettings:
    """The user's own proxy, which then is the guard of addresses."""
    parts = urlsplit(proxy)
    settings = ProxySettings(server=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
    if parts.username:
        settings["username"] = unquote(parts.username)
        settings["password"] = unquote(parts.password or "")
    return settings


def _meaning(error: Error, gate: Gate) -> Unreachable:
    if gate.trouble and "ERR_TUNNEL" in error.message:
        return Unreachable(gate.trouble.reason, gate.trouble.detail)
    reason = next((reason for words, reason in MEANINGS.items() if words in error.message), Reason.NETWORK)
    return Unreachable(reason, _told(error))


def _told(error: Error) -> str:
    """The line of a long message that says it."""
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    return next((line for line in lines if "sandbox" in line or "DISPLAY" in line), lines[0] if lines else "")[:200]
