"""One engine's way through a class: it follows what brings new pictures, and it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from imgtool.records import Filters, ImageRef, Query
from scraper.engines.base import Ask, Page, Verdict
from scraper.reply import Reply
from scraper.search.walk import BARREN, STALE, Walk, on_topic
from tests.made import ref


class Plain:
    """An engine that cuts a query into twenty colours."""

    name, pause, key_env, filters = "plain", 0.0, "", frozenset[str]()

    def first(self, query: Query, base: str, key: str = "") -> Ask:
        return Ask(self.name, query, f"{query.text}?{query.filters.colour}")

    def read(self, ask: Ask, reply: Reply) -> Page:
        raise NotImplementedError

    def partitions(self, query: Query) -> Iterator[Query]:
        for n in range(20):
            yield replace(query, filters=Filters(colour=f"colour{n}"))


def walk(*texts: str, label: str = "red panda") -> Walk:
    engine = Plain()
    queries = [Query(label, text) for text in texts or (label,)]
    return Walk(engine, queries, lambda query: engine.first(query, ""), label)


def asked(walk: Walk) -> str:
    ask = walk.next()
    assert ask is not None
    return ask.url


def page(count: int, following: str = "", related: tuple[str, ...] = ()) -> Page:
    refs = tuple(ref(f"http://h/{following}{n}") for n in range(count))
    after = Ask("plain", Query("red panda", "red panda"), following) if following else None
    return Page(Verdict.OK, refs, after, related)


def new(_: ImageRef) -> bool:
    return True


def old(_: ImageRef) -> bool:
    return False


def test_pages_are_followed_to_the_last() -> None:
    way = walk()
    way.read(page(35, "page 2"), new)

    assert asked(way) == "page 2"


def test_a_path_without_news_is_left() -> None:
    way = walk()
    for n in range(STALE):
        assert asked(way) == ("red panda?" if n == 0 else f"page {n}")
        way.read(page(35, f"page {n + 1}"), old)

    assert asked(way) != f"page {STALE}"


def test_the_users_own_words_come_first_then_related_then_filters() -> None:
    way = walk("red panda", "Ailurus fulgens")
    assert asked(way) == "red panda?"
    way.read(page(30, related=("red panda cub",)), new)
    assert asked(way) == "Ailurus fulgens?"
    way.read(page(30), new)

    assert asked(way) == "red panda cub?"
    way.read(page(30), new)
    assert asked(way) == "red panda?colour0"


def test_requests_go_where_new_pictures_come_from() -> None:
    way = walk()
    asked(way)
    way.read(page(30, related=tuple(f"red panda {n}" for n in range(9))), new)
    asked(way)
    way.read(page(30), old)  # a related query that brings nothing
    asked(way)

    assert asked(way) == "red panda?colour0"


def test_an_off_topic_proposal_is_not_followed() -> None:
    way = walk()
    asked(way)
    way.read(page(30, related=("giant panda", "panda express", "Red  PANDA", "red panda cubs")), new)

    assert asked(way) == "red panda cubs?"


@pytest.mark.parametrize(
    ("text", "label", "verdict"),
    [
        ("red panda cub", "red panda", True),
        ("baby red pandas", "red panda", True),
        ("panda red", "red panda", True),
        ("giant panda", "red panda", False),
        ("concatenate", "cat", False),
        ("cats playing", "cat", True),
        ("PIKACHU wallpaper", "pikachu", True),
    ],
)
def test_a_query_is_on_topic_when_all_words_of_the_class_are_there(text: str, label: str, verdict: bool) -> None:
    assert on_topic(text, label) is verdict


def test_a_walk_ends_although_the_engine_repeats_itself_for_ever() -> None:
    way = walk()
    requests = 0
    while (ask := way.next()) is not None:
        way.read(page(35, f"{ask.url}+"), old)
        requests += 1

    assert requests <= STALE * (1 + BARREN)
    assert way.report().stopped == "every query, related query and filter was tried"


@pytest.mark.parametrize("verdict", [Verdict.CAPTCHA, Verdict.RATE_LIMIT, Verdict.LAYOUT_CHANGED, Verdict.ERROR])
def test_a_refusal_ends_the_walk_and_is_the_last_word(verdict: Verdict) -> None:
    way = walk()
    asked(way)
    way.read(page(10, "page 2"), new)
    way.read(Page(verdict, detail="so it said"), new)

    assert way.next() is None
    report = way.report(kept=7)
    assert (report.verdict, report.stopped, report.kept) == (verdict.value, "so it said", 7)


def test_nothing_found_is_not_an_error_and_not_ok() -> None:
    way = walk()
    asked(way)
    way.read(Page(Verdict.NO_RESULTS), new)

    assert way.report().verdict == "no_results"


def test_a_starved_answer_is_remembered_until_a_good_one_comes() -> None:
    way = walk()
    asked(way)
    way.read(Page(Verdict.STARVED), new)
    assert way.report().verdict == "starved"
    asked(way)
    way.read(page(3), new)
    assert way.report().verdict == "ok"


def test_the_report_counts_pages_pictures_and_repeats() -> None:
    way = walk()
    asked(way)
    way.read(page(10, "page 2"), new)
    asked(way)
    way.read(page(10), old)

    report = way.report()
    assert (report.pages, report.seen, report.new, report.repeated) == (2, 20, 10, 10)
