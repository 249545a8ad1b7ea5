"""What is written under a picture: names with their shares, and a remark."""

from __future__ import annotations

from dataclasses import dataclass

JOINERS = frozenset("\u200c\u200d")  # many scripts need them to write a word
LONGEST = 200  # characters of a name or remark: no picture is wide enough for more


@dataclass(frozen=True, slots=True)
class Caption:
    """The lines under one picture, the likeliest name first."""

    rows: tuple[tuple[str, float], ...]  # a name, and a share from 0 to 1
    remark: str = ""
    sure: bool = True


def legible(text: str) -> str:
    """One line of any script; what cannot be seen, or turns a line around, is shown as its escape."""
    shown = text[:LONGEST]
    return "".join(sign if sign.isprintable() or sign in JOINERS else escape(sign) for sign in shown)


def escape(sign: str) -> str:
    """A character by its number, as Python writes it."""
    return sign.encode("unicode_escape").decode("ascii")


def percent(share: float) -> str:
    """A share as people say it; what is not quite all or nothing is never called so."""
    told = f"{100 * share:.1f}"
    if told == "100.0" and share < 1.0:
        return "> 99.9 %"
    return "< 0.1 %" if told == "0.0" and share > 0 else f"{told} %"
