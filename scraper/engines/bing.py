"""Bing Images: HTML pages, followed by the address each page gives for the next.

What its pages are, how they fail and since when: `docs/engines.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urljoin, urlsplit

from imgtool.records import ImageRef, Query
from scraper.engines.answer import placed
from scraper.engines.api import fields_of, refused
from scraper.engines.base import Ask, Page, Verdict
from scraper.engines.bing_card import card, explicit
from scraper.engines.bing_filters import SAFE, qft
from scraper.engines.markup import attribute, tree
from scraper.engines.partition import cuts
from scraper.engines.relevance import mentions
from scraper.licences import widest_class
from scraper.reply import Reply

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

COUNT = 35  # results a page, as Bing's own continuation asks for
DECOYS = 2  # a first and last page with no more than these is looked at twice
CHALLENGES = ("challenges.cloudflare.com/turnstile", "cf-turnstile", 'id="captcha', 'class="captcha')
OWN = ("data-nexturl", "b_header", "mmcomponent_images", "/images/async", "/images/search")
NOTHING = ("there are no results for", "no results found for", "we didn't find any results")


class Bing:
    """The engine that answers most, without a key and without JavaScript."""

    name = "bing"
    pause = 1.5  # seconds; other tools live with one request in one to two seconds
    key_env = ""
    filters = frozenset({"size", "colour", "kind", "aspect", "licence", "age", "safe", "market"})

    def first(self, query: Query, base: str, key: str = "") -> Ask:  # noqa: ARG002 - the shape of every engine
        """The first result page."""
        url = f"{base.rstrip('/')}/images/search?q={quote_plus(query.text)}&form=HDRSC3&first=1"
        return Ask(self.name, query, url + steering(query), headers=headers(query))

    def read(self, ask: Ask, reply: Reply) -> Page:
        """A result page, first or later."""
        page = tree(reply.text)
        if any(mark in reply.text for mark in CHALLENGES) and not page.select_one("a.iusc[m]"):
            return Page(Verdict.CAPTCHA, detail="Bing asks for a proof of being human.")
        return refused(reply) or answered(ask, reply, page)

    def partitions(self, query: Query) -> Iterator[Query]:
        """Cuts by colour, aspect, size, age and market."""
        return cuts(query)


def headers(query: Query) -> dict[str, str]:
    """Without gzip Bing answers with a page of one picture; the language steers which market's pictures come."""
    market = query.filters.market
    language = f"{market},{market.partition('-')[0]};q=0.9" if market else "en"
    return {"Accept-Encoding": "gzip, deflate", "Accept-Language": language}


def steering(query: Query) -> str:
    """The parameters that must stay with every page of a search."""
    filters = query.filters
    safe = filters.safe if filters.safe in SAFE else "strict"
    market = f"&mkt={quote_plus(filters.market)}" if filters.market else ""
    words = qft(filters)
    return f"&adlt={safe}{market}" + (f"&qft={words}" if words else "")


def answered(ask: Ask, reply: Reply, page: BeautifulSoup) -> Page:
    """A page that came with HTTP 200."""
    found = [ref for anchor in page.select("a.iusc[m]") if (ref := card(anchor))]
    if not found:
        return barren(ask, reply, page)
    after, related = following(ask, reply, page, len(found)), proposals(page)
    if ask.page == 1 and after is None and decoy(ask.query, found):
        detail = f"Its whole answer shares no word with the query (pictures: {len(found)})."
        return Page(Verdict.STARVED, related=related, detail=detail)
    filters = ask.query.filters
    proper = [ref for ref in found if not (filters.safe == "strict" and explicit(ref))]
    hidden = len(found) - len(proper)
    detail = f"Safe search holds back what Bing itself takes for adult (pictures: {hidden})." if hidden else ""
    return Page(Verdict.OK, placed(ask, proper, widest_class(filters.licence)), after, related, detail)


def decoy(query: Query, found: list[ImageRef]) -> bool:
    """Is this the irrelevant picture or two that Bing gives instead of an answer?

    Only asked of a first page that is also the last. Then: no more than two, and no word of the query in any
    title, page address or picture address.
    """
    told = (part for ref in found for part in (ref.title, ref.page_url, ref.url))
    return len(found) <= DECOYS and not mentions(query.text, *told)


def barren(ask: Ask, reply: Reply, page: BeautifulSoup) -> Page:
    """The verdict on a page without a single readable result."""
    text = reply.text.lower()
    if any(tag.find_parent(class_="clustCards") is None for tag in page.select("a.iusc, div.dg_u")):
        return Page(Verdict.LAYOUT_CHANGED, detail="There are results, in a form that is not known here.")
    if any(phrase in text for phrase in NOTHING) or (ask.page > 1 and ended(page, text)):
        return Page(Verdict.NO_RESULTS, detail="It has nothing more." if ask.page > 1 else "It has nothing.")
    if not text.strip() or any(mark in text for mark in OWN):
        return Page(Verdict.STARVED, related=proposals(page), detail="Its page came without a single result.")
    return Page(Verdict.LAYOUT_CHANGED, detail="This is no page of Bing's that is known here.")


def ended(page: BeautifulSoup, text: str) -> bool:
    """Is this the empty continuation after the last results?"""
    return not text.strip() or page.select_one("[data-nexturl]") is not None


def following(ask: Ask, reply: Reply, page: BeautifulSoup, found: int) -> Ask | None:
    """The next page: where this one says, on the same host; None where it says there is no more."""
    url = joined(reply.url or ask.url, onward(ask, page, found))
    if not url:
        return None
    return Ask(
        ask.engine,
        ask.query,
        url + missing(ask.query, url),
        headers={"Referer": ask.url} | dict(ask.headers),
        page=ask.page + 1,
        seen=ask.seen + found,
    )


def onward(ask: Ask, page: BeautifulSoup, found: int) -> str:
    """The main list's `data-nextUrl`; where no list has one, the continuation that has served since 2020."""
    lists = page.select("[data-nexturl]")
    main = [tag for tag in lists if tag.find_parent(class_="clustCards") is None]
    if lists:
        return attribute(main[0], "data-nexturl") if main else ""
    first = ask.seen + found + 1
    return f"/images/async?q={quote_plus(ask.query.text)}&first={first}&count={COUNT}&mmasync=1"


def joined(here: str, there: str) -> str:
    """The absolute address of a link on a page, "" if it leaves the page's host."""
    try:
        url = urljoin(here, there) if there.strip() else ""
        same = urlsplit(url)[:2] == urlsplit(here)[:2]
    except ValueError:
        return ""
    return url if same and urlsplit(url).netloc else ""


def missing(query: Query, url: str) -> str:
    """What of our steering a page's own address for the next has lost: safe search above all."""
    there = fields_of(url)
    wanted = steering(query).split("&")[1:]
    return "".join(f"&{pair}" for pair in wanted if pair.partition("=")[0] not in there)


def proposals(page: BeautifulSoup) -> tuple[str, ...]:
    """The other queries the page proposes, in order, each once."""
    links = page.select('a.suggestion-item[href], a.itm[title^="Search for:"][href]')
    words = (fields_of(attribute(tag, "href")).get("q", "").strip() for tag in links)
    return tuple(dict.fromkeys(word for word in words if word))
