"""Text in, a tree to select from out: the only doorway to BeautifulSoup, and never a surprise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

PROLOG = "<?xml"  # XHTML pages announce themselves as XML; BeautifulSoup would warn that we read them as HTML


def tree(text: str) -> BeautifulSoup:
    """The page as a tree; an empty tree for what is no markup at all."""
    from bs4 import BeautifulSoup, ParserRejectedMarkup  # late: the engines' table is read by `imgtool --help`

    try:
        return BeautifulSoup("<html>" + text.replace(PROLOG, "<!"), "lxml")
    except ParserRejectedMarkup:
        return BeautifulSoup("<html>", "lxml")


def attribute(tag: Tag | None, name: str) -> str:
    """An attribute, unescaped once; "" where the tag or the attribute is missing."""
    value = tag.get(name) if tag is not None else None
    return value if isinstance(value, str) else ""
