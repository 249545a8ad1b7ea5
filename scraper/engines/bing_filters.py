"""Our filter words in Bing's: names read from the filter bar of a page of 2026-04."""

from __future__ import annotations

from imgtool.records import Filters
from scraper.engines.partition import HUES

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

PUBLIC = frozenset({"cc0", "pdm"})
CREATIVE = frozenset({"by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"})
DEMANDS = {  # what the licence must allow
    "commercial": PUBLIC | {"by", "by-sa", "by-nd"},
    "modify": PUBLIC | {"by", "by-sa", "by-nc", "by-nc-sa"},
}
MENU = {  # widest first; Bing's own groups, and what may be in each
    "license-L2_L3_L4_L5_L6_L7": CREATIVE,
    "license-L2_L3_L5_L6": frozenset({"by", "by-sa", "by-nc", "by-nc-sa"}),
    "license-L2_L3_L4": frozenset({"by", "by-sa", "by-nd"}),
    "license-L2_L3": frozenset({"by", "by-sa"}),
    "license-L1": PUBLIC,
}
ANY = "licenseType-Any"


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


def licence(asked: tuple[str, ...]) -> str:
    """The widest of Bing's groups that keeps to the licences asked for, else the narrowest that has them all."""
    if not asked:
        return ""
    wanted = allowed(asked)
    if wanted == PUBLIC | CREATIVE:
        return ANY
    inside = [name for name, group in MENU.items() if group <= wanted]
    around = [name for name, group in reversed(MENU.items()) if group >= wanted]
    return next(iter(inside + around), ANY)


def allowed(asked: tuple[str, ...]) -> frozenset[str]:
    """The licences that a request accepts: those it names, cut down to what it demands of them."""
    every = PUBLIC | CREATIVE
    named = {name for word in asked for name in (PUBLIC if word == "public" else {word})} & every
    wanted = frozenset(named or every)
    for word, group in DEMANDS.items():
        wanted = wanted & group if word in asked else wanted
    return wanted
