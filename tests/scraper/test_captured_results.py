"""Pages that Bing and Google really served, answered as their README says. They never enter the project."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from imgtool.records import Filters, Query
from scraper.engines import ENGINES
from scraper.engines.base import Ask, Page, Verdict
from scraper.reply import Reply

PAGES = Path(__file__).parents[2].parent / "shared" / "pages"
OPEN = Filters(safe="moderate")  # as these pages were asked for

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not PAGES.is_dir(), reason="no captured pages at ../shared/pages beside the project"),
]


def read(name: str, text: str, *, number: int = 1, status: int = 200, filters: Filters = OPEN) -> Page:
    engine = ENGINES[name.partition("/")[0]]
    query = Query("label", text, filters)
    url = engine.first(query, f"https://www.{engine.name}.com").url
    ask = Ask(engine.name, query, url, page=number, seen=35 * (number - 1))
    return engine.read(ask, Reply(status, url, body=(PAGES / name).read_bytes()))


@pytest.mark.parametrize(
    ("name", "text", "number", "items", "onward"),
    [
        ("bing/2020-11_images_async_count1_prettyprinted.html", "折线图", 1, 1, True),
        ("bing/2026-02_images_search_ar_coach.html", "coach youmene", 1, 35, True),
        ("bing/2026-04_images_search_full_year.html", "golang gopher", 1, 27, False),
        ("bing/2026-09_cn_async_lastpage_first_item_excerpt.html", "咖啡 意式浓缩", 5, 1, False),
        ("bing/2026-10_cn_async_m_attributes_excerpt.html", "繁花", 1, 2, True),
        ("google/2016-08_asynch_ijn_rg_meta_excerpt.json", "south", 1, 2, True),
        ("google/2016-07_cse_v1element_searchtype_image.json", "car", 1, 1, True),
        ("google/2024-08_udm2_desktop_browser_saved_cat.html", "cat", 1, 100, True),
    ],
)
def test_a_captured_page_gives_its_pictures(name: str, text: str, number: int, items: int, onward: bool) -> None:
    answer = read(name, text, number=number)

    assert (answer.verdict, len(answer.refs), answer.next is not None) == (Verdict.OK, items, onward)
    assert all(ref.url.startswith("http") and ref.page_url and ref.title and ref.key for ref in answer.refs)
    assert len({ref.url for ref in answer.refs}) == items
    if "cn_async_m_attributes" not in name:  # that excerpt has no links with sizes in them
        assert all(ref.width and ref.height for ref in answer.refs)


@pytest.mark.parametrize(
    ("name", "text", "status", "verdict"),
    [
        ("bing/2016-02_search_dg_u_excerpt.html", "south", 200, Verdict.LAYOUT_CHANGED),
        (
            "bing/2026-07_images_search_one_result_decoy.html",
            "RPS Savana Faridabad Haryana real photos",
            200,
            Verdict.STARVED,
        ),
        ("google/2026-05_sorry_captcha_page.html", "quantum", 429, Verdict.CAPTCHA),
        ("google/2026-05_sorry_captcha_page.html", "quantum", 200, Verdict.CAPTCHA),
        ("google/2026-07_block_enablejs_js_shell.html", "rps savana", 200, Verdict.NEEDS_BROWSER),
        ("google/2026-07_block_update_your_browser_wap.html", "rps savana", 200, Verdict.OLD_BROWSER),
    ],
)
def test_a_captured_refusal_has_its_verdict(name: str, text: str, status: int, verdict: Verdict) -> None:
    answer = read(name, text, status=status)

    assert (answer.verdict, answer.refs, answer.next) == (verdict, (), None)
    assert answer.detail


def test_the_full_page_of_2026_proposes_its_queries_and_full_size_copies() -> None:
    answer = read("bing/2026-04_images_search_full_year.html", "golang gopher")

    assert len(answer.related) > 90
    assert answer.related[0] == "Golang Gopher Meme"
    assert all(ref.fallback_url.startswith("https://th.bing.com/th/id/R.") for ref in answer.refs)


def test_strict_safe_search_holds_back_what_bing_marks() -> None:
    strict = Filters(safe="strict")

    assert len(read("bing/2026-02_images_search_ar_coach.html", "coach youmene", filters=strict).refs) == 33
    assert len(read("bing/2026-04_images_search_full_year.html", "golang gopher", filters=strict).refs) == 26


def test_height_before_width_agrees_with_the_links_of_the_same_page() -> None:
    from scraper.engines.google_shapes import anchors
    from scraper.engines.markup import tree

    name = "google/2024-08_udm2_desktop_browser_saved_cat.html"
    sizes = {ref.url: (ref.width, ref.height) for ref in read(name, "cat").refs}
    linked = list(anchors(tree((PAGES / name).read_text("utf-8", "replace"))))

    assert len(linked) == 8
    assert all(sizes[ref.url] == (ref.width, ref.height) for ref in linked)


def test_a_page_of_800_kilobytes_is_read_well_within_a_second() -> None:
    started = time.process_time()
    read("bing/2026-04_images_search_full_year.html", "golang gopher")

    assert time.process_time() - started < 1.0
