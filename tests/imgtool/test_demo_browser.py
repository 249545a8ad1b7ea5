"""The demo world's Google, seen by a real browser: the shell's script runs, scrolling brings the rest."""

from __future__ import annotations

import asyncio

import pytest

from imgtool.demo.pages import google
from imgtool.demo.routes import Served
from imgtool.demo.world import World
from imgtool.records import Query
from scraper.browser import Available, BrowserPages, available
from scraper.engines.base import Page, Verdict
from scraper.engines.google import Google
from scraper.limits import Limits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not isinstance(available(), Available), reason=f"needs a browser: {available()}"),
]


async def look(served: Served, text: str) -> Page:
    ask = Google().first(Query("cactus", text), served.settings["IMGTOOL_GOOGLE_URL"])
    async with BrowserPages(limits=Limits(allow_private=True)) as browser:
        return Google().read(ask, await browser.page(ask.url, scrolls=4))


def test_a_browser_gets_past_the_shell_and_scrolls_to_the_end() -> None:
    with World(7).in_thread() as served:
        page = asyncio.run(look(served, "cactus"))
        assert page.verdict is Verdict.OK
        assert len({ref.url for ref in page.refs} & set(served.truth)) == google.CAP


def test_a_browser_is_told_when_there_is_nothing() -> None:
    with World(7).in_thread() as served:
        assert asyncio.run(look(served, "zebra")).verdict is Verdict.NO_RESULTS
