"""Our filter words in Google's: names read from the filter menu of a page of 2024-08, and from peers."""

from __future__ import annotations

from urllib.parse import quote_plus

from imgtool.records import Filters
from scraper.engines.partition import HUES

SIZE = {"small": "isz:i", "medium": "isz:m", "large": "isz:l", "wallpaper": "isz:lt,islt:4mp"}
COLOUR = {"colour": "ic:color", "mono": "ic:gray"} | {hue: f"ic:specific,isc:{hue}" for hue in HUES.split()}
KIND = {
    "photo": "itp:photo",
    "clipart": "itp:clipart",
    "lineart": "itp:lineart",
    "animated": "itp:animated",
    "transparent": "ic:trans",
    "face": "itp:face",
}
AGE = {"day": "qdr:d", "week": "qdr:w", "month": "qdr:m", "year": "qdr:y"}
LICENCE = "sur:cl"  # Creative Commons; Google's menu has no finer choice since 2020
ASPECT = {"square": "s", "wide": "w", "tall": "t"}
SAFE = {"strict": "active", "moderate": "images", "off": "off"}


def steering(filters: Filters) -> str:
    """The parameters of a search beyond its words."""
    words = tbs(filters)
    aspect = ASPECT.get(filters.aspect, "")
    parts = (
        f"&safe={SAFE.get(filters.safe, 'active')}",
        market(filters.market),
        f"&tbs={words}" if words else "",
        f"&imgar={aspect}" if aspect else "",
    )
    return "".join(parts)


def tbs(filters: Filters) -> str:
    """The value of Google's `tbs`."""
    words = (
        SIZE.get(filters.size, ""),
        COLOUR.get(filters.colour, "") if filters.kind != "transparent" else "",  # both are `ic`
        KIND.get(filters.kind, ""),
        AGE.get(filters.age, ""),
        LICENCE if filters.licence else "",
    )
    return ",".join(word for word in words if word)


def market(name: str) -> str:
    """The country to search from; the page's own language stays English."""
    country = name.partition("-")[2]
    return f"&gl={quote_plus(country.lower())}" if country else ""
