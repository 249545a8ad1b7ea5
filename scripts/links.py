"""What is wrong with a site that was built: links that lead nowhere, and anything that is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FOLLOWED = {("a", "href"), ("area", "href")}  # whatever else has an address is loaded
ABROAD = re.compile(r"(?:url\(|@import )\s*['\"]?(?:https?:)?//")


class Page(HTMLParser):
    """The addresses on a page, and the places that can be pointed to."""

    def __init__(self) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.addresses: list[tuple[str, bool]] = []  # and whether it is loaded

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag names."""
        for name, value in attrs:
            if name in {"id", "name"} and value:
                self.places.add(value)
            if name in {"href", "src", "poster", "data"} and value:
                self.addresses.append((value, (tag, name) not in FOLLOWED))


def faults(site: Path) -> Iterator[str]:
    """A line for each."""
    pages = {path.resolve(): parse(path) for path in site.rglob("*.html") if path.name != "404.html"}
    for path, page in pages.items():
        for address, loaded in page.addresses:
            if said := fault(path, address, loaded, pages):
                yield f"{path.relative_to(site.resolve())}: {said} {address}"
    for path in site.rglob("*.css"):
        if ABROAD.search(path.read_text("utf-8")):
            yield f"{path.relative_to(site)}: loads from elsewhere"


def fault(path: Path, address: str, loaded: bool, pages: dict[Path, Page]) -> str:
    """What is wrong with an address of a page; "" = nothing."""
    where = urlsplit(address)
    if where.scheme or where.netloc:
        return "loads" if loaded and where.scheme != "data" else ""
    target = (path.parent / unquote(where.path)).resolve() if where.path else path
    if not target.is_file():
        return "no file"
    known = target not in pages or not where.fragment or unquote(where.fragment) in pages[target].places
    return "" if known else "no such place"


def parse(path: Path) -> Page:
    """The page, read."""
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page
