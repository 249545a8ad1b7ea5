"""Our filter words in Bing's: names read from the filter bar of a page of 2026-04."""

from __future__ import annotations

from imgtool.records import Filters
from scraper.engines.partition import HUES
from scraper.licences import widest_class

SIZE = {word: f"imagesize-{word}" for word in ("small", "medium", "large", "wallpaper")}
COLOUR = {"colour": "color2-color", "mono": "color2-bw"} | {hue: f"color2-FGcls_{hue.upper()}" for hue in HUES.split()}
KIND = {
    "photo": "photo-photo",
    "clipart": "photo-clipart",
    "lineart": "photo-linedrawing",
    "animated": "photo-animatedgif",
    "transparent": "photo-transparent",
    "face": "face-face",
}
ASPECT = {word: f"aspect-{word}" for word in ("square", "wide", "tall")}
AGE = {"day": "age-lt1440", "week": "age-lt10080", "month": "age-lt43200", "year": "age-lt525600"}  # minutes
SAFE = {"strict", "moderate", "off"}

LICENCE = {
    "filter: any": "licenseType-Any",
    "filter: public": "license-L1",
    "filter: share": "license-L2_L3_L4_L5_L6_L7",
    "filter: share commercially": "license-L2_L3_L4",
    "filter: modify": "license-L2_L3_L5_L6",
    "filter: modify commercially": "license-L2_L3",
}


def qft(filters: Filters) -> str:
    """The value of Bing's `qft`, colons and pluses literal: an escaped colon was seen to be ignored."""
    words = (
        SIZE.get(filters.size, ""),
        COLOUR.get(filters.colour, ""),
        KIND.get(filters.kind, ""),
        ASPECT.get(filters.aspect, ""),
        AGE.get(filters.age, ""),
        licence(filters.licence),
    )
    return "".join(f"+filterui:{word}" for word in words if word)


def licence(wanted: tuple[str, ...]) -> str:
    """The widest of Bing's groups that holds nothing unwanted; any licence where every group does."""
    return LICENCE[widest_class(wanted) or "filter: any"] if wanted else ""
