"""Saved pages: a result page of Bing or Google by that engine's own reader, any other by its pictures and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from imgtool.records import Query
from scraper import loose
from scraper.engines import ENGINES
from scraper.engines.api import fields_of
from scraper.engines.base import Page, Verdict
from scraper.engines.markup import attribute, tree
from scraper.lists.entries import BadLine, Entry, Maker
from scraper.reply import Reply
from scraper.urls import canonical

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# What a page of theirs holds, answers that hold no pictures among them: those have a reason to tell.
MARKS = {
    "bing": re.compile(r"\biusc\b|\bdgControl\b|mmComponent_images|\bdg_u\b|\.bing\.com/images/"),
    "google": re.compile(
        r"encrypted-tbn\d\.gstatic\.com|\brg_meta\b|/imgres\?imgurl=|- Google Search</title>|unescapedUrl|"
        r"/httpservice/retry/enablejs|captcha-form|websearch/answer/16515119"
    ),
}
HOMES = {"bing": "https://www.bing.com", "google": "https://www.google.com"}
LAZY = ("data-src", "data-original", "data-lazy-src", "data-full", "src")

_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_TITLE = re.compile(r"<title>([^<]{1,200}) - [^<-]{1,50}</title>")  # "red fox - Search Images"
_BETWEEN = re.compile(r"(?<=\d[wx]),|,\s+")  # two candidates of a srcset; addresses may hold commas
_DESCRIPTOR = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)[wx]")
_PICTURE = re.compile(r"\.(?:jpe?g|jfif|png|webp|gif|avif|bmp|tiff?)(?:[?#].*)?$", re.IGNORECASE)
_LOCAL = re.compile(r"(?:\./)?[^/:?#]+_files/|cid:", re.IGNORECASE)  # where a browser puts its copies


def page(text: str, maker: Maker, hint: str = "", home: str = "") -> Iterator[Entry]:
    """The pictures of a page that came from `home`, or from where it says it did."""
    saved = _SAVED.search(text[:4096])
    home = home or (saved[1] if saved else "")
    engine = hint or recognised(text)
    if engine in ENGINES:
        read = answer(engine, text, home, maker)
        yield from told(engine, read)
        if hint or read.verdict is not Verdict.LAYOUT_CHANGED:
            return
    yield from pictures(text, home, maker)


def recognised(text: str) -> str:
    """Whose result page it is; "" = nobody's that we know."""
    return next((name for name, marks in MARKS.items() if marks.search(text)), "")


def answer(engine: str, text: str, url: str, maker: Maker, status: int = 200) -> Page:
    """What an engine's reader makes of its own answer."""
    titled = _TITLE.search(text[:65_536])
    words = fields_of(url.partition("#")[0]).get("q") or (loose.plain(titled[1]) if titled else "") or maker.label
    ask = ENGINES[engine].first(Query(maker.label, words), HOMES.get(engine, "https://engine.invalid"))
    ask = replace(ask, state={"vqd": ""})  # what DuckDuckGo's results are told from its first page by
    return ENGINES[engine].read(ask, Reply(status, url or ask.url, body=text.encode("utf-8", "replace")))


def told(engine: str, read: Page) -> Iterator[Entry]:
    """An engine's page as entries: never without either a picture or a reason."""
    yield from read.refs
    if not read.refs or read.verdict is not Verdict.OK:
        yield BadLine(0, f"{engine}: {read.verdict.value}" + (f" ({read.detail})" if read.detail else ""))


def pictures(text: str, home: str, maker: Maker) -> Iterator[Entry]:
    """Every picture shown or linked, at its best, once."""
    soup = tree(text)
    base = urljoined(home, attribute(soup.select_one("base[href]"), "href")) or home
    homeless, seen = 0, set[str]()
    for number, (raw, title) in enumerate(_named(soup), 1):
        url = urljoined(base, raw)
        if url and canonical(url) not in seen:
            yield maker.entry(number, {"url": url, "title": title, "pageurl": home})
        homeless += not url
        seen.add(canonical(url))
    if homeless:
        yield BadLine(0, f"{homeless} relative addresses, and the page does not say where it came from")
    if not seen:
        yield BadLine(0, "no pictures in the page")


def urljoined(base: str, raw: str) -> str:
    """An absolute address; "" if it cannot be told."""
    raw = raw.strip()
    try:
        url = urljoin(base, raw)
    except ValueError:
        return ""
    return url if url.lower().startswith(("http:", "https:", "//", "data:")) else ""


def _named(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Addresses as written, with a title: of the picture that a link leads to, else of the picture shown."""
    for tag in soup.select("img, picture source, a[href]"):
        if tag.name == "a":
            raw = attribute(tag, "href") if _PICTURE.search(attribute(tag, "href")) else ""
        else:
            raw = "" if _PICTURE.search(attribute(tag.find_parent("a"), "href")) else _best(tag)
        if raw and not _LOCAL.match(raw):
            yield raw, attribute(tag, "alt") or attribute(tag, "title")


def _best(tag: Tag) -> str:
    widest = _widest(attribute(tag, "data-srcset") or attribute(tag, "srcset"))
    return widest or next(filter(None, (attribute(tag, name) for name in LAZY)), "")


def _widest(srcset: str) -> str:
    """The candidate with the largest width or density."""
    candidates = [part.split() for part in _BETWEEN.split(srcset) if part.strip()]
    return max(candidates, key=_width)[0] if candidates else ""


def _width(candidate: list[str]) -> float:
    told = _DESCRIPTOR.fullmatch(candidate[-1]) if len(candidate) > 1 else None
    return float(told[1]) if told else 1.0
