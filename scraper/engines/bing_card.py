"""One result card of a Bing page in, one picture reference out."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING

from imgtool.records import ImageRef
from scraper.engines.api import fields_of
from scraper.engines.markup import attribute
from scraper.loose import Json, address, load, number, table, text

if TYPE_CHECKING:
    from bs4 import Tag

MD5 = re.compile(r"[0-9a-f]{32}", re.ASCII)
SIDES = re.compile(r"(\d{1,6})\s*[x×]\s*(\d{1,6})")
EXPLICIT = re.compile(r"https?://ts\d*\.explicit\.bing\.net/", re.IGNORECASE)


def card(anchor: Tag) -> ImageRef | None:
    """The picture of an `a.iusc`; None if it is unreadable or repeats another (cluster cards have no `mid`)."""
    told = table(load(attribute(anchor, "m")))
    url = address(told.get("murl"))
    if not url or not told.get("mid"):
        return None
    way = fields_of(attribute(anchor, "href"))
    width, height = sides(anchor, way)
    return ImageRef(
        url=url,
        label="",
        engine="",
        page_url=address(told.get("purl")),
        title=text(told.get("t")) or text(told.get("desc")),
        width=width,
        height=height,
        thumb_url=address(told.get("turl")),
        fallback_url=address(way.get("cdnurl")),
        key=key(told),
    )


def key(told: dict[str, Json]) -> str:
    """The first 48 bits of the picture's MD5, which `md5` and `cid` both spell; "" where neither is there.

    `cid` is base64 of exactly those bits on every captured page that has both.
    """
    digest = text(told.get("md5")).lower()
    if MD5.fullmatch(digest):
        return f"bing:{digest[:12]}"
    cid = text(told.get("cid"))
    return f"bing:{b64decode(cid).hex()}" if re.fullmatch(r"[0-9A-Za-z+/]{8}", cid) else ""


def sides(anchor: Tag, way: dict[str, str]) -> tuple[int, int]:
    """Width and height as the card's link or, failing that, the small print beside it says."""
    width, height = number(way.get("expw")), number(way.get("exph"))
    return (width, height) if width and height else printed_sides(anchor)


def printed_sides(anchor: Tag) -> tuple[int, int]:
    """The "1024 x 1359" printed beside the picture, (0, 0) where there is none."""
    home = anchor.find_parent(class_="iuscp")
    for tag in home.select("span.nowrap, [data-tooltip]") if home else ():
        found = SIDES.search(attribute(tag, "data-tooltip") or tag.get_text())
        if found:
            return int(found[1]), int(found[2])
    return 0, 0


def explicit(ref: ImageRef) -> bool:
    """Did Bing's own classifier put the thumbnail on its host for adult pictures? A hint, now and then wrong."""
    return bool(EXPLICIT.match(ref.thumb_url))
