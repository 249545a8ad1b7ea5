"""What a site says about use, read: headers and robots.txt lines in, its own words out where they say no.

Three ways of saying it are understood: `X-Robots-Tag: noai`, the TDM reservation protocol's `tdm-reservation: 1`, and
the preferences of IETF AIPREF and of Content Signals, `train-ai=n` or `ai-train=no`. The strictest statement wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scraper.reply import Headers

AGENT = "imgtool"  # the name that sites may address us by
NOS = frozenset({"noai", "noimageai", "noindex", "noimageindex", "none"})
VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
# What preferences call the use of pictures to learn from: today's words and those of earlier drafts.
LEARNING = frozenset({"train-ai", "ai-train", "train-genai", "genai", "ai", "tdm", "bots", "all"})
HEADERS = frozenset({"x-robots-tag", "tdm-reservation", "content-usage", "content-signal"})

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")  # RFC 9110; a date before the colon of its time is none


def opted_out(headers: Headers) -> str:
    """The header lines that ask not to be used, as they came; "" if none does."""
    spoken = [(name, value) for name, value in headers.lines if name in HEADERS]
    return "; ".join(f"{name}: {value[:200]}" for name, value in spoken if _says_no(name, value))


def prefers_not(preferences: str) -> bool:
    """Does a list like `train-ai=n, search=y` refuse learning?"""
    return any(name in LEARNING and value in {"n", "no"} for name, value in _pairs(preferences))


def _says_no(name: str, value: str) -> bool:
    if name == "x-robots-tag":
        return not NOS.isdisjoint(_directives(value.lower()))
    if name == "tdm-reservation":
        return value.strip() == "1"
    return prefers_not(value)


def _directives(value: str) -> Iterator[str]:
    """The directives of one X-Robots-Tag line that are meant for us."""
    for_us = True
    for part in value.split(","):
        name, colon, rest = (piece.strip() for piece in part.partition(":"))
        if not colon:
            directive = name
        elif name in VALUED or not _TOKEN.fullmatch(name):
            continue
        else:
            for_us, directive = name in {AGENT, "*"}, rest
        if for_us:
            yield directive


def _pairs(preferences: str) -> Iterable[tuple[str, str]]:
    for part in re.split(r"[,;\s]+", preferences.lower()):
        name, _, value = part.partition("=")
        yield name, value.strip('"')
