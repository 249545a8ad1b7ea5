"""Google Images: whatever form a page has, read; what stands in the way, named.

Plain requests are answered with a JavaScript shell since 2026-06, so most pages that are read here come from a
real browser or a file: `docs/engines.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

from imgtool.records import Query
from scraper.engines.answer import placed
from scraper.engines.api import fields_of
from scraper.engines.base import Ask, Page, Verdict
from scraper.engines.google_blocks import why_empty
from scraper.engines.google_filters import steering
from scraper.engines.google_shapes import pictures
from scraper.engines.markup import attribute, tree
from scraper.engines.partition import AXES, cuts
from scraper.reply import Reply

CAP = 1000  # results of one query; beyond it pages only repeat
PAGING = "&start="


class Google:
    """The engine with the most pictures and the most doors shut."""

    name = "google"
    pause = 2.0  # seconds; other tools live with one request in one to two seconds
    key_env = ""
    filters = frozenset({"size", "colour", "kind", "aspect", "licence", "age", "safe", "market"})

    def first(self, query: Query, base: str, key: str = "") -> Ask:  # noqa: ARG002 - the shape of every engine
        """The first result page. Its words are English, so that "no results" can be told from an unknown page."""
        url = f"{base.rstrip('/')}/search?q={quote_plus(query.text)}&udm=2&hl=en{steering(query.filters)}"
        return Ask(self.name, query, url, headers={"Accept-Language": "en"})

    def read(self, ask: Ask, reply: Reply) -> Page:
        """A result page, live or saved, of any year; or the block that came instead."""
        refs = pictures(reply.text) if reply.status == 200 else ()
        if not refs:
            return why_empty(ask, reply)
        claim = "filter: any" if ask.query.filters.licence else ""  # what `sur:cl` promises, and no more
        refs = placed(ask, refs, claim)
        return Page(Verdict.OK, refs, following(ask, len(refs)), proposals(ask.query, reply.text))

    def partitions(self, query: Query) -> Iterator[Query]:
        """Cuts by colour, aspect, size, age and market."""
        # "transparent" is one of Google's colours: no other can be asked for beside it
        barred = "colour" if query.filters.kind == "transparent" else ""
        return cuts(query, {name: values for name, values in AXES.items() if name != barred})


def following(ask: Ask, found: int) -> Ask | None:
    """The next page by counting; None for a saved page and at the cap."""
    seen = ask.seen + found
    if not ask.url or seen >= CAP:
        return None
    url = f"{ask.url.partition(PAGING)[0]}{PAGING}{seen}&ijn={ask.page}"
    return Ask(ask.engine, ask.query, url, headers=ask.headers, page=ask.page + 1, seen=seen)


def proposals(query: Query, text: str) -> tuple[str, ...]:
    """The queries behind the chips above the pictures, which all carry `uds`."""
    if "uds=" not in text:
        return ()
    links = (fields_of(attribute(tag, "href")) for tag in tree(text).select('a[href*="/search?"][href*="uds="]'))
    words = (told.get("q", "").strip() for told in links)
    return tuple(dict.fromkeys(word for word in words if word and word != query.text))
