"""Pages as a real browser gets them, from a server on loopback in today's shapes (synthetic, written here)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest

from imgtool.records import Query, Reason, Refusal
from scraper.addresses import refuse_ip
from scraper.browser import Available, BrowserPages, available, find_chromium
from scraper.browser.gate import Gate
from scraper.doorway import Unreachable
from scraper.engines import ENGINES
from scraper.engines.base import Page, Verdict
from scraper.limits import Limits
from scraper.reply import Reply
from tests.handled import serving

T = TypeVar("T")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not isinstance(available(), Available), reason=f"needs a browser: {available()}"),
]
OURS = Limits(allow_private=True, first_byte=6.0)
SHELL = """<title>Google Search</title><noscript><meta content="0;url=/httpservice/retry/enablejs?sei=1"
 http-equiv="refresh"></noscript><script nonce="n">document.cookie = "SG_SS=1"; location.replace(location.href)</script>
"""
# A page fills itself and asks for more whenever its end is in sight; cards have no address, as at Google.
GROW = """
const more = () => {
  const many = document.querySelectorAll("[data-docid]").length;
  if (busy || window.scrollY + window.innerHeight < document.body.scrollHeight - 50) return;
  busy = true;
  const way = many % 40 ? "/xhr" : "/batch";
  const ask = new XMLHttpRequest();
  ask.open("GET", way + "?start=" + many);
  ask.onload = () => { busy = !ask.responseText; if (!busy) show(20, many); };
  ask.send();
};
const show = (count, from) => {
  for (let n = from; n < from + count; n++) {
    const card = document.createElement("div");
    card.dataset.docid = "doc" + n;
    card.style.height = "90px";
    document.body.append(card);
  }
};
let busy = false;
show(20, 0);
addEventListener("scroll", more);
"""


def rows(start: int, count: int = 20) -> str:
    """Google's inner arrays."""
    made = []
    for n in range(start, start + count):
        notes = {"2003": [None, f"ref{n}", f"https://cats.example/page/{n}", f'A "cat" & {n}']}
        thumb = [f"https://encrypted-tbn0.gstatic.com/images?q=tbn:{n}&s", 225, 400]
        made.append([1, [0, f"doc{n}", thumb, [f"https://cats.example/{n}.jpg?a=1&b=2", 900, 1600], None, 0, notes]])
    return json.dumps(made).replace("&", "\\u0026").replace("=", "\\u003d")


def google(query: dict[str, list[str]]) -> str:
    most = query.get("most", ["80"])[0]
    return (
        f"<title>cat - Google Search</title><body><img src=/thumb.png><script nonce='n'>const most = {most};"
        f"(function(){{var m={rows(0)};}})();{GROW}</script>"
    )


def bing(start: int, count: int = 10) -> str:
    cards = []
    for n in range(start, start + count):
        facts = {"murl": f"https://cats.example/{n}.jpg", "purl": "https://cats.example/", "t": "A cat", "mid": f"M{n}"}
        cards.append(
            f'<a class="iusc" style="display:block;height:200px" m="{escape(json.dumps(facts))}" href="#">x</a>'
        )
    return "".join(cards)


BING = """<div id="mmComponent_images_1" class="dgControl" data-nextUrl="/images/async?first=11">%s</div>
<script nonce="n">
addEventListener("scroll", async () => {
  const many = document.querySelectorAll("a.iusc").length;
  if (many >= 30) return;
  const text = await (await fetch("/images/async?first=" + many)).text();
  const page = document.implementation.createHTMLDocument("");
  const cards = JSON.parse(text);
  if (document.querySelectorAll("a.iusc").length > many) return;
  for (const facts of cards) {
    const card = document.createElement("a");
    card.className = "iusc"; card.setAttribute("m", facts); card.style = "display:block;height:200px";
    document.body.append(card);
  }
});
</script>"""
CAPTCHA = '<form id="captcha-form"><div class="g-recaptcha"></div></form>Our systems have detected unusual traffic'
CONSENT = '<title>Before you continue to Google</title><form action="https://consent.google.test/save"></form>'


class World(BaseHTTPRequestHandler):
    """Every page of these tests."""

    protocol_version = "HTTP/1.1"
    asked: list[str] = []  # noqa: RUF012 - of the class on purpose: what any request asked for
    saved = Path()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        start = int(query.get("start", query.get("first", ["0"]))[0])
        most = 10_000 if "endless" in self.headers.get("referer", "") else 80
        more = rows(start) if start < most else ""
        pages: dict[str, Callable[[], str]] = {
            "/search": lambda: google(query) if "SG_SS" in self.headers.get("cookie", "") else SHELL,
            "/endless": lambda: google(query),
            "/xhr": lambda: more and f')]}}\'\n22;["x"]5f;<div></div><script>var m={more};</script>',
            "/batch": lambda: more and ")]}'\n\n99\n" + json.dumps([["wrb.fr", "HoAMBc", more, None]]),
            "/images/search": lambda: BING % bing(0),
            "/images/async": lambda: json.dumps(
                [
                    json.dumps({"murl": f"https://cats.example/{n}.jpg", "mid": f"M{n}"})
                    for n in range(start, start + 10)
                ]
            ),
            "/sorry/index": lambda: CAPTCHA,
            "/consent": lambda: CONSENT,
            "/saved": lambda: self.saved.read_text("utf-8"),
            "/none": lambda: "<title>x - Google Search</title>Your search did not match any image results.",
            "/hung": lambda: "<script nonce='n'>setTimeout(() => { for (;;); }, 100)</script>",
            "/spy": lambda: SPY % query["at"][0],
            "/wait": lambda: CAPTCHA + "<script nonce='n'>setTimeout(() => location.replace('/search'), 1500)</script>",
        }
        if path in ("/captcha", "/away"):
            self.send_response(302)
            self.send_header("location", "/sorry/index?continue=x" if path == "/captcha" else query["to"][0])
            self.send_header("content-length", "0")
            self.end_headers()
            return
        self.answer(429 if path.startswith("/sorry") else 200, pages.get(path, lambda: "")())

    def answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", "script-src 'nonce-n'; require-trusted-types-for 'script'")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None: ...


# Tries every way to an address that it has no business with.
SPY = """<a href="/imgres?imgurl=https%%3A%%2F%%2Fcats.example%%2F1.jpg">x</a><script nonce="n">
const at = "%s";
fetch("http://" + at + "/fetch", {mode: "no-cors"}).catch(() => {});
fetch("/away?to=http://" + at + "/redirect", {mode: "no-cors"}).catch(() => {});
navigator.sendBeacon("http://" + at + "/beacon");
new WebSocket("ws://" + at + "/socket");
const frame = document.createElement("iframe"); frame.src = "http://" + at + "/frame"; document.body.append(frame);
const sheet = document.createElement("link"); sheet.rel = "stylesheet"; sheet.href = "http://" + at + "/sheet";
document.head.append(sheet);
</script>"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(World) as host:
        yield f"http://{host}"


def opened(url: str, *, scrolls: int = 0, limits: Limits = OURS, gate: Gate | None = None) -> Reply:
    """The page, by a browser of its own that has gone when it is here."""

    async def go() -> tuple[Reply, int]:
        async with BrowserPages(limits=limits, gate=gate) as pages:
            return await pages.page(
                url, {"Accept-Language": "en", "User-Agent": "nobody"}, scrolls=scrolls
            ), pages.gate.port

    reply, port = asyncio.run(go())
    assert gone(port)
    return reply


def knowing(port: int) -> list[int]:
    """The processes that know this gate: Chromium has it among its arguments."""
    listed = subprocess.run(["ps", "-axww", "-o", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if f"127.0.0.1:{port}" in line]


def gone(port: int, patience: float = 8.0) -> bool:
    """Have they all ended?"""
    end = time.monotonic() + patience
    while knowing(port) and time.monotonic() < end:
        time.sleep(0.2)
    return not knowing(port)


def read(engine: str, reply: Reply) -> Page:
    ask = ENGINES[engine].first(Query("cat", "cat"), "http://127.0.0.1")
    return ENGINES[engine].read(ask, reply)


def test_a_shell_is_filled_and_scrolled_to_its_end(server: str) -> None:
    reply = opened(f"{server}/search?q=cat&udm=2", scrolls=10)
    page = read("google", reply)
    assert reply.status == 200
    assert {ref.url for ref in page.refs} == {f"https://cats.example/{n}.jpg?a=1&b=2" for n in range(80)}
    assert page.refs[70].page_url.startswith("https://cats.example/page/")
    assert not [path for path in World.asked if "thumb.png" in path]  # pictures are not loaded


def test_bing_is_scrolled_too(server: str) -> None:
    page = read("bing", opened(f"{server}/images/search?q=cat", scrolls=5))
    assert len({ref.url for ref in page.refs}) == 30


def test_no_scrolling_is_the_first_screen(server: str) -> None:
    assert len(read("google", opened(f"{server}/search?q=cat")).refs) == 20


def test_an_endless_page_ends_with_the_scrolls(server: str) -> None:
    begun = time.monotonic()
    page = read("google", opened(f"{server}/endless?q=cat", scrolls=6))
    assert 20 < len(page.refs) <= 20 * 7
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    ("path", "verdict"),
    [("/captcha", Verdict.CAPTCHA), ("/consent", Verdict.CONSENT), ("/none", Verdict.NO_RESULTS)],
)
def test_a_wall_is_handed_back_as_it_stands(server: str, path: str, verdict: Verdict) -> None:
    begun = time.monotonic()
    assert read("google", opened(server + path, scrolls=5)).verdict is verdict
    assert time.monotonic() - begun < 12


def test_with_a_window_a_person_has_time_for_the_captcha(server: str) -> None:
    from scraper.browser import driver

    said: list[str] = []

    async def go() -> Reply:
        async with Gate(OURS) as gate:
            running = await driver.Driver.start(chromium(), driver.behind(gate), headed=False)
            wish = driver.Wish(f"{server}/wait", human=20.0)
            reply = await running.take(wish, OURS, gate, said.append)
            await running.stop()
            return reply

    assert len(read("google", asyncio.run(go())).refs) == 20
    assert said == ["127.0.0.1 asks for captcha: please answer in the browser's window"]


SAVED = Path(__file__).parents[3] / "shared" / "pages" / "google"


@pytest.mark.shared
@pytest.mark.skipif(not SAVED.is_dir(), reason="needs ../shared/pages")
@pytest.mark.parametrize(
    ("name", "verdict", "count"),
    [
        ("2024-08_udm2_desktop_browser_saved_cat.html", Verdict.OK, 100),
        ("2026-05_sorry_captcha_page.html", Verdict.CAPTCHA, 0),
        ("2026-07_block_enablejs_js_shell.html", Verdict.NEEDS_BROWSER, 0),
    ],
)
def test_pages_that_google_served_are_what_they_were(server: str, name: str, verdict: Verdict, count: int) -> None:
    World.saved = SAVED / name
    page = read("google", opened(f"{server}/saved", scrolls=3))
    assert (page.verdict, len(page.refs)) == (verdict, count)


def chromium() -> Path:
    found = find_chromium()
    assert found
    return found


def test_a_page_that_hangs_costs_its_time_and_no_more(server: str) -> None:
    limits = Limits(allow_private=True, connect=2.0, first_byte=2.0)
    with pytest.raises(Unreachable) as caught:
        opened(f"{server}/hung", limits=limits)
    assert caught.value.reason is Reason.TIMEOUT


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:8080/", Reason.BLOCKED_ADDRESS),
        ("http://[::1]/", Reason.BLOCKED_ADDRESS),
        ("file:///etc/passwd", Reason.BAD_URL),
        ("http://0x7f.1/", Reason.BLOCKED_ADDRESS),
    ],
)
def test_addresses_that_are_not_the_internet_are_not_opened(url: str, reason: Reason) -> None:
    with pytest.raises(Unreachable) as caught:
        opened(url, limits=Limits())
    assert caught.value.reason is reason


def test_a_dead_server_has_its_reason() -> None:
    with pytest.raises(Unreachable) as caught:
        opened("http://127.0.0.1:9/", limits=OURS)
    assert caught.value.reason in {Reason.NETWORK, Reason.BLOCKED_PORT}


@pytest.fixture
def private(server: str) -> Iterator[tuple[str, list[str]]]:
    """A server where no page may lead, and who has been there."""
    visits: list[str] = []

    class Private(World):
        asked = visits

    with contextlib.ExitStack() as stack:
        try:
            host = stack.enter_context(serving(Private, "127.0.0.2"))
        except OSError:
            pytest.skip("this machine has no second address on loopback")
        yield host, visits


def guarded() -> Gate:
    """A gate for which 127.0.0.1 is the internet, and the rest of loopback is not."""
    return Gate(OURS, lambda ip: None if ip == "127.0.0.1" else refuse_ip(ip))


def test_a_page_leads_nowhere_it_should_not(server: str, private: tuple[str, list[str]]) -> None:
    at, visits = private
    gate = guarded()
    assert opened(f"{server}/spy?at={at}", gate=gate).status == 200
    assert visits == []
    assert gate.trouble == Refusal(Reason.BLOCKED_ADDRESS, "127.0.0.2 is 127.0.0.2")


def test_the_spy_would_have_come_through_without_the_guard(server: str, private: tuple[str, list[str]]) -> None:
    at, visits = private
    opened(f"{server}/spy?at={at}")
    assert {"/fetch", "/redirect", "/beacon", "/socket", "/frame", "/sheet"} <= set(visits)


def test_a_redirect_to_where_it_should_not_lead_has_its_reason(server: str, private: tuple[str, list[str]]) -> None:
    at, visits = private
    with pytest.raises(Unreachable) as caught:
        opened(f"{server}/away?to=http://{at}/", gate=guarded())
    assert (caught.value.reason, visits) == (Reason.BLOCKED_ADDRESS, [])


def test_a_cancelled_visit_leaves_no_process(server: str) -> None:
    async def go() -> int:
        async with BrowserPages(limits=OURS) as pages:
            task = asyncio.ensure_future(pages.page(f"{server}/hung", scrolls=0))
            await asyncio.sleep(2.5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return pages.gate.port

    assert gone(asyncio.run(go()))


def test_a_browser_that_dies_is_started_again(server: str) -> None:
    async def go() -> tuple[Reply, Reply]:
        async with BrowserPages(limits=OURS) as pages:
            first = await pages.page(f"{server}/search", scrolls=0)
            assert knowing(pages.gate.port)
            for pid in knowing(pages.gate.port):
                os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(1)
            return first, await pages.page(f"{server}/search", scrolls=0)

    assert [reply.status for reply in asyncio.run(go())] == [200, 200]


KILLED = """
import asyncio, sys
from scraper.browser import BrowserPages
from scraper.limits import Limits
async def go():
    async with BrowserPages(limits=Limits(allow_private=True)) as pages:
        await pages.page(sys.argv[1] + "/search", scrolls=0)
        print(pages.gate.port, flush=True)
        await asyncio.sleep(60)
asyncio.run(go())
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda sign: sign.name)
def test_the_browser_does_not_outlive_a_killed_program(server: str, sign: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, server], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as run:
        assert run.stdout
        port = int(run.stdout.readline())
        run.send_signal(sign)
    assert gone(port)


def test_the_gate_lets_nobody_else_through(server: str) -> None:
    async def go() -> bytes:
        async with Gate(OURS) as gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
            writer.write(f"GET {server}/search HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            return answer

    assert asyncio.run(go()).startswith(b"HTTP/1.1 407 ")


@pytest.mark.parametrize(
    "said", [b"\r\n\r\n", b"GET\r\n\r\n", b"\xff\xfe\x00", b"GET http://[ HTTP/1.1\r\n\r\n", b"a" * 200_000]
)
def test_the_gate_survives_what_is_no_request(said: bytes) -> None:
    async def go() -> bytes:
        async with Gate(OURS) as gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
            writer.write(said)
            writer.write_eof()
            answer = await reader.read()
            writer.close()
            return answer

    answer = b""
    with contextlib.suppress(ConnectionResetError):
        answer = asyncio.run(go())
    assert not answer or answer.startswith(b"HTTP/1.1 407 ")
