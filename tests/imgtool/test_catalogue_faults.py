"""A catalogue that is damaged, cut off from its log or from another time, and clocks that jump."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from scraper.engines.base import Verdict
from scraper.search.resting import Rests
from tests.made import tree
from tests.street import Ran, Street, begun, imgtool

CLOCK = """import time, datetime
real, far = time.time, {0}
time.time = lambda: real() + far
class Now(datetime.datetime):
    @classmethod
    def now(cls, zone=None): return cls.fromtimestamp(time.time(), zone)
datetime.datetime = Now
def jump():
    global far
    time.sleep({1}); far = -far
import threading; threading.Thread(target=jump, daemon=True).start()"""
YEAR = 365 * 24 * 3600


def scrape(street: Street, tmp_path: Path, many: int = 30, before: str = "pass", **environ: str) -> Ran:
    listed = street.listed(tmp_path, many)
    line = ("scrape", "--from", listed, "--label", "cat", "--out", str(tmp_path / "set"), "--json")
    return imgtool(*line, before=before, XDG_CACHE_HOME=str(tmp_path / "cache"), **environ)


def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "set" / ".imgtool" / "catalog.sqlite"


@pytest.mark.slow
@pytest.mark.parametrize("page", [0, 1, 3, 8])
def test_a_damaged_page_is_told_and_nothing_is_thrown_away(tmp_path: Path, page: int) -> None:
    with Street() as street:
        assert scrape(street, tmp_path).code == 0
        before = tree(tmp_path / "set")
        body = bytearray(catalogue(tmp_path).read_bytes())
        start = page * 4096 + (100 if page == 0 else 0)
        body[start : start + 400] = b"\xa5" * 400
        catalogue(tmp_path).write_bytes(body)

        ran = scrape(street, tmp_path, 40)

        assert tree(tmp_path / "set").items() >= before.items()
        assert "Traceback" not in ran.told
        if ran.code == 7:  # else the damage lay where nobody had to look
            assert "catalog.sqlite" in ran.answer["error"]["message"]
            assert "Move it aside" in ran.answer["error"]["hint"]
            for file in catalogue(tmp_path).parent.glob("catalog.sqlite*"):
                file.rename(file.with_name(f"aside-{file.name}"))
            again = scrape(street, tmp_path, 40)
            assert (again.code, again.answer["classes"][0]["kept"]) == (0, 40)
            assert len(tree(tmp_path / "set")) == 40
        else:
            assert ran.code == 0


def test_damage_is_found_at_all(tmp_path: Path) -> None:
    with Street() as street:
        scrape(street, tmp_path)
        size = catalogue(tmp_path).stat().st_size
        catalogue(tmp_path).write_bytes(catalogue(tmp_path).read_bytes()[:4096] + b"\xa5" * (size - 4096))
        ran = scrape(street, tmp_path)

    assert ran.code == 7
    assert "Move it aside" in ran.answer["error"]["hint"]


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["catalog.sqlite-wal", "catalog.sqlite-shm", "catalog.sqlite*"])
def test_a_killed_run_whose_log_was_lost_is_read_anew_from_the_folder(tmp_path: Path, lost: str) -> None:
    with Street() as street:
        listed = street.listed(tmp_path, 200)
        line = ["scrape", "--from", listed, "--label", "cat", "--out", str(tmp_path / "set")]
        process = begun(*line, XDG_CACHE_HOME=str(tmp_path / "cache"))
        while len(tree(tmp_path / "set")) < 20 and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.communicate()
        before = tree(tmp_path / "set")
        for file in catalogue(tmp_path).parent.glob(lost):
            file.unlink()

        ran = scrape(street, tmp_path, 200)

    assert ran.code == 0, ran.told
    assert before.items() <= tree(tmp_path / "set").items()
    assert len(tree(tmp_path / "set")) == 200


def test_a_catalogue_from_the_future_is_left_alone(tmp_path: Path) -> None:
    with Street() as street:
        scrape(street, tmp_path, 3)
        db = sqlite3.connect(catalogue(tmp_path))
        db.execute("PRAGMA user_version = 99")
        db.close()
        before = catalogue(tmp_path).read_bytes()

        ran = scrape(street, tmp_path, 6)

    assert ran.code == 7
    assert "newer imgtool" in ran.answer["error"]["message"]
    assert "Update imgtool" in ran.answer["error"]["hint"]
    assert catalogue(tmp_path).read_bytes() == before
    assert len(tree(tmp_path / "set")) == 3


@pytest.mark.slow
@pytest.mark.parametrize("far", [-20 * YEAR, 20 * YEAR])
def test_a_clock_that_jumps_disturbs_no_run(tmp_path: Path, far: int) -> None:
    with Street() as street:
        started = time.monotonic()
        ran = scrape(street, tmp_path, 60, before=f"exec({CLOCK.format(far, 0.4)!r})")
        log = Counter(street.log)
        again = scrape(street, tmp_path, 60)

    assert (ran.code, again.code, len(tree(tmp_path / "set"))) == (0, 0, 60), ran.told
    assert ran.answer["seconds"] < time.monotonic() - started
    assert street.log == log


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/New_York"])
def test_times_are_stored_in_utc(tmp_path: Path, zone: str) -> None:
    started = time.strftime("%Y-%m-%dT%H:%M", time.gmtime())
    with Street() as street:
        scrape(street, tmp_path, 2, TZ=zone)
    db = sqlite3.connect(catalogue(tmp_path))
    times = [
        row[0] for row in db.execute("SELECT at FROM source UNION SELECT at FROM picture UNION SELECT ended FROM run")
    ]
    db.close()

    assert times
    assert all(
        at.endswith("+00:00") and at >= started and at < time.strftime("%Y-%m-%dU", time.gmtime()) for at in times
    )


def test_a_rest_that_a_wrong_clock_wrote_down_holds_nobody_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rests = Rests(tmp_path / "resting.json")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 20 * YEAR)
    rests.lay_down("bing", "http://b", Verdict.CAPTCHA)
    assert "left alone" in rests.why("bing", "http://b")

    monkeypatch.setattr(time, "time", lambda: now)

    assert rests.why("bing", "http://b") == ""
