"""The snippet, run in a real browser on pages of today's shapes (synthetic, written for this test)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

SCRIPT = (resources.files("scraper") / "snippet.js").read_text("utf-8")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOST = "http://images.test"


def bing() -> str:
    """Two cards, one with a query in its address, one broken, one that is Bing's own thumbnail."""
    facts = [
        {"murl": "https://one.example/cat.jpg", "turl": "https://tse1.mm.bing.net/th?id=1"},
        {"murl": "https://two.example/c.jpg?a=1&b=2", "turl": "https://tse2.mm.bing.net/th?id=2"},
        {"murl": "https://tse3.mm.bing.net/th?id=3"},
    ]
    cards = [json.dumps(each) for each in facts] + ["{broken"]
    return "".join(f'<a class="iusc" href="#" m="{escape(card)}">x</a>' for card in cards)


def google() -> str:
    """One result in the page's data, one that shows its link when it is pointed at, and thumbnails."""
    data = (
        '{"K":[1,[0,"D",["https://encrypted-tbn0.gstatic.com/images?q\\u003dtbn:1",9,9],'
        '["https://three.example/p.jpg?x\\u003d1\\u0026y\\u003d2",600,800],null,0,"rgb(0,0,0)"]]}'
    )
    grow = "this.innerHTML = '<a href=\"/imgres?imgurl=https%3A%2F%2Ffour.example%2Fq.jpg&h=1\">x</a>'"
    return (
        f'<script>(function(){{var m={data};}})()</script><div data-docid="D2" onmouseover="{escape(grow)}"><img></div>'
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright, the extra [browser]")
    if CHROMIUM is None:
        pytest.skip("needs Chromium on this machine")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (bing(), ["https://one.example/cat.jpg", "https://two.example/c.jpg?a=1&b=2"]),
        (google(), ["https://three.example/p.jpg?x=1&y=2", "https://four.example/q.jpg"]),
        ("<p>No results</p>", []),
    ],
    ids=["bing", "google", "empty"],
)
def test_a_result_page_becomes_a_list(browser: Any, tmp_path: Path, page: str, expected: list[str]) -> None:
    tab = browser.new_page()
    tab.route("**/*", lambda route: route.fulfill(body=f"<html><body>{page}", content_type="text/html"))
    tab.goto(f"{HOST}/images/search?q=red%20panda")
    with tab.expect_download() as waiting:
        count = tab.evaluate(SCRIPT)
    waiting.value.save_as(tmp_path / "urls.txt")
    tab.close()
    head, *lines = (tmp_path / "urls.txt").read_text("utf-8").splitlines()
    assert head == "# red panda (images.test)"
    assert lines == expected
    assert count == len(expected)
