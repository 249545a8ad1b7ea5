"""The demo world's result pages: in the engines' shapes of today, and read by our engines as they should be."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup

from imgtool.demo.atlas import Atlas
from imgtool.demo.index import fits, size, subject
from imgtool.demo.kinds import Kind
from imgtool.demo.pages import bing, google, interfaces
from imgtool.demo.pages.bing_asked import Search, filters_of
from imgtool.demo.sites import CLASSES, HOSTS
from imgtool.demo.world import Plant, World
from imgtool.records import Filters, Query
from scraper.engines.base import Ask, Page, Verdict
from scraper.engines.bing import Bing
from scraper.engines.bing_filters import qft
from scraper.engines.google import Google
from scraper.reply import Reply

WORLD = World(7)
ATLAS = Atlas({name: f"127.0.0.{k}:8080" for k, name in enumerate(HOSTS, 1)})
TRUTH = {ATLAS.picture(plant): plant for plant in WORLD.plants}
KEYS = {"sid", "cturl", "cid", "purl", "murl", "turl", "md5", "shkey", "t", "mid", "desc"}


def first(text: str, filters: str = "") -> str:
    return bing.page(WORLD, ATLAS, Search.of({"q": text, "first": "1", "qft": filters}), whole=True)


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "lxml")


def answered(ask: Ask) -> Reply:
    parts = urlsplit(ask.url)
    search = Search.of(dict(parse_qsl(parts.query)))
    body = bing.page(WORLD, ATLAS, search, whole=parts.path == "/images/search")
    return Reply(200, ask.url, body=body.encode())


def walk(text: str, filters: Filters | None = None) -> list[Page]:
    engine, pages = Bing(), []
    ask: Ask | None = engine.first(Query(subject(WORLD, text), text, filters or Filters()), ATLAS.url("bing"))
    while ask:
        pages.append(engine.read(ask, answered(ask)))
        ask = pages[-1].next
    return pages


def plants(pages: list[Page]) -> list[Plant]:
    return [TRUTH[ref.url] for page in pages for ref in page.refs]


def test_the_same_seed_writes_the_same_pages() -> None:
    again = bing.page(World(7), ATLAS, Search.of({"q": "cactus"}), whole=True)
    assert again == first("cactus")
    assert bing.page(World(8), ATLAS, Search.of({"q": "cactus"}), whole=True) != again
    assert google.page(World(7), ATLAS, {"q": "cactus"}) == google.page(WORLD, ATLAS, {"q": "cactus"})


def test_a_bing_page_has_the_shape_of_2026() -> None:
    page = soup(first("cactus"))
    control = page.select_one("#mmComponent_images_2.dgControl")
    assert control
    assert str(control["data-nexturl"]).startswith("/images/async?q=cactus&first=36&count=35")
    items = control.select("li[data-idx] > div.iuscp > div.imgpt > a.iusc[m][href]")
    assert len(items) == 35
    for item in items:
        told = json.loads(str(item["m"]))
        assert told.keys() == KEYS
        way = dict(parse_qsl(urlsplit(str(item["href"])).query))
        plant = TRUTH[told["murl"]]
        assert (int(way["expw"]), int(way["exph"])) == (plant.seen.width, plant.seen.height)
        assert way.get("cdnurl", "") == ATLAS.copy(plant)


def test_found_words_stand_between_private_signs() -> None:
    item = soup(first("cactus")).select_one("a.iusc[m]")
    assert item
    assert re.search("\ue000cactus\ue001", json.loads(str(item["m"]))["desc"], re.IGNORECASE)


def test_cluster_cards_repeat_pictures_without_a_mid() -> None:
    page = soup(first("cactus"))
    cards = [json.loads(str(tag["m"])) for tag in page.select("div.clustCards a.iusc[m]")]
    real = {json.loads(str(tag["m"]))["murl"] for tag in page.select("#mmComponent_images_2 a.iusc[m]")}
    assert len(cards) == bing.CLUSTER
    assert all("mid" not in card and card["murl"] in real for card in cards)


@pytest.mark.parametrize("label", CLASSES)
def test_our_engine_reads_bing_to_the_end(label: str) -> None:
    pages = walk(label)
    assert {page.verdict for page in pages} == {Verdict.OK}
    urls = [ref.url for page in pages for ref in page.refs]
    assert len(set(urls)) == bing.CAP
    assert len(urls) > len(set(urls)), "later pages repeat some of the earlier"
    assert {plant.label for plant in plants(pages)} == {label}


def test_bing_proposes_fitting_queries_and_others() -> None:
    related = walk("cactus")[0].related
    assert len([text for text in related if "cactus" in text.lower()]) == 9
    assert len([text for text in related if "cactus" not in text.lower()]) == 4


def test_a_proposal_that_leads_away_shows_something_else() -> None:
    assert {plant.kind for plant in plants(walk("Garden Centre"))} == {Kind.OFF_TOPIC}


def test_one_proposal_is_starved() -> None:
    assert [page.verdict for page in walk("Cactus Wallpaper HD Plus")] == [Verdict.STARVED]


def test_what_nobody_has_is_not_found() -> None:
    assert [page.verdict for page in walk("zebra")] == [Verdict.NO_RESULTS]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(colour="green"),
        Filters(colour="mono"),
        Filters(colour="colour"),
        Filters(aspect="tall"),
        Filters(age="month"),
        Filters(size="small"),
        Filters(kind="lineart"),
        Filters(licence=("by",)),
        Filters(colour="blue", aspect="wide", size="large", age="year"),
    ],
    ids=qft,
)
def test_a_filter_gives_only_what_fits_it(filters: Filters) -> None:
    found = plants(walk("lighthouse", filters))
    assert found
    assert all(fits(plant, filters_of(qft(filters))) for plant in found)


def test_filters_reach_pictures_that_the_plain_query_does_not() -> None:
    plain = set(plants(walk("sailboat")))
    assert any(set(plants(walk("sailboat", Filters(colour=hue)))) - plain for hue in ("red", "teal", "gray"))


def test_sizes_are_parted() -> None:
    assert {size(plant) for plant in WORLD.plants} == {"small", "medium", "large"}


def test_related_queries_and_filters_reach_more_than_330_good_pictures_of_each_class() -> None:
    for label in CLASSES:
        pages = walk(label)
        reached = {plant.shows for plant in plants(pages)}
        for text in pages[0].related:
            reached |= {plant.shows for plant in plants(walk(text)) if plant.label == label}
        for aspect in ("square", "wide", "tall"):
            for length in ("small", "medium", "large"):
                reached |= {plant.shows for plant in plants(walk(label, Filters(aspect=aspect, size=length)))}
        assert len({shown for shown in reached if shown and shown[0] == label and shown[1] < 1000}) > 330


def google_page(body: str, start: int = 0) -> Page:
    engine = Google()
    ask = engine.first(Query("cactus", "cactus"), ATLAS.url("google"))
    ask = Ask(ask.engine, ask.query, ask.url, page=2 if start else 1, seen=start)
    return engine.read(ask, Reply(200, ask.url, body=body.encode()))


def test_googles_shell_needs_a_browser() -> None:
    shell = google.shell("cactus")
    assert "/httpservice/retry/enablejs" in shell
    assert google_page(shell).verdict is Verdict.NEEDS_BROWSER


def test_our_engine_reads_google_after_the_script_ran() -> None:
    page = google_page(google.page(WORLD, ATLAS, {"q": "cactus"}))
    assert page.verdict is Verdict.OK
    assert len(page.refs) == google.COUNT
    for ref in page.refs:
        plant = TRUTH[ref.url]
        assert (ref.width, ref.height) == (plant.seen.width, plant.seen.height)
        assert (ref.page_url, ref.title) == (ATLAS.story(plant), plant.title)
    assert page.related


def test_a_google_page_has_a_card_for_every_picture_and_a_link_for_some() -> None:
    page = soup(google.page(WORLD, ATLAS, {"q": "cactus"}))
    assert len(page.select('div[data-docid][data-lpage][data-ref-docid][data-attrid="images universal"]')) == 100
    assert 0 < len(page.select('a[href^="/imgres?"]')) < 100


def test_google_ends_at_its_cap() -> None:
    second = google_page(google.page(WORLD, ATLAS, {"q": "cactus", "start": "100"}), 100)
    last = google_page(google.page(WORLD, ATLAS, {"q": "cactus", "start": "200"}), 200)
    assert (second.verdict, len(second.refs), last.verdict) == (Verdict.OK, 100, Verdict.NO_RESULTS)


def test_scrolling_brings_what_the_next_page_would() -> None:
    part = google_page(google.part(WORLD, ATLAS, {"q": "cactus", "start": "100"}))
    page = google_page(google.page(WORLD, ATLAS, {"q": "cactus", "start": "100"}))
    assert [ref.url for ref in part.refs] == [ref.url for ref in page.refs]


def test_google_filters() -> None:
    fields = {"q": "cactus", "tbs": "isz:l,ic:specific,isc:green", "imgar": "w"}
    found = [TRUTH[ref.url] for ref in google_page(google.page(WORLD, ATLAS, fields)).refs]
    assert {(size(plant), plant.seen.colour, plant.seen.aspect) for plant in found} == {("large", "green", "wide")}


def test_no_page_names_a_real_server() -> None:
    pages = [first("cactus"), google.page(WORLD, ATLAS, {"q": "cactus"}), google.shell("cactus")]
    sources = (interfaces.openverse, interfaces.flickr, interfaces.wikimedia)
    asked = {"q": "cactus", "text": "cactus", "gsrsearch": "cactus", "api_key": interfaces.KEY}
    pages += [json.dumps(source(WORLD, ATLAS, asked, "a@b").body) for source in sources]
    hosts = {urlsplit(found).netloc for page in pages for found in re.findall(r'https?://[^\s"\'<>&\\]+', page)}
    words = {"schema.org", "creativecommons.org", "encrypted-tbn0.demo.invalid"}  # names and deeds, never fetched
    assert hosts <= set(ATLAS.places.values()) | words
