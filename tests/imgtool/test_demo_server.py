"""The demo world, served: real requests over loopback, and every ill manner as it was planted."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import accumulate

import pytest
import requests

from imgtool.demo import server
from imgtool.demo.files import content
from imgtool.demo.kinds import Kind
from imgtool.demo.routes import Served
from imgtool.demo.server import bound
from imgtool.demo.sites import CLASSES, HOSTS
from imgtool.demo.world import Plant, World
from imgtool.records import Filters, Query
from scraper.engines.base import Ask, Engine, Verdict
from scraper.engines.duckduckgo import DuckDuckGo
from scraper.engines.flickr import Flickr
from scraper.engines.openverse import Openverse
from scraper.engines.wikimedia import Wikimedia
from scraper.reply import Headers, Reply

AGENT = {"User-Agent": "imgtool-tests (me@example.org)"}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with World(7, stall=0.3).in_thread() as running:
        yield running


def one(served: Served, kind: Kind, place: int = 0) -> Plant:
    return [plant for plant in served.world.plants if plant.kind is kind][place]


def get(served: Served, kind: Kind, place: int = 0, *, follow: bool = True) -> requests.Response:
    url = served.atlas.picture(one(served, kind, place))
    return requests.get(url, timeout=10, allow_redirects=follow)


@pytest.mark.parametrize("kind", [Kind.GOOD, Kind.SLOW, Kind.MOVED, Kind.CHAIN, Kind.MISNAMED, Kind.COPY, Kind.NEAR])
def test_pictures_arrive_whole(served: Served, kind: Kind) -> None:
    reply = get(served, kind)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("image/")
    assert reply.content == content(one(served, kind), 7)


@pytest.mark.parametrize(("kind", "hops"), [(Kind.MOVED, 1), (Kind.CHAIN, 3)])
def test_redirects_are_as_many_as_planted(served: Served, kind: Kind, hops: int) -> None:
    assert len(get(served, kind).history) == hops


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.GONE, 404),
        (Kind.WITHDRAWN, 410),
        (Kind.DOWN, 500),
        (Kind.RESCUED, 404),
        (Kind.EMPTY, 200),
        (Kind.PAGE, 200),
    ],
)
def test_refusals_have_their_status(served: Served, kind: Kind, status: int) -> None:
    assert get(served, kind).status_code == status


@pytest.mark.parametrize(("kind", "status"), [(Kind.HICCUP, 500), (Kind.BUSY, 429)])
def test_a_second_try_succeeds(served: Served, kind: Kind, status: int) -> None:
    once, again = get(served, kind), get(served, kind)
    assert (once.status_code, again.status_code) == (status, 200)
    assert again.content == content(one(served, kind), 7)
    assert kind is not Kind.BUSY or once.headers["Retry-After"] == "1"


@pytest.mark.parametrize("kind", [Kind.CUT_OFF, Kind.STALLED, Kind.RESET])
def test_broken_connections_break(served: Served, kind: Kind) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get(served, kind)


def test_a_stalled_body_waits_before_it_breaks_off(served: Served) -> None:
    begun = time.monotonic()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get(served, Kind.STALLED, 1)
    assert 0.3 <= time.monotonic() - begun < 3


def test_an_endless_body_goes_on_until_one_hangs_up(served: Served) -> None:
    url = served.atlas.picture(one(served, Kind.ENDLESS))
    with requests.get(url, stream=True, timeout=10) as reply:
        sizes = accumulate(len(piece) for piece in reply.iter_content(1 << 20))
        assert any(size > 40 << 20 for size in sizes)  # more than any limit allows


def test_a_loop_has_no_end(served: Served) -> None:
    with pytest.raises(requests.TooManyRedirects):
        get(served, Kind.LOOP)


def test_some_redirects_lead_where_nobody_should_go(served: Served) -> None:
    inward = {get(served, Kind.INWARD, place, follow=False).headers["Location"] for place in range(6)}
    assert inward <= {"http://127.0.0.1:25/inbox.jpg", "http://224.0.0.1/camera.jpg"}
    assert get(served, Kind.TO_FILE, follow=False).headers["Location"].startswith("file:")


@pytest.mark.parametrize(
    ("kind", "header", "value"),
    [
        (Kind.NO_AI, "X-Robots-Tag", "noai, noimageai"),
        (Kind.TDM, "tdm-reservation", "1"),
        (Kind.OTHER_BOT, "X-Robots-Tag", "shoppingbot: noai"),
    ],
)
def test_opt_outs_are_in_the_headers(served: Served, kind: Kind, header: str, value: str) -> None:
    assert get(served, kind).headers[header] == value


@pytest.mark.parametrize(("kind", "status"), [(Kind.ROBOTS, 200), (Kind.CLOSED, 503), (Kind.GOOD, 404)])
def test_hosts_have_their_robots_txt(served: Served, kind: Kind, status: int) -> None:
    plant = one(served, kind)
    reply = requests.get(served.atlas.url(plant.host, "/robots.txt"), timeout=10)
    assert reply.status_code == status
    assert kind is not Kind.ROBOTS or "Disallow: /members/" in reply.text
    assert kind is not Kind.ROBOTS or plant.path.startswith("/members/")


def test_bing_holds_copies_of_what_is_gone(served: Served) -> None:
    plant = one(served, Kind.RESCUED)
    assert requests.get(served.atlas.copy(plant), timeout=10).content == content(plant, 7)
    assert served.atlas.copy(one(served, Kind.GONE)) == ""


def test_a_picture_stands_on_a_page(served: Served) -> None:
    plant = one(served, Kind.GOOD)
    assert served.atlas.picture(plant) in requests.get(served.atlas.story(plant), timeout=10).text


def test_every_request_is_counted(served: Served) -> None:
    url = served.atlas.picture(one(served, Kind.GOOD, 9))
    before = served.log[url]
    requests.get(url, timeout=10)
    assert served.log[url] == before + 1
    assert requests.get(f"{served.base}world/log.json", timeout=10).json()[url] == before + 1


def test_the_front_page_lists_what_is_planted(served: Served) -> None:
    page = requests.get(served.base, timeout=10).text
    assert all(about.split(" ", maxsplit=1)[0] in page for about, _ in served.world.planted.values())
    assert len(requests.get(f"{served.base}world/truth.json", timeout=10).json()) == len(served.truth)


def crawl(served: Served, engine: Engine, query: Query, key: str = "", agent: str = AGENT["User-Agent"]) -> list[Plant]:
    ask: Ask | None = engine.first(query, served.settings[f"IMGTOOL_{engine.name.upper()}_URL"], key)
    found = []
    while ask:
        got = requests.get(ask.url, headers={**ask.headers, "User-Agent": agent}, timeout=10)
        page = engine.read(ask, Reply(got.status_code, got.url, Headers.of(got.headers.items()), got.content))
        assert page.verdict is Verdict.OK, page.detail
        found += [served.truth[ref.url] for ref in page.refs]
        ask = page.next
    return found


@pytest.mark.parametrize("engine", [DuckDuckGo(), Openverse(), Wikimedia(), Flickr()], ids=lambda engine: engine.name)
@pytest.mark.parametrize("label", CLASSES)
def test_our_engines_read_the_other_sources(served: Served, engine: Engine, label: str) -> None:
    found = crawl(served, engine, Query(label, label), served.settings["IMGTOOL_FLICKR_KEY"])
    assert len(found) == len(set(found)) > 20
    assert {plant.label for plant in found} == {label}


def test_licences_are_filtered(served: Served) -> None:
    found = crawl(served, Openverse(), Query("cactus", "cactus", Filters(licence=("cc0",))))
    assert {plant.licence for plant in found} == {"cc0 1.0"}


def test_commons_wants_to_know_whom_to_ask(served: Served) -> None:
    with pytest.raises(AssertionError, match="contact"):
        crawl(served, Wikimedia(), Query("cactus", "cactus"), agent="imgtool-tests")


def test_flickr_wants_its_key(served: Served) -> None:
    with pytest.raises(AssertionError, match="Invalid API Key"):
        crawl(served, Flickr(), Query("cactus", "cactus"), key="wrong")


def test_the_world_can_live_in_ones_own_loop() -> None:
    async def visit() -> tuple[int, dict[str, str]]:
        async with World(7).serve() as served:
            url = served.atlas.picture(one(served, Kind.GOOD))
            reply = await asyncio.to_thread(requests.get, url, timeout=10)
            return reply.status_code, served.settings

    status, settings = asyncio.run(visit())
    assert status == 200
    assert {name for name in settings if name.endswith("_URL")} == {
        f"IMGTOOL_{name}_URL" for name in ("BING", "GOOGLE", "DUCKDUCKGO", "OPENVERSE", "WIKIMEDIA", "FLICKR")
    }
    assert settings["IMGTOOL_ALLOW_PRIVATE"] == "1"


def test_the_world_is_a_program_that_ends_with_its_standard_input() -> None:
    command = [sys.executable, "-m", "imgtool.demo.server", "--seed", "7"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        assert program.stdin
        base = program.stdout.readline().strip()
        settings = dict(program.stdout.readline().strip().split("=", 1) for _ in range(8))
        page = requests.get(f"{settings['IMGTOOL_BING_URL']}/images/search?q=cactus", timeout=10)
        assert "mmComponent_images_2" in page.text
        assert requests.get(f"{base}world/settings.json", timeout=10).json() == settings
        program.stdin.close()
        assert program.wait(10) == 0


def test_the_same_seed_serves_the_same_bytes(served: Served) -> None:
    plant = one(served, Kind.GOOD, 20)
    with World(7).in_thread() as other:
        bodies = [requests.get(there.atlas.picture(plant), timeout=10).content for there in (served, other)]
    assert len({hashlib.sha256(body).digest() for body in bodies}) == 1


def test_where_there_is_one_loopback_address_hosts_are_told_apart_by_port(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_one(address: str, port: int) -> socket.socket:
        if address != "127.0.0.1":
            raise OSError(errno.EADDRNOTAVAIL, "as on macOS")
        return bound(address, port)

    monkeypatch.setattr(server, "bound", only_one)
    with World(7).in_thread() as served:
        assert len(set(served.atlas.places.values())) == len(HOSTS)
        plant = one(served, Kind.GOOD)
        assert requests.get(served.atlas.picture(plant), timeout=10).content == content(plant, 7)


def test_a_port_that_is_taken_is_an_error(served: Served) -> None:
    port = int(served.base.rstrip("/").rpartition(":")[2])
    with pytest.raises(OSError, match=r"[Aa]ddress already in use"), World(7).in_thread(port):
        pass
