"""Google's pages of several years, in their shapes but written here (synthetic), and those that stand in the way."""

from __future__ import annotations

import json
from html import escape
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.records import Filters, ImageRef, Query
from scraper.engines import ENGINES
from scraper.engines.base import Ask, Page, Verdict
from scraper.reply import Headers, Reply

GOOGLE = ENGINES["google"]
BASE = "https://www.google.com"
CAT = Query("cat", "tabby cat")


def row(n: int = 1, *, title: str = "Tabby & cat", **changed: object) -> list[object]:
    """The inner array: thumb and picture as [url, height, width], notes at the end."""
    notes: dict[str, object] = {
        "2000": [None, "cats.example", "1.1MB"],
        "2003": [None, f"ref{n}", f"https://cats.example/page/{n}", title, None, 0],
        "2008": [None, "Short title"],
    }
    thumb = [f"https://encrypted-tbn0.gstatic.com/images?q=tbn:ANd9{n}&s", 225, 400]
    picture: object = [f"https://cats.example/{n}.jpg?a=1&b=2", 900, 1600]
    return [
        0,
        f"doc{n}",
        thumb,
        changed.get("picture", picture),
        None,
        0,
        "rgb(1,2,3)",
        None,
        0,
        changed.get("notes", notes),
    ]


def dumped(value: object) -> str:
    """JSON as Google writes it into scripts: & and = escaped."""
    return json.dumps(value, ensure_ascii=False).replace("&", "\\u0026").replace("=", "\\u003d").replace("<", "\\u003c")


def page(*scripts: str, body: str = "") -> str:
    tags = "".join(f"<script nonce='x'>{script}</script>" for script in scripts)
    return f"<!DOCTYPE html><html><head><title>tabby cat - Google Search</title></head><body>{body}{tags}</body></html>"


def udm2(*rows: list[object]) -> str:
    """The layout since 2024."""
    return page("var m={" + ",".join(f'"AZ{n}":{dumped([1, each, None])}' for n, each in enumerate(rows)) + "};")


def ds1(*rows: list[object]) -> str:
    """The layout of 2020."""
    data = [None, [[["GRID_STATE0", None, [[1, each] for each in rows]]]]]
    return page(
        f"AF_initDataCallback({{key: 'ds:1', isError: false, hash: '2', data:{dumped(data)}, sideChannel: {{}}}});"
    )


def batch(*rows: list[object]) -> str:
    """The answer for a later page of 2020: JSON in a string in JSON, behind a guard and a length."""
    return f")]}}'\n\n4711\n{json.dumps([['wrb.fr', 'HoAMBc', dumped([[1, each] for each in rows]), None]])}"


def imgres(n: int = 1, **told: str) -> str:
    """A link to the viewer, as on old, feature-phone and hovered pages."""
    facts = {
        "imgurl": f"https://cats.example/{n}.jpg?a=1&b=2",
        "imgrefurl": f"https://cats.example/page/{n}",
        "docid": f"ref{n}",
        "tbnid": f"doc{n}",
        "w": "1600",
        "h": "900",
    } | told
    return f'<a href="{escape("/imgres?" + urlencode(facts))}"><img src="data:," alt="Tabby &amp; cat"></a>'


def meta(n: int = 1, **told: object) -> str:
    """The record beside a picture of 2016."""
    facts = {
        "id": f"doc{n}:",
        "ou": f"https://cats.example/{n}.jpg?a=1&b=2",
        "ru": f"https://cats.example/page/{n}",
        "ow": 1600,
        "oh": 900,
        "pt": "Tabby & cat",
        "tu": f"https://encrypted-tbn0.gstatic.com/images?q=tbn:ANd9{n}",
    } | told
    return f'<div class="rg_di"><div class="rg_meta">{escape(json.dumps(facts), quote=False)}</div></div>'


def rg_s(*metas: str) -> str:
    """The asynchronous answer of 2016."""
    return json.dumps(["rg_s", ["dom", "<style></style>" + "".join(metas)]]).replace("<", "\\u003C")


def element(n: int = 1) -> dict[str, object]:
    return {
        "unescapedUrl": f"https://cats.example/{n}.jpg?a=1&b=2",
        "originalContextUrl": f"https://cats.example/page/{n}",
        "titleNoFormatting": "Tabby & cat",
        "width": "1600",
        "height": "900",
        "tbUrl": "https://encrypted-tbn2.gstatic.com/images?q=tbn:x",
        "imageId": f"doc{n}",
    }


def cse(*results: dict[str, object]) -> str:
    """The search element's answer, wrapped in its callback."""
    return f"/*O_o*/\n_({json.dumps({'cursor': {'currentPageIndex': 0}, 'results': list(results)})});"


def ischj(*numbers: int) -> str:
    """The phone app's answer, from the field list of engines.md; no real one was ever captured."""
    found = [
        {
            "result": {"referrer_url": f"https://cats.example/page/{n}", "page_title": "Tabby & cat"},
            "original_image": {"url": f"https://cats.example/{n}.jpg?a=1&b=2", "width": 1600, "height": 900},
            "thumbnail": {"url": "https://encrypted-tbn0.gstatic.com/images?q=tbn:x"},
        }
        for n in numbers
    ]
    return ")]}'\n" + json.dumps({"ischj": {"metadata": found} if found else {}})


def read(
    text: str | bytes,
    *,
    status: int = 200,
    number: int = 1,
    url: str = "",
    headers: dict[str, str] | None = None,
) -> Page:
    first = GOOGLE.first(CAT, BASE)
    ask = Ask(first.engine, CAT, first.url, first.headers, page=number, seen=100 * (number - 1))
    body = text if isinstance(text, bytes) else text.encode()
    return GOOGLE.read(ask, Reply(status, url or ask.url, Headers.of((headers or {}).items()), body))


def facts(ref: ImageRef) -> tuple[object, ...]:
    return ref.url, ref.page_url, ref.title, ref.width, ref.height


WHOLE = ("https://cats.example/1.jpg?a=1&b=2", "https://cats.example/page/1", "Tabby & cat", 1600, 900)


@pytest.mark.parametrize(
    "text",
    [
        udm2(row(1), row(2)),
        ds1(row(1), row(2)),
        batch(row(1), row(2)),
        page(body=imgres(1) + imgres(2)),
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//WAPFORUM//DTD XHTML Mobile 1.0//EN">' + imgres(1) + imgres(2),
        page(body=meta(1) + meta(2)),
        rg_s(meta(1), meta(2)),
        cse(element(1), element(2)),
        ischj(1, 2),
    ],
    ids=["udm2", "ds1", "batch", "imgres", "wml", "rg_meta", "rg_s", "cse", "ischj"],
)
def test_every_shape_tells_address_page_title_width_and_height(text: str) -> None:
    answer = read(text)

    assert answer.verdict is Verdict.OK
    assert facts(answer.refs[0]) == WHOLE
    assert len(answer.refs) == 2
    assert all(ref.thumb_url or "rg_meta" not in text for ref in answer.refs)
    assert [(ref.label, ref.engine, ref.query, ref.rank) for ref in answer.refs] == [
        ("cat", "google", "tabby cat", 1),
        ("cat", "google", "tabby cat", 2),
    ]


@pytest.mark.parametrize("text", [udm2(row()), page(body=imgres()), page(body=meta()), cse(element())])
def test_the_picture_has_the_same_key_in_every_shape(text: str) -> None:
    assert read(text).refs[0].key == "google:doc1"


def test_height_comes_before_width() -> None:
    (ref,) = read(udm2(row(picture=["https://cats.example/tall.jpg", 3000, 20]))).refs

    assert (ref.width, ref.height) == (20, 3000)


def test_a_picture_in_two_shapes_is_one() -> None:
    both = page(dumped(row(1)), body=imgres(1) + imgres(2))

    assert [ref.url for ref in read(both).refs] == [WHOLE[0], "https://cats.example/2.jpg?a=1&b=2"]


@pytest.mark.parametrize("notes", [None, {}, {"2003": None, "2008": []}, {"2003": [None, 1], "2008": [None, 5]}])
def test_notes_may_be_missing(notes: object) -> None:
    (ref,) = read(udm2(row(notes=notes))).refs

    assert (ref.url, ref.page_url, ref.width) == (WHOLE[0], "", 1600)


def test_the_short_title_stands_in() -> None:
    assert read(udm2(row(title=""))).refs[0].title == "Short title"


@pytest.mark.parametrize(
    "picture", [None, [], ["x-raw-image:///1", 1, 1], ["data:image/png;base64,", 1, 1], "text", [7]]
)
def test_what_is_no_web_address_is_skipped(picture: object) -> None:
    assert len(read(udm2(row(1, picture=picture), row(2))).refs) == 1


def test_a_page_cut_off_in_the_middle_gives_what_it_has() -> None:
    whole = udm2(row(1), row(2))

    assert len(read(whole[: whole.index("Short title", whole.index("doc2"))]).refs) == 1


def test_pages_follow_by_counting_up_to_the_cap() -> None:
    second = read(udm2(row(1), row(2))).next
    assert second is not None
    assert second.url == f"{GOOGLE.first(CAT, BASE).url}&start=2&ijn=1"
    third = GOOGLE.read(second, Reply(200, second.url, body=udm2(row(3)).encode())).next
    assert third is not None
    assert third.url == f"{GOOGLE.first(CAT, BASE).url}&start=3&ijn=2"
    assert (third.page, third.seen) == (3, 3)
    assert read(udm2(row()), number=11).next is None


def test_a_saved_page_has_no_next() -> None:
    answer = GOOGLE.read(Ask("google", CAT, ""), Reply(200, "", body=udm2(row()).encode()))

    assert (answer.verdict, answer.next, len(answer.refs)) == (Verdict.OK, None, 1)


def test_the_chips_propose_other_queries() -> None:
    chips = '<a href="/search?q=tabby+kitten&amp;uds=1">x</a><a href="/search?q=tabby+kitten&amp;uds=2">x</a>'
    own = '<a href="/search?q=tabby+cat&amp;uds=3">x</a><a href="/search?q=large&amp;tbs=isz:l">x</a>'

    assert read(page(dumped(row()), body=chips + own)).related == ("tabby kitten",)


CAPTCHA = '<form id="captcha-form" action="index"><div id="recaptcha" class="g-recaptcha"></div></form>unusual traffic'
CONSENT = '<h1>Before you continue to Google</h1><form action="https://consent.google.com/save">'
SHELL = '<noscript><meta content="0;url=/httpservice/retry/enablejs?sei=x" http-equiv="refresh"></noscript>'
OLD_BROWSER = (
    '<?xml version="1.0"?><html><div>Your browser is not supported anymore. To continue, upgrade.</div></html>'
)


@pytest.mark.parametrize(
    ("text", "status", "verdict"),
    [
        (CAPTCHA, 429, Verdict.CAPTCHA),
        (CAPTCHA, 200, Verdict.CAPTCHA),
        (CONSENT, 200, Verdict.CONSENT),
        (page(body=SHELL), 200, Verdict.NEEDS_BROWSER),
        (OLD_BROWSER, 200, Verdict.OLD_BROWSER),
        ("", 429, Verdict.RATE_LIMIT),
        ("", 401, Verdict.DENIED),
        (page(), 403, Verdict.DENIED),
        ("", 500, Verdict.ERROR),
        (udm2(row()), 503, Verdict.ERROR),
        ("", 404, Verdict.ERROR),
        (page(body="Your search did not match any image results."), 200, Verdict.NO_RESULTS),
        (cse(), 200, Verdict.NO_RESULTS),
        (ischj(), 200, Verdict.NO_RESULTS),
        ('{"error": {"code": 429, "message": "Quota"}}', 200, Verdict.RATE_LIMIT),
        ('_({"error": {"code": 403}});', 200, Verdict.DENIED),
        ('{"error": {"code": "x"}}', 200, Verdict.ERROR),
        (page(), 200, Verdict.LAYOUT_CHANGED),
        (page('{"cursor":"pointer"}'), 200, Verdict.LAYOUT_CHANGED),
        ("", 200, Verdict.LAYOUT_CHANGED),
        ("{}", 200, Verdict.LAYOUT_CHANGED),
        ("[" * 5000, 200, Verdict.LAYOUT_CHANGED),
    ],
)
def test_every_answer_without_pictures_has_its_verdict(text: str, status: int, verdict: Verdict) -> None:
    answer = read(text, status=status)

    assert (answer.verdict, answer.refs, answer.next) == (verdict, (), None)
    assert answer.detail


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://www.google.com/sorry/index?continue=https://www.google.com/search", Verdict.CAPTCHA),
        ("https://sorry.google.com/x", Verdict.CAPTCHA),
        ("https://consent.google.com/m?continue=x", Verdict.CONSENT),
        ("https://www.google.com/httpservice/retry/enablejs?sei=x", Verdict.NEEDS_BROWSER),
        ("http://[", Verdict.LAYOUT_CHANGED),
    ],
)
def test_where_a_redirect_ends_tells_the_block(url: str, verdict: Verdict) -> None:
    assert read(page(), url=url).verdict is verdict
    location = "/sorry/index?q=x" if "google.com/sorry" in url else url
    if verdict is not Verdict.LAYOUT_CHANGED:
        assert read("", status=302, headers={"Location": location}).verdict is verdict


def test_the_challenge_header_is_a_captcha() -> None:
    assert read("", status=302, headers={"X-Hallmonitor-Challenge": "1"}).verdict is Verdict.CAPTCHA


def test_a_result_page_that_also_carries_the_shells_marks_is_a_result_page() -> None:
    assert read(page(dumped(row()), body=SHELL + CONSENT)).verdict is Verdict.OK


def test_needing_a_browser_names_the_three_ways_on() -> None:
    detail = read(SHELL).detail

    assert all(way in detail for way in ("imgtool-datasets[browser]", "--from", "another engine"))


def test_an_empty_later_page_is_the_end() -> None:
    assert read(page(), number=2).verdict is Verdict.NO_RESULTS


def test_the_first_request_asks_in_googles_words() -> None:
    filters = Filters("large", "teal", "photo", "wide", ("by",), "month", "off", "de-DE")

    ask = GOOGLE.first(Query("red panda", "red panda & co", filters), f"{BASE}/")

    assert ask.url == (
        f"{BASE}/search?q=red+panda+%26+co&udm=2&hl=en&safe=off&gl=de"
        "&tbs=isz:l,ic:specific,isc:teal,itp:photo,qdr:m,sur:cl&imgar=w"
    )
    assert GOOGLE.first(CAT, BASE).url == f"{BASE}/search?q=tabby+cat&udm=2&hl=en&safe=active"


def test_transparency_is_a_colour_to_google_and_is_not_mixed_with_another() -> None:
    query = Query("cat", "cat", Filters(kind="transparent"))

    assert "&tbs=ic:trans" in GOOGLE.first(query, BASE).url
    assert {cut.filters.colour for cut in GOOGLE.partitions(query)} == {""}
    assert {cut.filters.colour for cut in GOOGLE.partitions(CAT)} > {"", "red"}


@given(st.binary(max_size=600), st.sampled_from([200, 429]))
def test_any_bytes_are_answered(body: bytes, status: int) -> None:
    assert isinstance(read(body, status=status), Page)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("https://a.example/1.jpg"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["2003", "2008", "url"]), inner),
    max_leaves=12,
)


@given(VALUES, VALUES)
def test_any_values_in_an_inner_array_are_answered(picture: object, notes: object) -> None:
    assert isinstance(read(udm2(row(picture=picture, notes=notes))), Page)


@given(VALUES)
def test_any_values_in_an_interface_are_answered(value: object) -> None:
    for key in ("results", "ischj", "error", "cursor"):
        assert isinstance(read(json.dumps({key: value})), Page)
    assert isinstance(read(json.dumps({"results": [value], "ischj": {"metadata": [value]}})), Page)
