"""Openverse: openly licensed pictures of many collections. Anonymous: 20 a page, 20 pages, 20 requests a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from imgtool.records import ImageRef, Query
from scraper import licences, loose
from scraper.engines.api import base_of, cut, location, not_json, refused, sentence
from scraper.engines.base import Ask, Page, Verdict
from scraper.reply import Reply

PATH = "v1/images/"
PAGE_SIZE = 20  # anonymous; more is answered with 401
DEEPEST = 20  # pages, by the source's own rule of 2022-08-11
LONGEST = 200  # characters of a query

SIZES = {"small": "small", "medium": "medium", "large": "large", "wallpaper": "large"}
KINDS = {"photo": "photograph", "clipart": "illustration"}


class Openverse:
    """The images endpoint, without an account."""

    name = "openverse"
    pause = 3.0  # 20 requests a minute
    key_env = ""
    filters = frozenset({"size", "kind", "aspect", "licence", "safe"})

    def first(self, query: Query, base: str, key: str = "") -> Ask:  # noqa: ARG002 - the shape of every engine
        """The request for page 1."""
        return Ask(self.name, query, _url(query, base, 1), {"Accept": "application/json"})

    def read(self, ask: Ask, reply: Reply) -> Page:
        """Refs with licence, creator and page; a sentence when it says no."""
        answer = loose.load(reply.text)
        said = loose.text(loose.table(answer).get("detail"))
        refusal = refused(reply)
        if refusal:
            return replace(refusal, detail=sentence(refusal.detail, said))
        if not isinstance(answer, dict):
            return not_json(reply)
        if not isinstance(answer.get("results"), list):
            return Page(Verdict.LAYOUT_CHANGED, detail=sentence("no results in the answer", said))
        return _page(ask, answer)

    def partitions(self, query: Query) -> Iterator[Query]:  # noqa: ARG002 - the shape of every engine
        """None: how deep one may look is the source's wish, and we do not go around it."""
        yield from ()


def _url(query: Query, base: str, page: int) -> str:
    filters = query.filters
    fields = {
        "q": query.text[:LONGEST],
        "page": str(page),
        "page_size": str(PAGE_SIZE),
        "license": ",".join(sorted(licences.wanted_codes(filters.licence))) if filters.licence else "",
        "size": SIZES.get(filters.size, ""),
        "aspect_ratio": filters.aspect,
        "category": KINDS.get(filters.kind, ""),
        "extension": "gif" if filters.kind == "animated" else "",
        "mature": "true" if filters.safe == "off" else "false",
    }
    return location(base, PATH, fields)


def _page(ask: Ask, answer: dict[str, loose.Json]) -> Page:
    rows = loose.rows(answer["results"])
    deepest = min(loose.number(answer.get("page_count")), DEEPEST)
    after = None
    if ask.page < deepest:
        url = _url(ask.query, base_of(ask, PATH), ask.page + 1)
        after = replace(ask, url=url, page=ask.page + 1, seen=ask.seen + len(rows))
    last = f"Openverse answers no more than {DEEPEST} pages" if ask.page >= DEEPEST else "the last page"
    return cut(ask, map(_ref, rows), len(rows), after, last)


def _ref(row: dict[str, loose.Json]) -> ImageRef:
    licence_url = loose.address(row.get("license_url"))
    named = f"{loose.text(row.get('license'))} {loose.text(row.get('license_version'))}"
    identity = loose.text(row.get("id"))
    return ImageRef(
        url=loose.address(row.get("url")),
        label="",
        engine="",
        page_url=loose.address(row.get("foreign_landing_url")),
        title=loose.plain(row.get("title")),
        width=loose.number(row.get("width")),
        height=loose.number(row.get("height")),
        thumb_url=loose.address(row.get("thumbnail")),
        key=f"openverse:{identity}" if identity else "",
        licence=licences.short(named, licence_url),
        licence_url=licence_url,
        creator=loose.plain(row.get("creator")),
    )
