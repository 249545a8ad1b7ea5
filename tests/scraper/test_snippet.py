"""The snippet, as a person's console runs it: on pages of today's shapes (synthetic), under the strictest policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imgtool.records import ImageRef
from scraper.browser import Available, available, find_chromium
from scraper.lists import read_list
from scraper.snippet import snippet
from tests.handled import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

driven = [
    pytest.mark.browser,
    pytest.mark.skipif(not isinstance(available(), Available), reason=f"needs a browser: {available()}"),
]
SAVED = Path(__file__).parents[3] / "shared/pages/google/2024-08_udm2_desktop_browser_saved_cat.html"
# No script of the page's own but those with the nonce, no eval, no requests elsewhere, no HTML out of strings.
POLICY = (
    "default-src 'none'; script-src 'nonce-n'; connect-src 'self'; style-src 'unsafe-inline'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def test_the_snippet_fits_on_a_screen_and_says_what_it_is() -> None:
    text = snippet()
    assert text.startswith("// imgtool: writes down the pictures")
    assert len(text.splitlines()) <= 60
    assert "innerHTML" not in text


def rows(start: int, count: int = 10) -> str:
    """Google's inner arrays, as its scripts have them."""
    made = []
    for n in range(start, start + count):
        thumb = [f"https://encrypted-tbn0.gstatic.com/images?q=tbn:{n}&s", 225, 400]
        notes = {"2003": [None, f"ref{n}", f"https://cats.example/page/{n}?x=1", f'A "cat"\t& {n}']}
        made.append([1, [0, f"doc{n}", thumb, [f"https://cats.example/{n}.jpg?a=1&b=2", 900, 1600], None, 0, notes]])
    return json.dumps(made, separators=(",", ":")).replace("&", "\\u0026").replace("=", "\\u003d")


# The first results in a script, the next in answers: by XMLHttpRequest, then by fetch in a batch. One link on pointing.
GOOGLE = """<title>red panda - Google Search</title><div style="height:3000px"></div>
<div data-docid="d"><img></div><script nonce="n">
(function(){var m=%s;})();
let asked = 0;
addEventListener("scroll", () => {
  asked += 1;
  if (asked === 1) { const ask = new XMLHttpRequest(); ask.open("GET", "/xhr"); ask.send(); }
  if (asked === 2) fetch("/batch");
  document.body.firstElementChild.style.height = 3000 + 500 * Math.min(asked, 3) + "px";
});
document.querySelector("[data-docid]").addEventListener("mouseover", (event) => {
  const link = document.createElement("a");
  link.href = "/imgres?imgurl=https%%3A%%2F%%2Fdogs.example%%2F1.jpg&imgrefurl=https%%3A%%2F%%2Fdogs.example%%2F";
  event.currentTarget.append(link);
});
</script>"""


def bing(*facts: object) -> str:
    """A page of cards."""
    cards = [each if isinstance(each, str) else json.dumps(each) for each in facts]
    return "".join(f'<a class="iusc" href="#" m="{escape(card)}">x</a>' for card in cards)


BING = bing(
    {
        "murl": "https://one.example/cat.jpg?a=1&b=2",
        "purl": "https://one.example/",
        "t": "A \ue000cat\ue001",
        "mid": "1",
    },
    {"murl": "https://one.example/cat.jpg?a=1&b=2", "purl": "", "turl": ""},  # a cluster's repeat
    "{broken",
    {"mid": "2"},
    {"murl": "javascript:alert(1)", "mid": "3"},
    {"murl": "https://two.example/ä b.png", "purl": "", "t": "", "mid": "4"},
)


class World(BaseHTTPRequestHandler):
    """The pages."""

    def do_GET(self) -> None:
        pages = {
            "/search": lambda: GOOGLE % rows(0),
            "/xhr": lambda: f")]}}'\n5f;<div></div><script>var m={rows(10)};</script>",
            "/batch": lambda: ")]}'\n\n" + json.dumps([["wrb.fr", "HoAMBc", rows(20), None]]),
            "/images/search": lambda: BING,
            "/saved": lambda: SAVED.read_text("utf-8"),
        }
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-security-policy", POLICY)
        self.end_headers()
        self.wfile.write(pages.get(self.path.partition("?")[0], lambda: "<p>Nothing</p>")().encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(World) as host:
        yield f"http://{host}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium())
        yield chromium
        chromium.close()


def pasted(page: Page, url: str) -> None:
    """The page with nothing from elsewhere, and the snippet run in its console."""
    home = url.split("/")[2]
    page.route(lambda to: home not in to and not to.startswith("blob:"), lambda route: route.abort())
    page.goto(url, wait_until="domcontentloaded")
    page.evaluate(snippet())


def listed(browser: Browser, url: str, folder: Path) -> tuple[str, list[ImageRef], list[str]]:
    """What the snippet saves: under which name, its pictures, its head."""
    page = browser.new_page()
    with page.expect_download() as waiting:
        pasted(page, url)
    name = waiting.value.suggested_filename
    waiting.value.save_as(folder / name)
    page.close()
    entries = list(read_list(folder / name, "cat"))
    refs = [entry for entry in entries if isinstance(entry, ImageRef)]
    assert refs == entries
    return name, refs, (folder / name).read_text("utf-8").splitlines()[:3]


class TestInABrowser:
    pytestmark = driven

    def test_google_is_scrolled_and_every_original_listed(self, browser: Browser, server: str, tmp_path: Path) -> None:
        name, refs, head = listed(browser, f"{server}/search?q=red%20panda&udm=2", tmp_path)
        urls = {f"https://cats.example/{n}.jpg?a=1&b=2" for n in range(30)} | {"https://dogs.example/1.jpg"}
        assert ({ref.url for ref in refs}, len(refs)) == (urls, len(urls))
        assert name == "urls-red-panda.txt"
        assert head[:2] == ["# engine: google", "# query: red panda"]
        assert head[2].startswith("# date: 20")
        first = next(ref for ref in refs if "/0.jpg" in ref.url)
        assert (first.page_url, first.title) == ("https://cats.example/page/0?x=1", 'A "cat" & 0')

    def test_bing_gives_the_cards_that_are_whole(self, browser: Browser, server: str, tmp_path: Path) -> None:
        name, refs, head = listed(browser, f"{server}/images/search?q=caf%C3%A9%2F..", tmp_path)
        found = [(ref.url, ref.page_url, ref.title) for ref in refs]
        assert found == [
            ("https://one.example/cat.jpg?a=1&b=2", "https://one.example/", "A cat"),
            ("https://two.example/%C3%A4%20b.png", "", ""),
        ]
        assert (name, head[0]) == ("urls-café-.txt", "# engine: bing")

    def test_a_page_without_pictures_gives_no_file_but_a_word(self, browser: Browser, server: str) -> None:
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("download", lambda _: pytest.fail("a file was saved"))
        pasted(page, f"{server}/nothing")
        page.close()
        assert said[-1] == "imgtool: no pictures; is this a page of results?"

    @pytest.mark.shared
    @pytest.mark.skipif(not SAVED.is_file(), reason="needs ../shared/pages")
    def test_the_page_that_google_served_has_its_hundred(self, browser: Browser, server: str, tmp_path: Path) -> None:
        _, refs, _ = listed(browser, f"{server}/saved?q=cat", tmp_path)
        assert len(refs) == 100
        assert all(ref.page_url and ref.title for ref in refs)
