"""Foreign text made safe to show: titles, addresses and file names come from strangers."""

from __future__ import annotations

JOINERS = frozenset("\u200c\u200d")  # many scripts and most emoji need them, and they move nothing


def plain(text: str) -> str:
    """One line without control, direction or other unprintable characters; those are shown as escapes."""
    return "".join(char if char.isprintable() or char in JOINERS else _escape(char) for char in text)


def _escape(char: str) -> str:
    if char in "\u00a0\u202f\u3000" or "\u2000" <= char <= "\u200a":
        return " "  # wide, narrow and fixed blanks
    return char.encode("unicode_escape").decode("ascii")


def short(text: str, most: int) -> str:
    """At most so many characters, with a sign where the rest was."""
    return text if len(text) <= most else text[: most - 1] + "…"
