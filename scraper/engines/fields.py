"""Values of a stranger's JSON and addresses, made safe: whatever comes in, text, a number or a link goes out."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

HIT_MARKS = dict.fromkeys((0xE000, 0xE001))  # Bing wraps the query's words in these private characters
LARGEST = 6  # digits of a picture's side; more is no size


def text(value: object) -> str:
    """A string one can store: no private marks, no lone surrogates, no outer white space; "" for no string."""
    if not isinstance(value, str):
        return ""
    return value.translate(HIT_MARKS).encode("utf-8", "replace").decode("utf-8").strip()


def link(value: object) -> str:
    """A web address, or "" for anything else (`data:`, `x-raw-image:` …). Its host is vetted later."""
    address = text(value)
    return address if address.lower().startswith(("http://", "https://")) else ""


def number(value: object) -> int:
    """A side in pixels, from a number or its digits; 0 = not said."""
    digits = str(value)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LARGEST else 0


def params(address: str) -> dict[str, str]:
    """The query of an address, the first value of each name."""
    query = address.partition("?")[2].partition("#")[0]
    return dict(reversed(parse_qsl(query)))


def parsed(source: str) -> object:
    """The JSON in a text, None if it is none."""
    try:
        return json.loads(source)
    except (ValueError, RecursionError):
        return None


def record(value: object) -> dict[str, object]:
    """A JSON object, empty if it is none."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """A JSON array, empty if it is none."""
    return value if isinstance(value, list) else []
