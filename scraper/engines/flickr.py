"""Flickr: photographs with licence and owner, for those with a key. 500 a page, 4,000 a query, 3,600 an hour."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from imgtool.records import ImageRef, Query
from scraper import licences, loose
from scraper.engines.api import base_of, cut, fields_of, location, not_json, refused, sentence
from scraper.engines.base import Ask, Page, Verdict
from scraper.engines.uploads import bare, narrower, span
from scraper.redact import HIDDEN
from scraper.reply import Reply

PATH = "services/rest/"
PAGE_SIZE = 500
DEEPEST = 4000  # results of one query; deeper pages repeat earlier ones
SIZES = ("o", "k", "h", "l", "c", "z")  # url_o … url_z: the original, then from 2048 pixels down to 640
EXTRAS = ",".join(["license", "owner_name", "o_dims", *(f"url_{size}" for size in SIZES)])
FILES = "https://live.staticflickr.com"  # where pictures lie whose address the answer does not spell out

SAFE = {"off": "3", "moderate": "2"}  # strict: 1
ERRORS = {
    10: Verdict.ERROR,  # the search is not available just now
    100: Verdict.DENIED,  # no valid key
    105: Verdict.ERROR,
    116: Verdict.DENIED,
}

Row = dict[str, loose.Json]


class Flickr:
    """flickr.photos.search."""

    name = "flickr"
    pause = 1.0  # 3,600 requests an hour
    key_env = "IMGTOOL_FLICKR_KEY"
    filters = frozenset({"licence", "age", "safe"})

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock

    def first(self, query: Query, base: str, key: str = "") -> Ask:
        """The request for page 1; its address holds the key."""
        return Ask(self.name, query, _url(query, base, key, 1, self._clock()), {"Accept": "application/json"})

    def read(self, ask: Ask, reply: Reply) -> Page:
        """Refs with licence, owner and photo page."""
        refusal = refused(reply)
        if refusal:
            return refusal
        answer = loose.load(_keyless(reply.text, _key(ask)))
        if not isinstance(answer, dict):
            return not_json(reply)
        if answer.get("stat") != "ok":
            return _failure(answer)
        photos = loose.table(answer.get("photos"))
        if not isinstance(photos.get("photo"), list):
            return Page(Verdict.LAYOUT_CHANGED, detail="no photos in the answer")
        return _page(ask, photos, self._clock())

    def partitions(self, query: Query) -> Iterator[Query]:
        """The query by year of upload, newest first; a year by months."""
        return narrower(query, self._clock())


def _url(query: Query, base: str, key: str, page: int, now: float) -> str:
    filters = query.filters
    fields = {
        "method": "flickr.photos.search",
        "api_key": key,
        "text": bare(query),
        "license": ",".join(map(str, licences.flickr_numbers(filters.licence))),
        "safe_search": SAFE.get(filters.safe, "1"),
        "media": "photos",
        "sort": "relevance",
        "extras": EXTRAS,
        "per_page": str(PAGE_SIZE),
        "page": str(page),
        "format": "json",
        "nojsoncallback": "1",
    }
    return location(base, PATH, fields | span(query, now))


def _key(ask: Ask) -> str:
    return fields_of(ask.url).get("api_key", "")


def _keyless(text: str, key: str) -> str:
    """An answer that repeats our key, without it: it goes to reports and records."""
    return text.replace(key, HIDDEN) if key else text


def _failure(answer: Row) -> Page:
    code = loose.number(answer.get("code"))
    if answer.get("stat") != "fail":
        return Page(Verdict.LAYOUT_CHANGED, detail="neither ok nor fail in the answer")
    hint = "set IMGTOOL_FLICKR_KEY to a valid key" if code == 100 else ""
    return Page(
        ERRORS.get(code, Verdict.ERROR), detail=sentence(f"error {code}", loose.plain(answer.get("message")), hint)
    )


def _page(ask: Ask, photos: Row, now: float) -> Page:
    rows = loose.rows(photos["photo"])
    seen = ask.seen + len(rows)
    after = None
    if rows and ask.page < loose.number(photos.get("pages")) and ask.page * PAGE_SIZE < DEEPEST:
        url = _url(ask.query, base_of(ask, PATH), _key(ask), ask.page + 1, now)
        after = replace(ask, url=url, page=ask.page + 1, seen=seen)
    capped = ask.page * PAGE_SIZE >= DEEPEST
    return cut(ask, map(_ref, rows), len(rows), after, f"{DEEPEST} results a query" if capped else "the last page")


def _ref(row: Row) -> ImageRef:
    identity, owner = loose.text(row.get("id")), loose.text(row.get("owner"))
    url, width, height = _largest(row)
    name = licences.flickr(loose.number(row["license"])) if "license" in row else ""
    return ImageRef(
        url=url or _file(row, "_b"),
        label="",
        engine="",
        page_url=loose.address(f"https://www.flickr.com/photos/{owner}/{identity}") if owner and identity else "",
        title=loose.plain(row.get("title")),
        width=width,
        height=height,
        thumb_url=_file(row, "_m"),
        fallback_url=_file(row, ""),  # 500 pixels: the size that every photograph has
        key=f"flickr:{identity}" if identity else "",
        licence=name,
        licence_url=licences.deed(name),
        creator=loose.plain(row.get("ownername")) or owner,
    )


def _largest(row: Row) -> tuple[str, int, int]:
    """The largest picture whose address is spelt out, with its width and height."""
    for size in SIZES:
        url = loose.address(row.get(f"url_{size}"))
        if url:
            return url, loose.number(row.get(f"width_{size}")), loose.number(row.get(f"height_{size}"))
    return "", 0, 0


def _file(row: Row, size: str) -> str:
    """The address that Flickr's rule gives a photograph of that size; "" if a part is missing."""
    server, identity, secret = (loose.text(row.get(name)) for name in ("server", "id", "secret"))
    whole = all(part.isalnum() for part in (server, identity, secret))
    return f"{FILES}/{server}/{identity}_{secret}{size}.jpg" if whole else ""
