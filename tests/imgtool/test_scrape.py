"""A whole scrape of the demo's web: real servers on loopback, real downloads, real decoding."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import imgtool
from imgtool.demo.routes import Served
from imgtool.demo.world import World
from imgtool.records import Kept, Outcome, ScrapeReport, Skipped
from imgtool.settings import Settings, load
from tests.made import tree
from tests.painted import encoded, scene

PLAIN = ("bing", "duckduckgo", "openverse", "wikimedia", "flickr")  # no browser: quick, and the same everywhere


@pytest.fixture(scope="module")
def web() -> Iterator[Served]:
    with World(seed=3, stall=0.5).in_thread() as served:
        yield served


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def settings(web: Served) -> Settings:
    return load(environ=web.settings | {"IMGTOOL_STALL": "2"}, folder=Path("/")).settings


def scrape(out: Path, settings: Settings, n: int = 40, label: str = "cactus", **more: object) -> ScrapeReport:
    options = {"engine": PLAIN, "browser": "never"} | more
    return imgtool.scrape(label, n=n, out=out, settings=settings, **options)  # type: ignore[arg-type]


def shown(web: Served, root: Path) -> Counter[tuple[str, int] | None]:
    """Which of the world's pictures the set shows, by where each came from."""
    db = sqlite3.connect(root / ".imgtool" / "catalog.sqlite")
    query = "SELECT url FROM source JOIN picture USING (sha256) WHERE source.state = 'kept' AND picture.state = 'kept'"
    urls = [row[0] for row in db.execute(query)]
    db.close()
    return Counter(web.truth[url].shows for url in urls)


def fetched(web: Served) -> Counter[str]:
    return Counter({url: web.log[url] for url in web.truth})


def test_n_pictures_are_kept_and_no_two_show_the_same(web: Served, settings: Settings, tmp_path: Path) -> None:
    report = scrape(tmp_path, settings, n=120)

    (got,) = report.classes
    assert (got.kept, got.new, got.complete) == (120, 120, True)
    assert len(tree(tmp_path)) == 120
    assert set(shown(web, tmp_path).values()) == {1}
    assert {"truncated", "duplicate_picture"} & set(got.skipped)


def test_a_second_run_asks_nobody_and_changes_nothing(web: Served, settings: Settings, tmp_path: Path) -> None:
    scrape(tmp_path, settings)
    before, log = tree(tmp_path), Counter(web.log)

    report = scrape(tmp_path, settings)

    assert report.classes[0].complete
    assert tree(tmp_path) == before
    assert web.log == log


def test_a_larger_n_goes_on_and_fetches_nothing_twice(web: Served, settings: Settings, tmp_path: Path) -> None:
    scrape(tmp_path, settings, n=30)
    before, log = tree(tmp_path), fetched(web)

    scrape(tmp_path, settings, n=60)

    after = tree(tmp_path)
    assert len(after) == 60
    assert before.items() <= after.items()
    settled = {url for url in log if log[url] and web.truth[url].kind not in {"hiccup", "busy"}}
    again = {url for url in settled if fetched(web)[url] > log[url]}
    assert not again & _decided(tmp_path, before_run=2)


def _decided(root: Path, before_run: int) -> set[str]:
    db = sqlite3.connect(root / ".imgtool" / "catalog.sqlite")
    urls = {row[0] for row in db.execute("SELECT url FROM source WHERE run < ?", (before_run,))}
    db.close()
    return urls


def test_the_set_is_the_same_whatever_arrives_first(settings: Settings, tmp_path: Path) -> None:
    scrape(tmp_path / "a", settings)
    single = load(environ={}, folder=Path("/")).settings
    slow = Settings(
        **{name: getattr(settings, name) for name in Settings.__slots__ if name != "concurrency"}, concurrency=3
    )
    assert single.concurrency != slow.concurrency
    scrape(tmp_path / "b", slow)

    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_when_the_web_has_too_few_the_report_says_so(settings: Settings, tmp_path: Path) -> None:
    report = scrape(tmp_path, settings, n=5000, engine=("openverse",))

    (got,) = report.classes
    assert 0 < got.kept < 5000
    assert not got.complete
    assert got.engines[0].stopped == "every query, related query and filter was tried"


def test_without_a_browser_google_is_reported_as_blocked(settings: Settings, tmp_path: Path) -> None:
    report = scrape(tmp_path, settings, engine=("google",))

    (google,) = report.classes[0].engines
    assert google.verdict == "blocked: needs a browser"
    assert report.classes[0].kept == 0


def test_a_removed_picture_does_not_come_back(settings: Settings, tmp_path: Path) -> None:
    scrape(tmp_path, settings, n=20)
    gone = min(tmp_path.glob("cactus/*"))
    gone.unlink()

    scrape(tmp_path, settings, n=20)

    assert len(tree(tmp_path)) == 20
    assert not gone.exists()


def test_pictures_of_ones_own_count_and_are_not_doubled(settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "cactus" / "mine.jpg"
    own.parent.mkdir()
    own.write_bytes(encoded(scene(200, 150, seed=9)))
    (tmp_path / "cactus" / "notes.txt").write_text("not a picture")

    report = scrape(tmp_path, settings, n=10)

    assert (report.classes[0].kept, report.classes[0].new) == (10, 9)
    assert own.exists()


def test_failures_are_tried_again_by_their_reason(web: Served, settings: Settings, tmp_path: Path) -> None:
    lists = tmp_path / "urls.txt"
    gone = [url for url, plant in web.truth.items() if plant.kind == "gone"][:3]
    lists.write_text("\n".join(gone))
    first = scrape(tmp_path / "set", settings, lists=[lists], engine=())
    asked = fetched(web)

    scrape(tmp_path / "set", settings, lists=[lists], engine=())
    assert fetched(web) == asked
    scrape(tmp_path / "set", settings, lists=[lists], engine=(), retry=["gone"])

    assert first.classes[0].skipped == {"gone": 3}
    assert all(fetched(web)[url] == asked[url] + 1 for url in gone)


def test_a_list_may_hold_anything_and_bad_lines_are_counted(web: Served, settings: Settings, tmp_path: Path) -> None:
    lists = tmp_path / "urls.txt"
    good = next(url for url, plant in web.truth.items() if plant.kind == "good")
    lines = ["# my list", good, "", good, "ftp://h/x.jpg", "javascript:alert(1)", "http://10.0.0.1:22/x.jpg", "\x00"]
    lists.write_text("\r\n".join(lines))

    (got,) = scrape(tmp_path / "set", settings, lists=[lists], engine=()).classes

    assert got.kept == 1
    assert got.skipped["duplicate_url"] == 1
    assert got.skipped["bad_url"] >= 2
    assert got.skipped["blocked_port"] == 1


def test_collect_is_a_stream_of_outcomes(settings: Settings, tmp_path: Path) -> None:
    async def gather() -> list[Outcome]:
        stream = imgtool.collect("cactus", n=5, out=tmp_path, settings=settings, engine=PLAIN)
        return [outcome async for outcome in stream]

    outcomes = asyncio.run(gather())

    assert sum(isinstance(outcome, Kept) for outcome in outcomes) == 5
    assert all(isinstance(outcome, Kept | Skipped) for outcome in outcomes)


def test_scrape_works_inside_a_running_loop_as_in_a_notebook(settings: Settings, tmp_path: Path) -> None:
    async def cell() -> ScrapeReport:
        return scrape(tmp_path, settings, n=3)

    assert asyncio.run(cell()).classes[0].kept == 3


def test_a_stream_that_is_left_early_leaves_a_dataset_that_goes_on(settings: Settings, tmp_path: Path) -> None:
    async def leave() -> None:
        stream = imgtool.collect("cactus", n=40, out=tmp_path, settings=settings, engine=PLAIN)
        async for outcome in stream:
            if isinstance(outcome, Kept):
                break
        await stream.aclose()

    asyncio.run(leave())
    scrape(tmp_path, settings, n=40)

    assert len(tree(tmp_path)) == 40


def command(web: Served, out: Path, n: int) -> subprocess.Popen[str]:
    environ = {**os.environ, **web.settings, "IMGTOOL_STALL": "2", "PYTHONPATH": os.pathsep.join(sys.path)}
    engines = ["--engine", ",".join(PLAIN), "--no-browser"]
    line = [sys.executable, "-m", "imgtool", "scrape", "cactus", "--n", str(n), "--out", str(out), *engines, "--json"]
    return subprocess.Popen(line, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def finish(web: Served, out: Path, n: int) -> dict[str, object]:
    process = command(web, out, n)
    stdout, _ = process.communicate(timeout=120)
    answer: dict[str, object] = json.loads(stdout)
    return answer


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_in_order_and_nothing_is_lost(web: Served, tmp_path: Path, number: int, code: int) -> None:
    process = command(web, tmp_path / "set", 100)
    while len(tree(tmp_path / "set")) < 10 and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == code
    before = tree(tmp_path / "set")
    done = {url for url in _decided(tmp_path / "set", 2) if url in web.truth}
    log = fetched(web)

    finish(web, tmp_path / "set", 100)

    assert before.items() <= tree(tmp_path / "set").items()
    assert len(tree(tmp_path / "set")) == 100
    assert not {url for url in done if fetched(web)[url] > log[url]}


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_killed_twenty_times_it_ends_with_the_same_set(web: Served, tmp_path: Path) -> None:
    dice = random.Random(20)
    finish(web, tmp_path / "whole", 150)
    whole = tree(tmp_path / "whole")
    kills = 0
    while kills < 20:
        process = command(web, tmp_path / "killed", 150)
        try:
            process.communicate(timeout=dice.uniform(0.4, 1.6))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        kills += 1
        assert tree(tmp_path / "killed").items() <= whole.items()  # never half a file, never another picture

    finish(web, tmp_path / "killed", 150)

    assert tree(tmp_path / "killed") == whole


def test_two_commands_on_one_dataset_one_says_who_holds_it(web: Served, tmp_path: Path) -> None:
    first = command(web, tmp_path, 60)
    lock = tmp_path / ".imgtool" / "lock"
    while not (lock.exists() and lock.read_bytes()) and first.poll() is None:
        time.sleep(0.02)
    first.send_signal(signal.SIGSTOP)  # or a quick one is done before the other has begun
    second = command(web, tmp_path, 60)
    stdout, _ = second.communicate(timeout=60)
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=60)

    assert second.returncode == 7
    assert str(first.pid) in json.loads(stdout)["error"]["message"]
    assert len(tree(tmp_path)) == 60


def test_the_world_is_really_asked(web: Served) -> None:
    assert requests.get(web.base, timeout=5).status_code == 200
