"""What a setting may be: a rule reads a raw value (TOML, environment, flag) or says what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
UNITS = {"": 1, "b": 1, "kib": 2**10, "mib": 2**20, "gib": 2**30, "kb": 10**3, "mb": 10**6, "gb": 10**9}


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """What is allowed, in words, and the reader that raises ValueError for anything else."""

    allowed: str
    read: Callable[[object], T]
    private: bool = False  # a bad value is not shown in messages: it may hold a password


def deny() -> ValueError:
    """The one way a reader says no; the words are the rule's."""
    return ValueError("not allowed")


def switch() -> Rule[bool]:
    """True or false, in the usual spellings."""

    def read(raw: object) -> bool:
        word = str(raw).strip().lower()
        if word not in TRUE | FALSE:
            raise deny()
        return word in TRUE

    return Rule("true or false", read)


def whole(least: int, most: int) -> Rule[int]:
    """An integer between two bounds, both allowed."""

    def read(raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int | str):
            raise deny()
        value = int(raw)
        if not least <= value <= most:
            raise deny()
        return value

    return Rule(f"a whole number from {least} to {most}", read)


def number(least: float, most: float) -> Rule[float]:
    """A number between two bounds, both allowed."""

    def read(raw: object) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            raise deny()
        value = float(raw)
        if not least <= value <= most:  # NaN is not between anything
            raise deny()
        return value

    return Rule(f"a number from {least:g} to {most:g}", read)


def amount(least: int, most: int) -> Rule[int]:
    """A number of bytes: 33554432 or "32 MiB"."""

    def read(raw: object) -> int:
        found = re.fullmatch(r"(\d+)\s*([A-Za-z]*)", str(raw).strip())
        if isinstance(raw, bool) or not found or found[2].lower() not in UNITS:
            raise deny()
        value = int(found[1]) * UNITS[found[2].lower()]
        if not least <= value <= most:
            raise deny()
        return value

    return Rule(f'bytes from {least} to {most}, also as "32 MiB"', read)


def one_of(words: Iterable[str], *, blank: bool = False) -> Rule[str]:
    """One word of a list; `blank` also allows to leave it open."""
    known = tuple(words)

    def read(raw: object) -> str:
        word = str(raw).strip().lower()
        if word not in known and not (blank and word == ""):
            raise deny()
        return word

    return Rule(f"one of {', '.join(known)}" + (' or ""' if blank else ""), read)


def some_of(words: Iterable[str]) -> Rule[tuple[str, ...]]:
    """Several words of a list: a TOML array, or one text with commas."""
    known = tuple(words)

    def read(raw: object) -> tuple[str, ...]:
        parts = raw if isinstance(raw, list | tuple) else str(raw).split(",")
        chosen = tuple(dict.fromkeys(str(part).strip().lower() for part in parts if str(part).strip()))
        if not set(chosen) <= set(known):
            raise deny()
        return chosen

    return Rule(f"any of {', '.join(known)}, separated by commas", read)


def line(pattern: str, words: str) -> Rule[str]:
    """One line of text that matches a pattern."""

    def read(raw: object) -> str:
        if not isinstance(raw, str) or not re.fullmatch(pattern, raw.strip()):
            raise deny()
        return raw.strip()

    return Rule(words, read)


def address() -> Rule[str]:
    """The root of a web server, without a slash at its end."""

    def read(raw: object) -> str:
        parts = urlsplit(str(raw).strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise deny()
        if parts.query or parts.fragment or re.search(r"[\x00-\x20\x7f]", str(raw).strip()):
            raise deny()
        return str(raw).strip().rstrip("/")

    return Rule("http://… or https://…, without user, query or fragment", read)


def doorway() -> Rule[str]:
    """A proxy's address, which may hold a password."""

    def read(raw: object) -> str:
        text = str(raw).strip()
        parts = urlsplit(text)
        whole_line = not re.search(r"[\x00-\x20\x7f]", text)
        if text and not (parts.scheme in {"http", "https"} and parts.hostname and whole_line):
            raise deny()
        return text

    return Rule('http://host:port, or "" for the one of the environment', read, private=True)
