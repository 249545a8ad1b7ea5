"""Lines of text, numbered and bounded: one that never ends costs no more memory than any other."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper
from typing import TypeAlias

from scraper.limits import MIB

LONGEST = MIB  # characters; a data: address of that length holds three quarters of it

Line: TypeAlias = "tuple[int, str | None]"  # None: too long

_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # what Windows shells write


def encoding(head: bytes) -> str:
    """How a text is written, by its first bytes."""
    return _MARKS.get(head[:2], "utf-8-sig")


def numbered(stream: BufferedReader, written: str) -> Iterator[Line]:
    """Every line with its number, without its end."""
    text = TextIOWrapper(stream, encoding=written, errors="replace")
    try:
        number = 0
        while line := text.readline(LONGEST + 1):
            number += 1
            whole = line.endswith("\n") or len(line) <= LONGEST
            yield number, line.rstrip("\n") if whole else None
            while not whole:  # let the rest of it go by, piece by piece
                rest = text.readline(LONGEST)
                whole = not rest or rest.endswith("\n")
    finally:
        text.detach()  # the stream is the caller's to close
