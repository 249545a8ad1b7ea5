"""DuckDuckGo: a page that hands out a token, then 100 results a time for it. Keyless, on Bing's index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from imgtool.records import Filters, ImageRef, Query
from scraper import licences, loose
from scraper.engines.api import base_of, challenged, cut, fields_of, location, not_json, refused
from scraper.engines.base import Ask, Page, Verdict
from scraper.engines.partition import HUES, cuts
from scraper.reply import Reply

LONGEST = 499  # characters of a query; 500 are refused

COLOURS = {"colour": "color", "mono": "Monochrome"} | {hue: hue.capitalize() for hue in HUES.split()}
KINDS = {"photo": "photo", "clipart": "clipart", "lineart": "line", "animated": "gif", "transparent": "transparent"}
SHARES = {
    "filter: any": "any",
    "filter: public": "Public",
    "filter: share": "Share",
    "filter: share commercially": "ShareCommercially",
    "filter: modify": "Modify",
    "filter: modify commercially": "ModifyCommercially",
}
SAFE = {"off": "-1"}  # strict and moderate are one: "1"

_TOKEN = re.compile(r"vqd=\\?[\"']?(\d+-[\d-]+)")


class DuckDuckGo:
    """The token page and i.js."""

    name = "duckduckgo"
    pause = 1.5  # what the tools that live with it wait
    key_env = ""
    filters = frozenset({"size", "colour", "kind", "aspect", "licence", "age", "safe", "market"})

    def first(self, query: Query, base: str, key: str = "") -> Ask:  # noqa: ARG002 - the shape of every engine
        """The token page: its answer holds no pictures, only the way to them."""
        url = location(base, "", {"q": words(query), "iar": "images", "iax": "images", "ia": "images", "t": "h_"})
        return Ask(self.name, query, url)

    def read(self, ask: Ask, reply: Reply) -> Page:
        """A token page → the request for the first results; results → refs and the request for the next."""
        if reply.status == 202:  # not "accepted": how it says that one asks too much
            return not_json(reply, Verdict.RATE_LIMIT)
        refusal = refused(reply)
        if refusal:
            return refusal
        return _results(ask, reply) if "vqd" in ask.state else _token(ask, reply)

    def partitions(self, query: Query) -> Iterator[Query]:
        """Cuts by colour, aspect, size, age and market."""
        return cuts(query)


def words(query: Query) -> str:
    """The query's text, as long as it may be."""
    return query.text[:LONGEST]


def shape(filters: Filters) -> str:
    """The `f` field: six places, each empty or named."""
    places = {
        "time": filters.age.capitalize(),
        "size": filters.size.capitalize(),
        "color": COLOURS.get(filters.colour, ""),
        "type": KINDS.get(filters.kind, ""),
        "layout": filters.aspect.capitalize(),
        "license": SHARES.get(claim(filters), ""),
    }
    return ",".join(f"{name}:{value}" if value else "" for name, value in places.items())


def claim(filters: Filters) -> str:
    """The class we filter by, which is all that is then known of a picture's licence."""
    return licences.widest_class(filters.licence) or ("filter: any" if filters.licence else "")


def region(market: str) -> str:
    """`en-US` → `us-en`."""
    language, _, country = market.lower().partition("-")
    return f"{country}-{language}" if language and country else "us-en"


def _token(ask: Ask, reply: Reply) -> Page:
    found = _TOKEN.search(reply.text)
    if found:
        base = base_of(ask, "")
        return Page(Verdict.OK, next=_ask(ask, base, found[1], 0), detail="a token, pictures come next")
    if challenged(reply):
        return not_json(reply)
    return Page(Verdict.LAYOUT_CHANGED, detail="no vqd token in the page")


def _ask(ask: Ask, base: str, token: str, start: int) -> Ask:
    """The request for the results from `start` on."""
    filters = ask.query.filters
    fields = {"o": "json", "q": words(ask.query), "l": region(filters.market), "vqd": token}
    fields |= {"p": SAFE.get(filters.safe, "1"), "f": shape(filters), "u": "bing", "s": str(start) if start else ""}
    headers = {"Referer": f"{base}/", "Accept": "application/json"}
    page = 1 if start == 0 else ask.page + 1
    return replace(ask, url=location(base, "i.js", fields), headers=headers, page=page, state={"vqd": token})


def _results(ask: Ask, reply: Reply) -> Page:
    answer = loose.load(reply.text)
    if not isinstance(answer, dict):
        return not_json(reply, Verdict.DENIED)
    if not isinstance(answer.get("results"), list):
        return Page(Verdict.DENIED, detail="an answer without results: the token was refused or has grown old")
    rows = loose.rows(answer["results"])
    claimed = claim(ask.query.filters)
    found = (replace(_ref(row), licence=claimed) for row in rows)
    return cut(ask, found, len(rows), _after(ask, answer.get("next"), len(rows)), "the last page")


def _after(ask: Ask, following: loose.Json, rows: int) -> Ask | None:
    """The next request, if the answer names one that goes further."""
    start = loose.number(fields_of(loose.text(following)).get("s"))
    if start <= loose.number(fields_of(ask.url).get("s")):
        return None
    after = _ask(ask, base_of(ask, "i.js"), ask.state["vqd"], start)
    return replace(after, seen=ask.seen + rows)


def _ref(row: dict[str, loose.Json]) -> ImageRef:
    return ImageRef(
        url=loose.address(row.get("image")),
        label="",
        engine="",
        page_url=loose.address(row.get("url")),
        title=loose.plain(row.get("title")),
        width=loose.number(row.get("width")),
        height=loose.number(row.get("height")),
        thumb_url=loose.address(row.get("thumbnail")),
    )
