"""DuckDuckGo, Openverse, Wikimedia Commons and Flickr: requests and readings. All answers here are synthetic."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.records import Filters, Query
from scraper.engines.base import Ask, Engine, Page, Verdict
from scraper.engines.duckduckgo import DuckDuckGo
from scraper.engines.flickr import Flickr
from scraper.engines.openverse import Openverse
from scraper.engines.wikimedia import Wikimedia
from scraper.reply import Headers, Reply

BASE = "https://engine.test"
KEY = "s3cr3tk3y0123456"
NOON = 1_795_262_400.0  # 2026-11-21 12:00 UTC
FOX = Query("fox", "red fox")
ALL: list[Engine] = [DuckDuckGo(), Openverse(), Wikimedia(), Flickr(lambda: NOON)]
SHARED = Path(__file__).parents[3] / "shared" / "pages" / "other"


def ask(engine: Engine, query: Query = FOX) -> Ask:
    """The request whose answer holds results."""
    first = engine.first(query, BASE, KEY if engine.key_env else "")
    if isinstance(engine, DuckDuckGo):
        page = engine.read(first, Reply(200, first.url, body=b'<script>vqd="4-123-456"</script>'))
        assert page.next is not None
        return page.next
    return first


def read(engine: Engine, body: object, status: int = 200, query: Query = FOX, **headers: str) -> Page:
    """What it makes of an answer."""
    asked = ask(engine, query)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = Headers.of((name.replace("_", "-"), value) for name, value in headers.items())
    return engine.read(asked, Reply(status, asked.url, lines, raw))


def fields(asked: Ask | None) -> dict[str, str]:
    """The query of a request."""
    assert asked is not None
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.url).query).items()}


def fox(n: int = 1) -> dict[str, object]:
    """A result of DuckDuckGo."""
    return {"image": f"https://pics.test/{n}.jpg", "url": "https://page.test/", "title": "A <b>fox</b>", "width": 640}


def openly(n: int = 1) -> dict[str, object]:
    """A result of Openverse."""
    return {
        "id": f"id-{n}",
        "title": "Fox",
        "url": f"https://pics.test/{n}.jpg",
        "foreign_landing_url": "https://page.test/1",
        "creator": "Ann",
        "license": "by-sa",
        "license_version": "2.0",
        "license_url": "https://creativecommons.org/licenses/by-sa/2.0/",
        "width": 1024,
        "height": 768,
    }


def file(n: int = 1, **info: object) -> dict[str, object]:
    """A page of Commons."""
    told = {
        "url": f"https://upload.test/{n}.jpg",
        "thumburl": f"https://upload.test/{n}/1920px.jpg",
        "thumbwidth": 1920,
        "thumbheight": 1280,
        "width": 3000,
        "height": 2000,
        "size": 900_000,
        "mime": "image/jpeg",
        "sha1": f"{n:040x}",
        "descriptionurl": f"https://commons.test/File:{n}.jpg",
        "extmetadata": {
            "LicenseShortName": {"value": "CC BY-SA 4.0"},
            "LicenseUrl": {"value": "https://creativecommons.org/licenses/by-sa/4.0"},
            "Artist": {"value": '<a href="//x" title="y">Ann &amp; Bob</a>'},
        },
    }
    return {"index": n, "title": f"File:Fox {n}.jpg", "imageinfo": [told | info]}


def photo(n: int = 1, **more: object) -> dict[str, object]:
    """A photograph of Flickr."""
    return {"id": str(n), "owner": "1@N05", "secret": "abc", "server": "42", "title": "Fox", "license": "4"} | more


def photos(*rows: object, pages: int = 1) -> dict[str, object]:
    """An answer of Flickr."""
    return {"photos": {"page": 1, "pages": pages, "photo": list(rows)}, "stat": "ok"}


# --- verdicts -------------------------------------------------------------------------------------------------

HTML = b"<!doctype html><html><title>Hello</title></html>"
CHALLENGE = b"<html><form id=challenge-form>prove it</form></html>"
DDG, OPENVERSE, WIKIMEDIA, FLICKR = ALL

VERDICTS = [
    *((engine, 401, b"", Verdict.DENIED) for engine in ALL),
    *((engine, 403, b"", Verdict.DENIED) for engine in ALL),
    *((engine, 403, CHALLENGE, Verdict.CAPTCHA) for engine in ALL),
    *((engine, 429, b"", Verdict.RATE_LIMIT) for engine in ALL),
    *((engine, 500, b"", Verdict.ERROR) for engine in ALL),
    *((engine, 503, HTML, Verdict.ERROR) for engine in ALL),
    *((engine, 404, b"{}", Verdict.ERROR) for engine in ALL),
    *((engine, 200, CHALLENGE, Verdict.CAPTCHA) for engine in ALL),
    *((engine, 200, HTML, Verdict.LAYOUT_CHANGED) for engine in ALL[1:]),
    *((engine, 200, b"[" * 100_000, Verdict.LAYOUT_CHANGED) for engine in ALL[1:]),
    *((engine, 200, {"surprise": 1}, Verdict.LAYOUT_CHANGED) for engine in ALL[1:]),
    (DDG, 200, HTML, Verdict.DENIED),
    (DDG, 202, b"", Verdict.RATE_LIMIT),
    (DDG, 202, CHALLENGE, Verdict.CAPTCHA),
    (DDG, 200, {"query": "fox"}, Verdict.DENIED),
    (DDG, 200, {"results": []}, Verdict.NO_RESULTS),
    (DDG, 200, {"results": [{"img": "https://pics.test/1.jpg"}]}, Verdict.LAYOUT_CHANGED),
    (DDG, 200, {"results": [fox()]}, Verdict.OK),
    (OPENVERSE, 200, {"results": [], "result_count": 0}, Verdict.NO_RESULTS),
    (OPENVERSE, 200, {"results": [{"u": 1}]}, Verdict.LAYOUT_CHANGED),
    (OPENVERSE, 200, {"results": [openly()], "page_count": 1}, Verdict.OK),
    (WIKIMEDIA, 200, {"batchcomplete": ""}, Verdict.NO_RESULTS),
    (WIKIMEDIA, 200, {"error": {"code": "ratelimited", "info": "slow down"}}, Verdict.RATE_LIMIT),
    (WIKIMEDIA, 200, {"error": {"code": "blocked"}}, Verdict.DENIED),
    (WIKIMEDIA, 200, {"error": {"code": "internal_api_error"}}, Verdict.ERROR),
    (WIKIMEDIA, 200, {"query": {"pages": {"1": {"title": "x"}}}}, Verdict.LAYOUT_CHANGED),
    (WIKIMEDIA, 200, {"query": {"pages": {"1": file()}}}, Verdict.OK),
    (WIKIMEDIA, 200, {"query": {"pages": [file()]}}, Verdict.OK),
    (FLICKR, 200, {"stat": "fail", "code": 100, "message": f"Invalid API Key {KEY}"}, Verdict.DENIED),
    (FLICKR, 200, {"stat": "fail", "code": 105, "message": "unavailable"}, Verdict.ERROR),
    (FLICKR, 200, photos(), Verdict.NO_RESULTS),
    (FLICKR, 200, photos({"x": 1}), Verdict.LAYOUT_CHANGED),
    (FLICKR, 200, photos(photo()), Verdict.OK),
]


@pytest.mark.parametrize(
    ("engine", "status", "body", "verdict"), VERDICTS, ids=lambda value: getattr(value, "name", None)
)
def test_every_answer_gets_its_verdict(engine: Engine, status: int, body: object, verdict: Verdict) -> None:
    page = read(engine, body, status)

    assert page.verdict == verdict
    assert bool(page.refs) == (verdict == Verdict.OK)
    assert page.detail or verdict == Verdict.OK
    assert KEY not in page.detail


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.name)
def test_a_rate_limit_says_how_long(engine: Engine) -> None:
    page = read(engine, b"", 429, retry_after="7", x_ratelimit_limit_anon_burst="20/min")

    assert "retry-after: 7" in page.detail
    assert "20/min" in page.detail


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.name)
@given(body=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), status=st.integers(100, 599))
def test_no_bytes_raise(engine: Engine, body: bytes, status: int) -> None:
    assert isinstance(read(engine, body, status).verdict, Verdict)


WORDS = ["results", "query", "pages", "imageinfo", "photos", "photo", "url", "image", "stat", "error"]
WORDS += ["continue", "page_count", "license", "id", "next"]
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | st.just("ok")
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.name)
@given(answer=JSON)
def test_no_json_raises(engine: Engine, answer: object) -> None:
    assert isinstance(read(engine, answer).verdict, Verdict)


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.name)
def test_the_base_is_kept_from_page_to_page(engine: Engine) -> None:
    base = "http://127.0.0.1:8080/under"
    first = engine.first(FOX, f"{base}/", KEY)

    assert first.url.startswith(f"{base}/")
    assert first.engine == engine.name


# --- DuckDuckGo -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ['vqd="4-12-34"', "vqd=4-12-34&", "vqd='4-12-34'", 'vqd=\\"4-12-34\\"'])
def test_the_token_page_leads_to_the_results(form: str) -> None:
    first = DDG.first(FOX, BASE)
    page = DDG.read(first, Reply(200, first.url, body=f"<script>{form}</script>".encode()))

    assert (page.verdict, page.refs) == (Verdict.OK, ())
    assert page.next is not None
    assert page.next.url.startswith(f"{BASE}/i.js?")
    assert page.next.state == {"vqd": "4-12-34"}
    assert (page.next.page, page.next.seen) == (1, 0)
    assert page.next.headers["Referer"] == f"{BASE}/"


def test_a_token_page_without_a_token_is_a_changed_layout() -> None:
    first = DDG.first(FOX, BASE)

    assert DDG.read(first, Reply(200, first.url, body=HTML)).verdict == Verdict.LAYOUT_CHANGED


def test_duckduckgo_goes_on_by_its_own_next() -> None:
    page = read(DDG, {"results": [fox(n) for n in range(3)], "next": "i.js?q=red+fox&s=100&l=us-en"})

    assert [ref.rank for ref in page.refs] == [1, 2, 3]
    assert page.refs[0].title == "A fox"
    assert fields(page.next)["s"] == "100"
    assert fields(page.next)["vqd"] == "4-123-456"
    assert page.next is not None
    assert (page.next.page, page.next.seen) == (2, 3)
    assert page.next.url.startswith(f"{BASE}/i.js?")


def test_a_next_that_goes_nowhere_is_the_end() -> None:
    asked = replace(ask(DDG), url=ask(DDG).url + "&s=100")
    body = json.dumps({"results": [fox()], "next": "i.js?s=100"}).encode()

    assert DDG.read(asked, Reply(200, asked.url, body=body)).next is None


def test_duckduckgo_speaks_our_filters() -> None:
    filters = Filters("large", "mono", "lineart", "wide", ("commercial",), "week", "off", "de-DE")
    asked = fields(ask(DDG, Query("fox", "x" * 900, filters)))

    assert asked["f"] == "time:Week,size:Large,color:Monochrome,type:line,layout:Wide,license:ShareCommercially"
    assert (asked["p"], asked["l"], len(asked["q"])) == ("-1", "de-de", 499)


@pytest.mark.parametrize(
    ("wanted", "claim"), [((), ""), (("commercial",), "filter: share commercially"), (("by",), "filter: any")]
)
def test_what_a_filter_promises_is_recorded_as_the_claim(wanted: tuple[str, ...], claim: str) -> None:
    page = read(DDG, {"results": [fox()]}, query=Query("fox", "fox", Filters(licence=wanted)))

    assert page.refs[0].licence == claim


def test_strict_is_the_rule() -> None:
    assert fields(ask(DDG))["p"] == "1"
    assert fields(ask(OPENVERSE))["mature"] == "false"
    assert fields(ask(FLICKR))["safe_search"] == "1"


# --- Openverse ------------------------------------------------------------------------------------------------


def test_openverse_records_where_it_is_from_and_whose() -> None:
    ref = read(OPENVERSE, {"results": [openly()], "page_count": 9}).refs[0]

    assert (ref.licence, ref.creator, ref.page_url) == ("by-sa 2.0", "Ann", "https://page.test/1")
    assert ref.licence_url == "https://creativecommons.org/licenses/by-sa/2.0/"
    assert (ref.width, ref.height, ref.key, ref.engine) == (1024, 768, "openverse:id-1", "openverse")


def test_openverse_is_read_twenty_pages_deep_and_no_deeper() -> None:
    asked, pages = ask(OPENVERSE), 0
    body = json.dumps({"results": [openly(n) for n in range(20)], "page_count": 500}).encode()
    following: Ask | None = asked
    while following is not None:
        page, pages = OPENVERSE.read(following, Reply(200, following.url, body=body)), pages + 1
        following = page.next

    assert pages == 20
    assert "20 pages" in page.detail
    assert page.refs[-1].rank == 400


def test_openverse_asks_for_the_licences_wanted() -> None:
    asked = fields(ask(OPENVERSE, Query("fox", "fox", Filters(size="wallpaper", licence=("by", "cc0")))))

    assert (asked["license"], asked["size"], asked["page_size"]) == ("by,cc0", "large", "20")


def test_openverse_says_what_the_api_says() -> None:
    assert "Invalid page" in read(OPENVERSE, {"detail": "Invalid page."}, 404).detail


# --- Wikimedia ------------------------------------------------------------------------------------------------


def test_commons_records_licence_and_maker_without_their_html() -> None:
    ref = read(WIKIMEDIA, {"query": {"pages": {"7": file()}}}).refs[0]

    assert (ref.licence, ref.creator, ref.title) == ("by-sa 4.0", "Ann & Bob", "Fox 1")
    assert ref.licence_url == "https://creativecommons.org/licenses/by-sa/4.0"
    assert (ref.url, ref.width) == ("https://upload.test/1.jpg", 3000)
    assert ref.fallback_url.endswith("1920px.jpg")
    assert ref.key.startswith("sha1:")


@pytest.mark.parametrize("info", [{"size": 90_000_000}, {"mime": "image/tiff"}])
def test_a_heavy_original_gives_way_to_its_large_thumb(info: dict[str, object]) -> None:
    ref = read(WIKIMEDIA, {"query": {"pages": {"7": file(1, **info)}}}).refs[0]

    assert (ref.url, ref.width) == ("https://upload.test/1/1920px.jpg", 1920)
    assert ref.fallback_url == "https://upload.test/1.jpg"


def test_commons_answers_in_the_order_of_its_index() -> None:
    pages = {str(n): file(n) for n in (3, 1, 2)}

    assert [ref.title for ref in read(WIKIMEDIA, {"query": {"pages": pages}}).refs] == ["Fox 1", "Fox 2", "Fox 3"]


def test_commons_goes_on_where_it_says() -> None:
    more = {"continue": {"gsroffset": 50, "continue": "gsroffset||"}, "query": {"pages": {"1": file()}}}
    page = read(WIKIMEDIA, more)

    assert fields(page.next)["gsroffset"] == "50"
    assert fields(page.next)["gsrsearch"] == "filetype:bitmap red fox"
    assert page.next is not None
    assert page.next.seen == 1


@pytest.mark.parametrize("offset", [0, 9_980])
def test_commons_ends_at_its_depth_and_where_it_repeats_itself(offset: int) -> None:
    asked = ask(WIKIMEDIA)
    asked = replace(asked, url=f"{asked.url}&gsroffset=0")
    body = json.dumps({"continue": {"gsroffset": offset}, "query": {"pages": [file()]}}).encode()

    assert WIKIMEDIA.read(asked, Reply(200, asked.url, body=body)).next is None


def test_a_refusal_of_commons_names_the_contact() -> None:
    assert "contact" in read(WIKIMEDIA, b"", 403).detail


# --- Flickr ---------------------------------------------------------------------------------------------------


def test_flickr_takes_the_largest_and_names_licence_and_owner() -> None:
    row = photo(url_l="https://live.test/l.jpg", url_z="https://live.test/z.jpg", width_l="1024", ownername="Ann")
    ref = read(FLICKR, photos(row)).refs[0]

    assert (ref.url, ref.width, ref.licence, ref.creator) == ("https://live.test/l.jpg", 1024, "by 2.0", "Ann")
    assert ref.licence_url == "https://creativecommons.org/licenses/by/2.0/"
    assert ref.page_url == "https://www.flickr.com/photos/1@N05/1"


def test_flickr_pictures_without_addresses_get_theirs_by_rule() -> None:
    ref = read(FLICKR, photos(photo(license="0"))).refs[0]

    assert ref.url == "https://live.staticflickr.com/42/1_abc_b.jpg"
    assert ref.licence == "all rights reserved"


def test_an_unknown_flickr_licence_stays_unknown() -> None:
    assert read(FLICKR, photos(photo(license="12"))).refs[0].licence == ""


def test_flickr_stops_at_four_thousand() -> None:
    following: Ask | None = ask(FLICKR)
    pages = 0
    body = json.dumps(photos(*(photo(n) for n in range(500)), pages=999)).encode()
    while following is not None:
        page, pages = FLICKR.read(following, Reply(200, following.url, body=body)), pages + 1
        following = page.next

    assert pages == 8
    assert "4000" in page.detail


def test_the_key_is_in_the_request_and_nowhere_else() -> None:
    page = read(FLICKR, photos(photo(title=f"echo {KEY}"), pages=2))

    assert fields(ask(FLICKR))["api_key"] == KEY
    assert fields(page.next)["api_key"] == KEY
    assert KEY not in repr(page.refs) + page.detail


def test_flickr_years_and_months_pass_the_cap() -> None:
    years = list(FLICKR.partitions(FOX))
    months = list(FLICKR.partitions(years[1]))

    assert years[0].text == "red fox uploaded:2026-01-01..2026-12-31"
    assert years[-1].text == "red fox uploaded:2004-01-01..2004-12-31"
    assert len(months) == 12
    assert months[-2].text == "red fox uploaded:2025-02-01..2025-02-28"
    assert list(FLICKR.partitions(months[0])) == []


def test_a_span_of_days_reaches_flickr_as_seconds() -> None:
    asked = fields(ask(FLICKR, Query("fox", "red fox uploaded:2025-02-01..2025-02-28")))

    assert asked["text"] == "red fox"
    assert (asked["min_upload_date"], asked["max_upload_date"]) == ("1738368000", "1740787199")


def test_flickr_asks_for_licences_by_number_and_ages_by_date() -> None:
    asked = fields(ask(FLICKR, Query("fox", "fox", Filters(licence=("by", "public"), age="week", safe="off"))))

    assert (asked["license"], asked["safe_search"]) == ("4,9,10", "3")
    assert int(asked["min_upload_date"]) == NOON - NOON % 86_400 - 7 * 86_400


# --- answers that these engines really gave -------------------------------------------------------------------


def captured(name: str) -> bytes:
    """A page of ../shared."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path.read_bytes()


@pytest.mark.shared
def test_the_captured_answer_of_duckduckgo_is_read() -> None:
    page = read(DDG, captured("2016-07_duckduckgo_i_js.json"))

    assert page.verdict == Verdict.OK
    assert page.refs[0].url == "http://hdwallpapers.in/walls/new_bmw_z4_2011_car-wide.jpg"
    assert (page.refs[0].width, page.refs[0].height) == (1920, 1200)
    assert page.refs[0].page_url.startswith("http://www.hdwallpapers.in/")
    assert fields(page.next)["s"] == "100"


@pytest.mark.shared
def test_the_captured_answer_of_flickr_is_read() -> None:
    page = read(FLICKR, captured("2016-07_flickr_photos_search.json"))

    assert page.verdict == Verdict.OK
    assert page.refs[0].url == "https://live.staticflickr.com/8667/28509447072_60c0317795_b.jpg"
    assert page.refs[0].licence == ""
    assert page.next is not None
