"""Engines that refuse, have nothing, change their pages or repeat themselves: each said as what it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.made import tree
from tests.street import Ran, Said, Street, drawn, imgtool

CAPTCHA = Said(b"<form id='challenge-form' action='/captcha'>prove it</form>", 403)
NOTHING = Said(b'<body id="b_header"><p>There are no results for <b>cat</b></p><div data-nextUrl=""></div></body>')
REDRAWN = Said(b"<html><body><h1>The new picture search</h1><main></main></body></html>")
TOO_OFTEN = Said(b"", 429)
NONE = Said(b'{"results": [], "result_count": 0, "page_count": 0}')


def bing(*urls: str, onward: str = "", title: str = "Cat") -> Said:
    """A result page in the shape of 2026 (synthetic)."""
    facts = [{"murl": url, "purl": "", "turl": "", "t": title, "mid": f"{n:040X}"} for n, url in enumerate(urls, 1)]
    cards = "".join(f'<li><a class="iusc" m="{escape(json.dumps(m))}" href=""></a></li>' for m in facts)
    listed = f'<div class="dgControl" data-nextUrl="{escape(onward)}"><ul>{cards}</ul></div>'
    return Said(f'<html><body id="b_header">{listed}</body></html>'.encode())


def openverse(*urls: str, **more: str) -> Said:
    """An answer of Openverse."""
    rows = [{"id": url[-20:], "url": url, "license": "by", "license_version": "2.0"} | more for url in urls]
    return Said(json.dumps({"results": rows, "page_count": 1, "result_count": len(rows)}).encode())


class City(Street):
    """A street with search engines in it."""

    def __init__(self) -> None:
        super().__init__()
        self.engines: dict[str, Said | Callable[[dict[str, list[str]]], Said]] = {}

    def answer(self, path: str) -> Said:
        parts = urlsplit(path)
        said = self.engines.get(parts.path)
        return said(parse_qs(parts.query)) if callable(said) else said or super().answer(path)

    def asks(self, path: str) -> int:
        return sum(many for asked, many in self.log.items() if asked.startswith(path))


@pytest.fixture
def city() -> Iterator[City]:
    with City() as made:
        yield made


def scrape(
    city: City, tmp_path: Path, *more: str, n: int = 4, engines: str = "bing,openverse", label: str = "cat"
) -> Ran:
    line = ["scrape", label, "--n", str(n), "--out", str(tmp_path / "set"), "--engine", engines, "--json", *more]
    home = {"IMGTOOL_BING_URL": city.url(""), "IMGTOOL_OPENVERSE_URL": city.url("")}
    return imgtool(*line, "--no-browser", XDG_CACHE_HOME=str(tmp_path / "cache"), **home)


BING, OPENVERSE = "/images/search", "/v1/images/"


def verdicts(ran: Ran) -> dict[str, str]:
    return {engine["engine"]: engine["verdict"] for engine in ran.answer["classes"][0]["engines"]}


@pytest.mark.parametrize(
    ("refusal", "verdict"),
    [(CAPTCHA, "blocked: captcha"), (TOO_OFTEN, "blocked: rate limit"), (REDRAWN, "layout changed")],
)
def test_one_engine_refuses_and_the_other_goes_on(city: City, tmp_path: Path, refusal: Said, verdict: str) -> None:
    city.engines = {BING: refusal, OPENVERSE: openverse(*map(city.picture, range(4)))}

    ran = scrape(city, tmp_path)

    assert (ran.code, len(tree(tmp_path / "set"))) == (0, 4)
    assert verdicts(ran)["bing"] == verdict
    assert city.asks(BING) == 1


def test_an_engine_that_refused_is_left_alone_for_a_while(city: City, tmp_path: Path) -> None:
    city.engines = {BING: CAPTCHA, OPENVERSE: openverse(city.picture(1))}
    scrape(city, tmp_path)

    ran = scrape(city, tmp_path)

    assert city.asks(BING) == 1
    assert verdicts(ran)["bing"] == "blocked: captcha"
    assert "left alone" in ran.out


@pytest.mark.parametrize(
    ("first", "second", "code", "words"),
    [
        pytest.param(CAPTCHA, TOO_OFTEN, 5, ["captcha", "too many requests"], id="all refuse"),
        pytest.param(REDRAWN, TOO_OFTEN, 5, ["shape we do not know"], id="a layout changed"),
        pytest.param(NOTHING, NONE, 4, ["Nothing was found"], id="nothing anywhere"),
        pytest.param(NOTHING, TOO_OFTEN, 4, ["Nothing was found"], id="nothing, and a refusal"),
    ],
)
def test_no_pictures_at_all_is_never_called_done(
    city: City, tmp_path: Path, first: Said, second: Said, code: int, words: list[str]
) -> None:
    city.engines = {BING: first, OPENVERSE: second}

    ran = scrape(city, tmp_path)

    error = ran.answer["error"]
    assert (ran.code, error["exit_code"]) == (code, code)
    assert all(word in error["message"] for word in words), error
    assert error["hint"]


def test_fewer_than_asked_is_told_with_both_numbers(city: City, tmp_path: Path) -> None:
    city.engines = {BING: bing(city.picture(1), city.url("/gone.jpg")), OPENVERSE: NONE}

    ran = scrape(city, tmp_path)

    assert ran.code == 3
    assert "cat has 1 of 4" in ran.answer["error"]["message"]
    assert ran.answer["classes"][0]["skipped"] == {"gone": 1}


def test_an_engine_that_gives_one_page_for_ever_is_left(city: City, tmp_path: Path) -> None:
    def page(asked: dict[str, list[str]]) -> Said:
        first = int(asked.get("first", ["1"])[0])
        return bing(*map(city.picture, range(3)), onward=f"/images/async?q=cat&first={first + 35}")

    city.engines = {BING: page, "/images/async": page}

    ran = scrape(city, tmp_path, n=50, engines="bing")

    assert (ran.code, len(tree(tmp_path / "set"))) == (3, 3)
    assert city.asks("/images/") < 60


def test_an_engine_that_gives_one_picture_under_new_addresses_for_ever_is_left(city: City, tmp_path: Path) -> None:
    def page(asked: dict[str, list[str]]) -> Said:
        first = int(asked.get("first", ["1"])[0])
        urls = [city.url(f"/p/{n % 3}.jpg?copy={n}-{asked['q'][0]}") for n in range(first, first + 35)]
        return bing(*urls, onward=f"/images/async?q=cat&first={first + 35}")

    city.engines = {BING: page, "/images/async": page}

    ran = scrape(city, tmp_path, n=50, engines="bing")

    assert (ran.code, len(tree(tmp_path / "set"))) == (3, 3)
    assert "none of its last" in ran.answer["classes"][0]["engines"][0]["stopped"]
    assert city.asks("/p/") < 2000


def test_what_an_engine_says_of_a_picture_may_be_anything(city: City, tmp_path: Path) -> None:
    odd = "cat, half \ud800 a character, a NUL \0, <b>, \u202e, \x1b[31m" + "x" * 100_000
    city.engines = {
        BING: bing(city.picture(2), "http://[\ud800/1.jpg", city.picture(3), title=odd),
        OPENVERSE: openverse(city.picture(1), "http://h/\ud800.jpg", title=odd, creator=odd),
    }

    ran = scrape(city, tmp_path)

    assert (ran.code, len(tree(tmp_path / "set"))) == (3, 3), ran.told
    assert "Traceback" not in ran.told


def test_names_come_from_the_bytes_and_from_nothing_that_the_web_says(city: City, tmp_path: Path) -> None:
    climb = "/..%2f..%2f..%2f..%2ftmp%2fevil.jpg"
    city.said[climb] = Said(drawn(1), headers={"Content-Disposition": 'attachment; filename="../../../evil.jpg"'})
    city.said["/a/..%2f..%2fb.php"] = Said(drawn(2), headers={"Content-Type": "text/plain"})
    city.engines = {OPENVERSE: openverse(city.url(climb), city.url("/a/..%2f..%2fb.php"), title="../../evil")}

    ran = scrape(city, tmp_path, engines="openverse", n=2)

    assert ran.code == 0
    names = [path.relative_to(tmp_path / "set").as_posix() for path in (tmp_path / "set").rglob("*.jpg")]
    assert len(names) == 2
    assert all(name.startswith("cat/") and len(name) == len("cat/") + 16 + len(".jpg") for name in names)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set"]


def test_two_classes_may_be_looked_for_with_the_same_words(city: City, tmp_path: Path) -> None:
    city.engines = {OPENVERSE: openverse(*map(city.picture, range(4)))}

    first = scrape(city, tmp_path, engines="openverse")
    second = scrape(city, tmp_path, "--query", "cat", engines="openverse", label="kitten")

    assert (first.code, second.code) == (0, 0)
    assert [sum(path.startswith(label) for path in tree(tmp_path / "set")) for label in ("cat", "kitten")] == [4, 4]
