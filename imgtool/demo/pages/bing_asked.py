"""A request to Bing, read: its words, its filters in ours, where its page begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from imgtool.records import Filters

SIZES = {"small", "medium", "large", "wallpaper"}
STYLES = {"photo": "photo", "clipart": "clipart", "linedrawing": "lineart", "animatedgif": "animated"}
AGES = {"lt1440": "day", "lt10080": "week", "lt43200": "month", "lt525600": "year"}
TONES = {"color": "colour", "bw": "mono"}
LEVELS = {"L1": ("cc0", "pdm"), "L2": ("by",), "L3": ("by-sa",), "L4": ("by-nd",)} | {
    "L5": ("by-nc",),
    "L6": ("by-nc-sa",),
    "L7": ("by-nc-nd",),
}


@dataclass(frozen=True, slots=True)
class Search:
    """A request to Bing, read."""

    text: str
    filters: Filters
    first: int
    qft: str

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Search:
        """The request behind an address."""
        first = fields.get("first", "1")
        market = fields.get("mkt", "")
        filters = filters_of(fields.get("qft", ""), market)
        return cls(fields.get("q", ""), filters, int(first) if first.isdecimal() else 1, fields.get("qft", ""))


def filters_of(qft: str, market: str = "") -> Filters:
    """The words of a `qft`, in ours."""
    told: dict[str, Any] = {"market": market}
    for word in qft.replace("+", " ").split():
        name, _, value = word.removeprefix("filterui:").partition("-")
        told |= READ[name](value) if name in READ else {}
    return Filters(**told)


READ: dict[str, Callable[[str], dict[str, Any]]] = {
    "imagesize": lambda value: {"size": value} if value in SIZES else {},
    "color2": lambda value: {"colour": TONES.get(value, value.removeprefix("FGcls_").lower())},
    "photo": lambda value: {"kind": STYLES.get(value, value)},
    "face": lambda _: {"kind": "face"},
    "aspect": lambda value: {"aspect": value},
    "age": lambda value: {"age": AGES[value]} if value in AGES else {},
    "licenseType": lambda _: {"licence": ("any",)},
    "license": lambda value: {"licence": tuple(code for level in value.split("_") for code in LEVELS.get(level, ()))},
}
