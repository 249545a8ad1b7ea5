"""Figures of a report as one reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from classify.nouns import Card

TOLD = frozenset({"route", "head", "net", "kfold", "stopped"})  # of the card: told elsewhere on the page


def lessons(card: Card) -> dict[str, str]:
    """How it learnt, as its card keeps it; what was left to itself is not told."""
    given = {name: value for name, value in card.learning.items() if name not in TOLD}
    inner = [each for each in given.values() if isinstance(each, Mapping)]
    flat = {name: value for name, value in given.items() if not isinstance(value, Mapping)}
    for each in inner:
        flat |= {str(name): value for name, value in each.items()}
    return {spaced(name): amount(value) for name, value in flat.items() if value not in (None, "", 0, [], ())}


def spaced(name: str) -> str:
    """A field's name as words."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def amount(value: object) -> str:
    """A value as one reads it."""
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, list | tuple):
        return ", ".join(map(amount, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def clock(seconds: float) -> str:
    """A duration as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def percent(share: float | None, digits: int = 0) -> str:
    """A share in hundredths; a dash where there is none. What rounds to all or none says so only when it is."""
    if share is None or math.isnan(share):
        return "–"
    while digits < 4 and 0 < share < 1 and round(share * 100, digits) in (0, 100):
        digits += 1
    return f"{share * 100:.{digits}f}\u00a0%"  # never parted at a line's end
