"""Saved JSON answers: whose it is, by what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scraper import loose
from scraper.lists.entries import BadLine, Entry, Maker
from scraper.lists.pages import answer, recognised, told
from scraper.lists.tables import records

# What stands at the top of an answer.
SIGNS: dict[str, frozenset[str]] = {
    "flickr": frozenset({"photos", "stat"}),
    "wikimedia": frozenset({"query", "batchcomplete"}),
    "openverse": frozenset({"results", "result_count"}),
    "duckduckgo": frozenset({"results", "query"}),
}

# Baidu writes addresses in a cipher: three groups for the signs, then letters and digits one for one.
_GROUPS = {"_z2C$q": ":", "_z&e3B": ".", "AzdH3F": "/"}
_LETTERS = str.maketrans("wkv1ju2it3hs4g5rq6fp7eo8dn9cm0bla", "abcdefghijklmnopqrstuvw1234567890")


def document(text: str, maker: Maker) -> Iterator[Entry]:
    """A JSON document: an engine's answer, or rows."""
    value = loose.load(text)
    engine = recognised(text) or whose(value)
    if engine:
        yield from told(engine, answer(engine, text, "", maker))
        return
    rows = [plainly(row) for row in records(value) if row]
    yield from (maker.entry(number, row) for number, row in enumerate(rows, 1))
    if not rows:
        yield BadLine(0, "no JSON that names a picture")


def whose(value: loose.Json) -> str:
    """The engine that answers so; "" = none that we know."""
    top = loose.table(value).keys()
    return next((name for name, signs in SIGNS.items() if signs <= top), "")


def plainly(row: Mapping[str, object]) -> Mapping[str, object]:
    """A row of Baidu's with its addresses deciphered; any other as it is."""
    picture = row.get("objurl")
    if not isinstance(picture, str):
        return row
    page = row.get("fromurl")
    return {
        "url": deciphered(picture),
        "pageurl": deciphered(page) if isinstance(page, str) else "",
        "title": row.get("frompagetitle"),
        "width": row.get("width"),
        "height": row.get("height"),
        "thumburl": row.get("thumburl"),
    }


def deciphered(text: str) -> str:
    """An address out of Baidu's cipher; one in plain text stays."""
    if "://" in text:
        return text
    for group, sign in _GROUPS.items():
        text = text.replace(group, sign)
    return text.translate(_LETTERS)
