"""Wikimedia Commons: free pictures with their licence and maker. Serial, with a contact in the user agent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from imgtool.records import ImageRef, Query
from scraper import licences, loose
from scraper.engines.api import base_of, cut, fields_of, location, not_json, refused, sentence
from scraper.engines.base import Ask, Page, Verdict
from scraper.limits import MIB
from scraper.reply import Reply

PATH = "w/api.php"
PAGE_SIZE = 50  # the most for clients without rights of their own
DEEPEST = 10_000  # results; the search refuses a larger offset
LONGEST = 280  # characters of a search; 300 are refused, and `filetype:bitmap` takes its share
THUMB = 1920  # pixels wide; one of the sizes that Commons keeps ready
HEAVY = 8 * MIB  # originals above this are taken as their THUMB: kinder to them, enough for us
WEB = {"image/jpeg", "image/png", "image/gif", "image/webp"}  # originals that need no conversion

SIZES = {"small": "fileres:<400", "medium": "fileres:400,1200", "large": "fileres:>1200", "wallpaper": "fileres:>1600"}
ERRORS = {
    "ratelimited": Verdict.RATE_LIMIT,
    "cirrussearch-too-busy-error": Verdict.RATE_LIMIT,
    "maxlag": Verdict.RATE_LIMIT,
    "blocked": Verdict.DENIED,
    "autoblocked": Verdict.DENIED,
    "permissiondenied": Verdict.DENIED,
    "readapidenied": Verdict.DENIED,
}

Row = dict[str, loose.Json]


class Wikimedia:
    """The search of Commons, bitmaps only."""

    name = "wikimedia"
    pause = 1.0  # one request after the other, a second apart
    key_env = ""
    filters = frozenset({"size"})

    def first(self, query: Query, base: str, key: str = "") -> Ask:  # noqa: ARG002 - the shape of every engine
        """The request for the first 50."""
        return Ask(self.name, query, _url(query, base, {}), {"Accept": "application/json"})

    def read(self, ask: Ask, reply: Reply) -> Page:
        """Refs with licence, creator and description page."""
        refusal = refused(reply)
        if refusal and reply.status == 403:
            return replace(refusal, detail=sentence(refusal.detail, "it asks for a contact in the user agent"))
        if refusal:
            return refusal
        answer = loose.load(reply.text)
        if not isinstance(answer, dict):
            return not_json(reply)
        if "error" in answer:
            return _error(loose.table(answer["error"]))
        if "query" not in answer and "batchcomplete" not in answer:
            return Page(Verdict.LAYOUT_CHANGED, detail="neither a query nor its end in the answer")
        return _page(ask, answer)

    def partitions(self, query: Query) -> Iterator[Query]:  # noqa: ARG002 - the shape of every engine
        """None: one search goes 10,000 results deep."""
        yield from ()


def _url(query: Query, base: str, further: dict[str, str]) -> str:
    fields = {
        "action": "query",
        "format": "json",
        "generator": "search",
        "gsrnamespace": "6",
        "gsrsearch": " ".join(f"filetype:bitmap {SIZES.get(query.filters.size, '')} {query.text[:LONGEST]}".split()),
        "gsrlimit": str(PAGE_SIZE),
        "prop": "imageinfo",
        "iiprop": "url|size|mime|sha1|extmetadata",
        "iiextmetadatafilter": "LicenseShortName|LicenseUrl|Artist|ObjectName",
        "iiurlwidth": str(THUMB),
    }
    return location(base, PATH, fields | further)


def _error(error: Row) -> Page:
    code = loose.text(error.get("code"))
    return Page(ERRORS.get(code, Verdict.ERROR), detail=sentence(code, loose.plain(error.get("info"))))


def _page(ask: Ask, answer: Row) -> Page:
    rows = loose.rows(loose.table(answer.get("query")).get("pages"))
    rows.sort(key=lambda row: loose.number(row.get("index")))
    told = [row for row in rows if loose.rows(row.get("imageinfo"))]
    further = {name: loose.text(value) for name, value in loose.table(answer.get("continue")).items()}
    after = _after(ask, further, len(told))
    if rows and not told and after:  # a long answer in parts: their details are in the next
        return Page(Verdict.OK, next=after, detail="names only, details come next")
    return cut(ask, map(_ref, told), len(rows), after, "the last page")


def _after(ask: Ask, further: dict[str, str], told: int) -> Ask | None:
    """The request that the answer says to go on with, as long as it goes on."""
    offset = loose.number(further.get("gsroffset"))
    if not further or further.items() <= fields_of(ask.url).items() or offset + PAGE_SIZE > DEEPEST:
        return None
    url = _url(ask.query, base_of(ask, PATH), further)
    return replace(ask, url=url, page=ask.page + 1, seen=ask.seen + told)


def _ref(row: Row) -> ImageRef:
    info = loose.rows(row.get("imageinfo"))[0]
    url, other, width, height = _choice(info)
    licence_url = loose.address(_told(info, "LicenseUrl"))
    digest = loose.text(info.get("sha1"))
    return ImageRef(
        url=url,
        label="",
        engine="",
        page_url=loose.address(info.get("descriptionurl")),
        title=_title(info, row),
        width=width,
        height=height,
        thumb_url=loose.address(info.get("thumburl")),
        fallback_url=other,
        key=f"sha1:{digest}" if digest else "",
        licence=licences.short(loose.plain(_told(info, "LicenseShortName")), licence_url),
        licence_url=licence_url,
        creator=loose.plain(_told(info, "Artist")),
    )


def _choice(info: Row) -> tuple[str, str, int, int]:
    """The address to ask for, the other one, and the width and height to expect."""
    original, thumb = loose.address(info.get("url")), loose.address(info.get("thumburl"))
    heavy = _bytes(info) > HEAVY or loose.text(info.get("mime")) not in WEB
    if heavy and thumb:
        return thumb, original, loose.number(info.get("thumbwidth")), loose.number(info.get("thumbheight"))
    return original, thumb, loose.number(info.get("width")), loose.number(info.get("height"))


def _bytes(info: Row) -> float:
    size = info.get("size")
    return size if isinstance(size, (int, float)) else 0


def _told(info: Row, name: str) -> loose.Json:
    return loose.table(loose.table(info.get("extmetadata")).get(name)).get("value")


def _title(info: Row, row: Row) -> str:
    name = loose.text(row.get("title")).removeprefix("File:").rpartition(".")[0]
    return loose.plain(_told(info, "ObjectName")) or name
