"""HAR: what a browser fetched. Result pages of Bing and Google are read as such, pictures as themselves."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from scraper import loose
from scraper.lists.entries import BadLine, Entry, Maker
from scraper.lists.pages import answer, told

# Whose answer a request was for, by host and path.
ANSWERS = {
    "bing": re.compile(r"(?:[\w-]+\.)*bing\.com/images/(?:search|async)\b"),
    "google": re.compile(r"(?:[\w-]+\.)*google(?:\.[a-z]{2,3}){1,2}/(?:search|wml/search|cse/element)\b"),
}
# Where those two keep the small copies that their own pages show.
_THUMBS = re.compile(r"(?:encrypted-tbn\d\.gstatic\.com|(?:t[hs]e?\d*\.)?(?:mm\.|explicit\.)?bing\.(?:net|com))$")

Row = dict[str, loose.Json]


def har(text: str, maker: Maker) -> Iterator[Entry]:
    """The pictures of a recording, in its order; a recording without any says so."""
    entries = loose.rows(loose.table(loose.table(loose.load(text)).get("log")).get("entries"))
    answers = [whose(_url(entry)) for entry in entries]
    none = True
    for number, (entry, engine) in enumerate(zip(entries, answers, strict=True), 1):
        body = _body(entry) if engine else ""
        if body:
            none = False
            yield from told(engine, answer(engine, body, _url(entry), maker, _status(entry)))
        elif _is_picture(entry) and not (any(answers) and _THUMBS.match(urlsplit(_url(entry)).hostname or "")):
            none = False
            yield maker.entry(number, {"url": _url(entry), "pageurl": _referrer(entry)})
    if none:
        yield BadLine(0, "no pictures in the recording" if entries else "no recording (HAR) of any request")


def whose(url: str) -> str:
    """The engine whose answer a request was for; "" = none."""
    place = url.partition("://")[2].partition("?")[0]
    return next((name for name, form in ANSWERS.items() if form.match(place)), "")


def _is_picture(entry: Row) -> bool:
    mime = loose.text(_content(entry).get("mimeType")).lower()
    return mime.startswith("image/") and _status(entry) in {0, 200, 206, 304} and bool(_url(entry))


def _url(entry: Row) -> str:
    return loose.address(loose.table(entry.get("request")).get("url"))


def _status(entry: Row) -> int:
    return loose.number(loose.table(entry.get("response")).get("status"))


def _content(entry: Row) -> Row:
    return loose.table(loose.table(entry.get("response")).get("content"))


def _body(entry: Row) -> str:
    """The answer's text; "" where the recording left it out."""
    content = _content(entry)
    written = content.get("text")
    if not isinstance(written, str) or content.get("encoding") != "base64":
        return written if isinstance(written, str) else ""
    try:
        return base64.b64decode(written).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _referrer(entry: Row) -> str:
    headers = loose.rows(loose.table(entry.get("request")).get("headers"))
    named = (row.get("value") for row in headers if loose.text(row.get("name")).lower() == "referer")
    return loose.address(next(named, ""))
