"""Values read out of other people's JSON, HTML and tables, where any of them may be missing or of another type."""

from __future__ import annotations

import json
import math
import re
from html import unescape
from typing import TypeAlias

from imgtool.records import Refusal
from scraper.urls import clean, is_data

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

LONGEST = 500  # characters of a title or a name; the rest is somebody's essay
LARGEST = 1_000_000  # pixels of a side; more is a slip

_TAG = re.compile(r"<[^<>]{0,2000}>")
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_UNSEEN = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000\ue001]+")  # turn text round, or Bing's hit marks


def load(text: str) -> Json:
    """JSON read; None for what is no JSON, or is nested beyond reason."""
    try:
        read: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read


def table(value: Json) -> dict[str, Json]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Json) -> list[dict[str, Json]]:
    """The objects among a list's members, or an object's values."""
    members = list(value.values()) if isinstance(value, dict) else value
    return [row for row in members if isinstance(row, dict)] if isinstance(members, list) else []


def text(value: object) -> str:
    """Words on one line, without control signs, of bounded length; "" for what is not words."""
    if value == "" or isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return " ".join(_ODD.sub(" ", _UNSEEN.sub("", str(value)[: 4 * LONGEST])).split())[:LONGEST]


def plain(value: object) -> str:
    """Words without the HTML they came in."""
    if not isinstance(value, str) or not value:
        return text(value)
    return text(unescape(_TAG.sub(" ", value[: 8 * LONGEST])))


def number(value: object) -> int:
    """A whole number ≥ 0; 0 for anything else."""
    if isinstance(value, str) and len(value) < 12 and value.strip().isascii() and value.strip().isdigit():
        return min(int(value), LARGEST)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return 0
    return max(0, min(int(value), LARGEST))


def address(value: object) -> str:
    """An address that can be asked for, cleaned; "" for anything else."""
    if not isinstance(value, str) or not value or is_data(value.lstrip()[:5]):
        return ""
    url = clean(value)
    return "" if isinstance(url, Refusal) else url
