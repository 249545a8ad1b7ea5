"""What kind of list is this? Its first bytes decide, its name helps."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath

from scraper import loose
from scraper.lists.entries import KNOWN, column
from scraper.lists.lines import encoding

HEAD = 64 * 1024  # bytes that are looked at
DELIMITERS = ("\t", ",", ";", "|")

_HAR = re.compile(r'\{\s*"log"\s*:')
_MHTML = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?content-type:\s*multipart/related", re.IGNORECASE)
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))


class Kind(StrEnum):
    """The kinds that are read."""

    TEXT = "text"
    TABLE = "table"
    JSONL = "jsonl"
    JSON = "json"
    HAR = "har"
    PAGE = "page"
    MHTML = "mhtml"
    PARQUET = "parquet"
    BINARY = "binary"  # none of ours


SUFFIXES = {
    ".csv": Kind.TABLE,
    ".tsv": Kind.TABLE,
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".har": Kind.HAR,
}


def kind_of(name: str, head: bytes) -> Kind:
    """The kind of the file of that name that begins so."""
    suffix = PurePath(name).suffix.lower()
    text = head.decode(encoding(head), "replace").lstrip()
    if head.startswith(b"PAR1") or suffix == ".parquet":
        return Kind.PARQUET
    if _is_binary(head):
        return Kind.BINARY
    if text.startswith("<"):
        return Kind.PAGE
    if text.startswith(("{", "[")):
        return _json(suffix, text)
    if _MHTML.match(text):
        return Kind.MHTML
    return SUFFIXES.get(suffix, Kind.TABLE if delimiter_of(_first_line(text)) else Kind.TEXT)


def delimiter_of(header: str) -> str:
    """What stands between the columns of a header that names an address; "" if it is no such header."""
    for delimiter in DELIMITERS:
        if KNOWN & {column(cell.strip('"')) for cell in header.split(delimiter)}:
            return delimiter
    return ""


def _is_binary(head: bytes) -> bool:
    if encoding(head) != "utf-8-sig":
        return False
    return len(head) - len(head.translate(None, _CONTROL)) > len(head) / 20


def _json(suffix: str, text: str) -> Kind:
    if _HAR.match(text):
        return Kind.HAR
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    lines = text.rstrip().splitlines()[:20]
    objects = [isinstance(loose.load(line), dict) for line in lines]
    return Kind.JSONL if text[0] == "{" and len(lines) > 1 and any(objects) else Kind.JSON


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")
