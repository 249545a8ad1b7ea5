"""Every form Google has given pictures in: a text in, the pictures it names out.

One walker reads the inner array, the same from the `ds:1` data of 2020 to the `udm=2` pages of today. Beside it
stand the `/imgres` links, the `rg_meta` records of 2016 and two JSON interfaces. Each is tried on every text and
on the texts inside its JSON, so that one reader serves a live answer, a page saved by a browser and an old file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from imgtool.records import ImageRef
from scraper.engines.api import fields_of
from scraper.engines.markup import attribute, tree
from scraper.loose import Json, address, load, number, rows, table, text

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

INNER = re.compile(r'\[\s*0\s*,\s*"[^"\\]{1,64}"\s*,\s*\[\s*"https?:[^"]{0,8}encrypted-tbn')
MOST = 2000  # inner arrays of one text; a page has 100, and a hostile one could cost a parse for each
GUARD = re.compile(r"[{\[]")  # where JSON begins, behind )]}', a length or a callback's name
NOTES = 16  # items of an inner array among which its notes are; a page of 2024 has them tenth
PREFACE = 200  # characters in which it must begin
DECODER = json.JSONDecoder()
PAGE, SHORT = "2003", "2008"  # among an inner array's notes: the page it is on, its short title
THUMBS = "https://encrypted-tbn0.gstatic.com/images?q=tbn:"


def pictures(source: str) -> tuple[ImageRef, ...]:
    """The pictures a text names, each address once, as its richest form tells it."""
    value = unwrapped(source)
    inside = [part for part in strings(value) if "encrypted-tbn" in part or "rg_meta" in part]
    found: dict[str, ImageRef] = {}
    for ref in (*interface(value), *(ref for part in (source, *inside) for ref in scripted(part))):
        found.setdefault(ref.url, ref)
    return tuple(found.values())


def unwrapped(source: str) -> Json:
    """The JSON of an answer, out of its guard or callback; None for markup."""
    start = GUARD.search(source.removeprefix(")]}'")[:PREFACE])
    if start is None or source.lstrip().startswith("<"):
        return None
    try:
        value: Json = DECODER.raw_decode(source.removeprefix(")]}'"), start.start())[0]
    except (ValueError, RecursionError):
        return None
    return value


def strings(value: Json) -> Iterator[str]:
    """Every text in a JSON value, at any depth, in order."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting.extend(reversed(part.values()))
        elif isinstance(part, list):
            waiting.extend(reversed(part))


def scripted(source: str) -> Iterator[ImageRef]:
    """The pictures of a page: its scripts' inner arrays, then what its markup holds."""
    yield from (ref for row in arrays(source) if (ref := inner(row)))
    readers = [reader for mark, reader in MARKS.items() if mark in source]
    if readers:
        page = tree(source)
        yield from (ref for reader in readers for ref in reader(page))


def arrays(source: str) -> Iterator[Json]:
    """The inner arrays of a script; their escapes are JSON's own."""
    for start in islice(INNER.finditer(source), MOST):
        try:
            yield DECODER.raw_decode(source, start.start())[0]
        except (ValueError, RecursionError):  # cut off in the middle
            continue


def inner(row: Json) -> ImageRef | None:
    """`[0, id, [thumb, h, w], [url, h, w], …, {notes}]`: height comes before width."""
    _, key, thumb, picture = padded(row, 4)
    url, height, width = padded(picture, 3)
    notes = next((part for part in padded(row, NOTES) if isinstance(part, dict)), {})
    _, _, page, title = padded(notes.get(PAGE), 4)
    _, short = padded(notes.get(SHORT), 2)
    return shown(url, page, text(title) or short, (width, height), padded(thumb, 1)[0], key)


def padded(value: Json, length: int) -> list[Json]:
    """The first items of a JSON array, None for those that are not there."""
    members = value if isinstance(value, list) else []
    return (members + [None] * length)[:length]


def anchors(page: BeautifulSoup) -> Iterator[ImageRef]:
    """The `/imgres` links: on old and feature-phone pages, and on today's once hovered."""
    for tag in page.select('a[href*="/imgres?"]'):
        told = fields_of(attribute(tag, "href"))
        name = text(told.get("tbnid")).rstrip(":")
        ref = shown(
            told.get("imgurl"),
            told.get("imgrefurl"),
            attribute(tag.select_one("img[alt]"), "alt"),
            (told.get("w"), told.get("h")),
            THUMBS + name if name else "",
            name,
        )
        yield from (ref,) if ref else ()


def metas(page: BeautifulSoup) -> Iterator[ImageRef]:
    """The `rg_meta` records of 2016 to 2020."""
    for tag in page.select(".rg_meta"):
        told = table(load(tag.get_text()))
        size = (told.get("ow"), told.get("oh"))
        ref = shown(told.get("ou"), told.get("ru"), told.get("pt"), size, told.get("tu"), told.get("id"))
        yield from (ref,) if ref else ()


MARKS: dict[str, Callable[[BeautifulSoup], Iterator[ImageRef]]] = {"/imgres?": anchors, "rg_meta": metas}


def interface(value: Json) -> Iterator[ImageRef]:
    """The pictures of a JSON interface: the search element's `results`, the app's `ischj`."""
    answer = table(value)
    yield from (ref for part in rows(answer.get("results")) if (ref := element(part)))
    yield from (ref for part in rows(table(answer.get("ischj")).get("metadata")) if (ref := app(part)))


def element(told: dict[str, Json]) -> ImageRef | None:
    """A result of the search element for one's own site."""
    size = (told.get("width"), told.get("height"))
    title = text(told.get("titleNoFormatting")) or told.get("title")
    url = told.get("unescapedUrl") or told.get("url")
    return shown(url, told.get("originalContextUrl"), title, size, told.get("tbUrl"), told.get("imageId"))


def app(told: dict[str, Json]) -> ImageRef | None:
    """A result of the phone app's JSON; no such answer has been seen since July 2026."""
    about, original = table(told.get("result")), table(told.get("original_image"))
    size = (original.get("width"), original.get("height"))
    thumb = table(told.get("thumbnail")).get("url")
    return shown(original.get("url"), about.get("referrer_url"), about.get("page_title"), size, thumb, "")


def shown(
    url: object, page: object, title: object, size: tuple[object, object], thumb: object, key: object
) -> ImageRef | None:
    """A reference from a stranger's values; None without a web address."""
    where, name = address(url), text(key).rstrip(":")
    if not where:
        return None
    return ImageRef(
        url=where,
        label="",
        engine="",
        page_url=address(page),
        title=text(title),
        width=number(size[0]),
        height=number(size[1]),
        thumb_url=address(thumb),
        key=f"google:{name}" if name else "",
    )
