"""Bing's pages, in the shape of 2026 but written here (synthetic): every rule of reading them."""

from __future__ import annotations

import json
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.records import Filters, Query
from scraper.engines import ENGINES
from scraper.engines.base import Ask, Page, Verdict
from scraper.reply import Headers, Reply

BING = ENGINES["bing"]
BASE = "https://www.bing.com"
CAT = Query("cat", "tabby cat", Filters(safe="moderate"))
MD5 = "a93c049da9f81a231d8aed23781ed92e"
SIZED = "&exph=300&expw=400"
CHALLENGE = "<form id='challenge-form' action='/captcha'>"


def item(n: int = 1, told: dict[str, str] | None = None, /, href: str = SIZED, beside: str = "", **more: str) -> str:
    """One result card; `told` and `more` override what its `m` says."""
    facts = {
        "cid": "qTwEnan4",
        "purl": f"https://cats.example/page/{n}",
        "murl": f"https://cats.example/tabby-{n}.jpg",
        "turl": f"https://ts1.mm.bing.net/th?id=OIP.{n}&pid=15.1",
        "md5": MD5,
        "t": f"Tabby cat {n}",
        "mid": f"{n:040X}",
        "desc": "",
        **(told or {}),
        **more,
    }
    m = escape(json.dumps(facts, ensure_ascii=False))
    link = escape(f"/images/search?view=detailV2{href}")
    return (
        f'<li><div class="iuscp"><div class="imgpt"><a class="iusc" m="{m}" href="{link}"></a></div>{beside}</div></li>'
    )


def page(*items: str, onward: str | None = "/images/async?q=tabby+cat&first=36&imgbf=a%2bb%3d", more: str = "") -> str:
    """A result page; `onward` None leaves the list without the attribute."""
    attribute = "" if onward is None else f' data-nextUrl="{escape(onward)}"'
    listed = f'<div id="mmComponent_images_1" class="dgControl"{attribute}><ul>{"".join(items)}</ul></div>'
    return f'<!DOCTYPE html><html><head><title>t</title></head><body id="b_header">{more}{listed}</body></html>'


def read(html: str | bytes, query: Query = CAT, *, status: int = 200, number: int = 1, url: str = "") -> Page:
    first = BING.first(query, BASE)
    ask = Ask(first.engine, query, first.url, first.headers, page=number, seen=35 * (number - 1))
    body = html if isinstance(html, bytes) else html.encode()
    return BING.read(ask, Reply(status, url or ask.url, Headers(), body))


def test_a_card_tells_all_it_knows() -> None:
    cdn = "&cdnurl=https%3a%2f%2fth.bing.com%2fth%2fid%2fR.a93c%3frik%3d1%26pid%3dImgRaw&exph=300&expw=400"

    (ref,) = read(page(item(href=cdn))).refs

    assert (ref.url, ref.page_url) == ("https://cats.example/tabby-1.jpg", "https://cats.example/page/1")
    assert (ref.title, ref.width, ref.height) == ("Tabby cat 1", 400, 300)
    assert ref.fallback_url == "https://th.bing.com/th/id/R.a93c?rik=1&pid=ImgRaw"
    assert ref.thumb_url == "https://ts1.mm.bing.net/th?id=OIP.1&pid=15.1"
    assert (ref.label, ref.engine, ref.query, ref.rank, ref.licence) == ("cat", "bing", "tabby cat", 1, "")


def test_m_is_unescaped_once_so_an_address_keeps_its_own_entities() -> None:
    html = page(item(murl="https://a.example/?u=1&amp;v=2&w=%26amp%3B"), item(2))

    assert read(html).refs[0].url == "https://a.example/?u=1&amp;v=2&w=%26amp%3B"


def test_a_picture_need_not_be_a_jpeg() -> None:
    urls = ["https://a.example/x.png", "https://a.example/x.webp!large", "https://a.example/media/?id=7"]

    assert [ref.url for ref in read(page(*(item(murl=url) for url in urls))).refs] == urls


@pytest.mark.parametrize("gone", ["cid", "purl", "turl", "md5", "t", "desc"])
def test_any_other_key_may_be_empty_or_missing(gone: str) -> None:
    whole = item()
    missing = whole.replace(escape(f'"{gone}": '), escape('"other": '))

    assert missing != whole
    for html in (item(1, {gone: ""}), missing):
        assert len(read(page(html, item(2))).refs) == 2


@pytest.mark.parametrize("told", [{"murl": ""}, {"mid": ""}, {"murl": "x-raw-image:///1"}, {"murl": "/relative.jpg"}])
def test_a_card_without_a_picture_or_a_name_is_skipped(told: dict[str, str]) -> None:
    assert [ref.title for ref in read(page(item(1, told), item(2))).refs] == ["Tabby cat 2"]


def test_a_card_that_is_no_json_is_skipped() -> None:
    assert len(read(page('<a class="iusc" m="{&quot;murl&quot;:" href=""></a>', item(2))).refs) == 1


def test_titles_in_right_to_left_scripts_stay_and_hit_marks_go() -> None:
    (ref, other) = read(page(item(t="مدرب \ue000القط\ue001 الأول"), item(2, t="", desc="\ue000Cat\ue001 beside"))).refs

    assert ref.title.split() == ["مدرب", "القط", "الأول"]
    assert other.title.split() == ["Cat", "beside"]


def test_cluster_cards_repeat_pictures_and_are_not_counted() -> None:
    cluster = item(7, mid="", cid="", purl="", turl="")
    html = page(item(1), more=f'<div class="clustCards"><div class="dgControl" data-nextUrl="">{cluster}</div></div>')

    answer = read(html)

    assert [ref.title for ref in answer.refs] == ["Tabby cat 1"]
    assert answer.next is not None, "the cluster's empty data-nextUrl is not the page's"


def test_md5_and_cid_are_one_key() -> None:
    by_md5, by_cid, neither = read(page(item(cid=""), item(2, md5=""), item(3, md5="?", cid=""))).refs

    assert by_md5.key == by_cid.key == f"bing:{MD5[:12]}"
    assert neither.key == ""


@pytest.mark.parametrize(
    "beside",
    [
        '<span class="nowrap">3442 x 2972 · png</span>',
        '<span class="nowrap">3442×2972</span>',
        '<div class="img_badges"><span data-tooltip="3442 x 2972"></span></div>',
    ],
)
def test_the_small_print_gives_the_size_when_the_link_does_not(beside: str) -> None:
    ref = read(page(item(href="", beside=beside), item(2))).refs[0]

    assert (ref.width, ref.height) == (3442, 2972)


def test_a_size_may_be_unsaid() -> None:
    assert read(page(item(href="&expw=0"), item(2))).refs[0].width == 0


def test_the_page_says_where_it_goes_on() -> None:
    answer = read(page(item(1), item(2)))

    assert answer.next is not None
    assert answer.next.url == f"{BASE}/images/async?q=tabby+cat&first=36&imgbf=a%2bb%3d&adlt=moderate"
    assert (answer.next.page, answer.next.seen) == (2, 2)
    assert answer.next.headers["Referer"] == BING.first(CAT, BASE).url


def test_ranks_go_on_from_page_to_page() -> None:
    assert [ref.rank for ref in read(page(item(1), item(2)), number=3).refs] == [71, 72]


def test_filters_and_safe_search_stay_when_the_page_forgets_them() -> None:
    query = Query("cat", "tabby cat", Filters(colour="red", market="de-DE"))

    answer = read(page(item(), onward="/images/async?q=tabby+cat&first=36&mkt=de-DE"), query)

    assert answer.next is not None
    assert answer.next.url.endswith("first=36&mkt=de-DE&adlt=strict&qft=+filterui:color2-FGcls_RED")


def test_a_redirected_search_goes_on_where_it_landed() -> None:
    answer = read(page(item()), url="https://cn.bing.com/images/search?q=tabby+cat")

    assert answer.next is not None
    assert answer.next.url.startswith("https://cn.bing.com/images/async?")


@pytest.mark.parametrize("onward", ["https://evil.example/images/async?first=36", "//evil.example/x", "http://[", " "])
def test_a_next_page_elsewhere_is_not_followed(onward: str) -> None:
    assert read(page(item(), onward=onward)).next is None


def test_an_empty_next_address_is_the_last_page() -> None:
    answer = read(page(item(), onward=""))

    assert (answer.verdict, answer.next) == (Verdict.OK, None)


def test_a_list_without_the_attribute_is_continued_by_counting() -> None:
    answer = read(page(item(1), item(2), onward=None))

    assert answer.next is not None
    assert "/images/async?q=tabby+cat&first=3&count=35&mmasync=1" in answer.next.url


def test_the_page_proposes_other_queries_each_once() -> None:
    more = """
    <a class="suggestion-item" href="/images/search?q=Tabby+Kitten&amp;FORM=RESTAB"></a>
    <a class="itm " href="/images/search?q=Tabby+Kitten&amp;FORM=IRMHRS" title="Search for: Tabby Kitten"></a>
    <a class="itm " href="/images/search?q=%e7%8c%ab&amp;FORM=IRMHRS" title="Search for: 猫"></a>
    <a class="itm " href="/maps?q=elsewhere" title="Show map"></a>
    <a class="suggestion-item" title="Search for: nothing"></a>"""

    assert read(page(item(), more=more)).related == ("Tabby Kitten", "猫")


def test_an_irrelevant_picture_instead_of_an_answer_is_starved() -> None:
    decoy = item(murl="https://m.example/map.png", purl="https://m.example/", t="City map", desc="")

    answer = read(page(decoy, onward=""))

    assert (answer.verdict, answer.refs, answer.next) == (Verdict.STARVED, (), None)
    assert answer.detail


DECOY = {"murl": "https://m.example/map.png", "purl": "https://m.example/", "t": "City map"}


@pytest.mark.parametrize(
    ("html", "number"),
    [
        (page(item(1, DECOY)), 1),
        (page(item(1, DECOY), onward=""), 2),
        (page(item(1, DECOY), item(1, DECOY), item(1, DECOY), onward=""), 1),
        (page(item(1, DECOY), item(1, DECOY, murl="https://m.example/T%41BBY.png"), onward=""), 1),
    ],
    ids=["it goes on", "a later page", "more than two", "a word in an address"],
)
def test_a_short_answer_is_ok_when_anything_speaks_for_it(html: str, number: int) -> None:
    assert read(html, number=number).verdict is Verdict.OK


def test_bings_own_adult_hint_counts_under_strict_safe_search_only() -> None:
    html = page(item(1, turl="https://ts3.explicit.bing.net/th?id=OIP.1"), item(2))

    strict = read(html, Query("cat", "tabby cat"))

    assert [ref.title for ref in strict.refs] == ["Tabby cat 2"]
    assert "1" in strict.detail
    assert len(read(html).refs) == 2


OLD = """<div class="dg_u"><a href="/images/search?q=south" m='{ns:"images",imgurl:"http://a.example/x.gif"}'></a></div>"""
SHELL = '<html><body><div id="b_header"></div><script>_G={IG:"0"}</script></body></html>'


@pytest.mark.parametrize(
    ("html", "status", "number", "verdict"),
    [
        (OLD, 200, 1, Verdict.LAYOUT_CHANGED),
        (page('<a class="iusc" m="{}" href=""></a>'), 200, 1, Verdict.LAYOUT_CHANGED),
        (page('<a class="iusc" data-m="{}"></a>'), 200, 1, Verdict.LAYOUT_CHANGED),
        ("<html><body><h1>Welcome</h1></body></html>", 200, 1, Verdict.LAYOUT_CHANGED),
        ("no markup at all", 200, 1, Verdict.LAYOUT_CHANGED),
        (SHELL, 200, 1, Verdict.STARVED),
        ("", 200, 1, Verdict.STARVED),
        (SHELL, 200, 2, Verdict.STARVED),
        ("", 200, 2, Verdict.NO_RESULTS),
        (page(onward=""), 200, 2, Verdict.NO_RESULTS),
        (page(more="<p>There are no results for <b>tabby cat</b></p>"), 200, 1, Verdict.NO_RESULTS),
        ('<div class="cf-turnstile"></div>', 200, 1, Verdict.CAPTCHA),
        (CHALLENGE, 403, 1, Verdict.CAPTCHA),
        ("", 401, 1, Verdict.DENIED),
        ("", 403, 1, Verdict.DENIED),
        ("", 429, 1, Verdict.RATE_LIMIT),
        ("", 404, 1, Verdict.ERROR),
        ("", 500, 1, Verdict.ERROR),
        (page(item()), 503, 1, Verdict.ERROR),
    ],
)
def test_every_answer_without_pictures_has_its_verdict(html: str, status: int, number: int, verdict: Verdict) -> None:
    answer = read(html, status=status, number=number)

    assert (answer.verdict, answer.refs, answer.next) == (verdict, (), None)
    assert answer.detail


def test_the_first_request_asks_in_bings_words() -> None:
    filters = Filters("large", "mono", "lineart", "tall", ("commercial",), "week", "off", "de-DE")

    ask = BING.first(Query("red panda", "red panda & co", filters), f"{BASE}/")

    assert ask.url == (
        f"{BASE}/images/search?q=red+panda+%26+co&form=HDRSC3&first=1&adlt=off&mkt=de-DE"
        "&qft=+filterui:imagesize-large+filterui:color2-bw+filterui:photo-linedrawing+filterui:aspect-tall"
        "+filterui:age-lt10080+filterui:license-L2_L3_L4"
    )
    assert "gzip" in ask.headers["Accept-Encoding"], "without it Bing answers with one picture"
    assert ask.headers["Accept-Language"] == "de-DE,de;q=0.9"


def test_safe_search_is_strict_unless_told_otherwise() -> None:
    for safe in ("strict", "", "nonsense"):
        assert "&adlt=strict" in BING.first(Query("cat", "cat", Filters(safe=safe)), BASE).url


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (("any",), "licenseType-Any"),
        (("public",), "license-L1"),
        (("cc0", "pdm"), "license-L1"),
        (("by", "by-sa"), "license-L2_L3"),
        (("modify",), "license-L2_L3_L5_L6"),
        (("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"), "license-L2_L3_L4_L5_L6_L7"),
        (("by",), "licenseType-Any"),
    ],
)
def test_a_licence_becomes_the_widest_group_that_keeps_to_it(wanted: tuple[str, ...], asked: str) -> None:
    query = Query("cat", "tabby cat", Filters(licence=wanted))

    assert BING.first(query, BASE).url.endswith(f"+filterui:{asked}")


def test_a_filtered_answer_claims_the_group_and_an_unfiltered_one_nothing() -> None:
    query = Query("cat", "tabby cat", Filters(licence=("public",)))

    assert read(page(item()), query).refs[0].licence == "filter: public"
    assert read(page(item())).refs[0].licence == ""


def test_partitions_come_single_first_then_in_pairs_and_leave_set_fields_alone() -> None:
    cuts = list(BING.partitions(Query("cat", "cat", Filters(aspect="wide", licence=("by",)))))
    depth = [sum(bool(getattr(cut.filters, name)) for name in ("colour", "size", "age", "market")) for cut in cuts]

    assert depth == sorted(depth)
    assert set(depth) == {1, 2}
    assert {cut.filters.aspect for cut in cuts} == {"wide"}
    assert {cut.filters.licence for cut in cuts} == {("by",)}
    assert len({cut.filters for cut in cuts}) == len(cuts)
    assert cuts[0].filters.colour == "red"


@given(st.binary(max_size=600), st.sampled_from([200, 429, 503]))
def test_any_bytes_are_answered(body: bytes, status: int) -> None:
    assert isinstance(read(body, status=status), Page)


FRAGMENTS = (
    *(
        item(),
        OLD,
        '<a class="iusc" m="',
        "&quot;murl&quot;:",
        "{",
        "}",
        "[" * 2000,
        "</div>",
        "<?xml ?>",
        "<!--",
        "-->",
    ),
    *('data-nextUrl="http://["', "<div class=dgControl data-nextUrl='/a'>", "<![CDATA[", "\0", "\ud7ff", "\ufeff"),
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join))
def test_any_mangled_page_is_answered(html: str) -> None:
    assert isinstance(read(html), Page)
