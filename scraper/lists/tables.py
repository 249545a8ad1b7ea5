"""Lists in lines: plain text, CSV and its kin, JSON by lines."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from scraper import loose
from scraper.lists.entries import KNOWN, BadLine, Entry, Maker, column, looks_like_address
from scraper.lists.kinds import DELIMITERS, delimiter_of
from scraper.lists.lines import LONGEST, Line

TOO_LONG = f"longer than {LONGEST} characters"
OPEN = 16  # lines that one quoted field may span; a stray quote must not swallow the rest of the file
COMMENT = "#"

_PICTURE = re.compile(r"\.(?:jpe?g|jfif|png|webp|gif|avif|bmp|tiff?)$", re.IGNORECASE)


def texts(lines: Iterable[Line], maker: Maker) -> Iterator[Entry]:
    """One address a line; what follows it after white space is the page or a title."""
    for number, line in lines:
        if line is None:
            yield BadLine(number, TOO_LONG)
        elif line.strip() and not line.lstrip().startswith(COMMENT):
            yield maker.entry(number, _split(line.strip()))


def _split(line: str) -> dict[str, object]:
    first, *rest = [part.strip() for part in line.split("\t") if part.strip()]
    words = first.split(None, 1)
    if len(words) == 2 and (_PICTURE.search(words[0]) or not _PICTURE.search(first)):
        first, rest = words[0], [words[1], *rest]  # else the blank is a part of the address: "/my cat.jpg"
    row: dict[str, object] = {"url": first}
    for part in rest:
        row.setdefault("pageurl" if looks_like_address(part) else "title", part)
    return row


def jsonl(lines: Iterable[Line], maker: Maker) -> Iterator[Entry]:
    """One JSON object, or one address as a JSON string, a line."""
    for number, line in lines:
        if line is None:
            yield BadLine(number, TOO_LONG)
        elif line.strip():
            rows = records(loose.load(line))
            yield from (maker.entry(number, row) for row in rows)
            if not rows:
                yield BadLine(number, "no JSON object that names a picture")


def records(value: loose.Json) -> list[Mapping[str, object]]:
    """The rows in a JSON value: itself, its members, or the members of the first list in it that has any."""
    if isinstance(value, str):
        return [{"url": value}]
    if isinstance(value, list):
        return [{"url": row} if isinstance(row, str) else named(row) for row in value if isinstance(row, (str, dict))]
    row = named(loose.table(value))
    if KNOWN & row.keys():
        return [row]
    inside = (records(part) for part in loose.table(value).values() if isinstance(part, list))
    return next(filter(None, inside), [])


def named(row: Mapping[str, object]) -> dict[str, object]:
    """A row with its columns' names as we look for them."""
    return {column(name): value for name, value in row.items()}


def table(lines: Iterable[Line], maker: Maker) -> Iterator[Entry]:
    """CSV, TSV and their kin: a header that names a column of addresses, or rows that have one."""
    names: list[str] = []
    delimiter = ""
    source = _Source(lines)
    for number, line in source:
        if line is None:
            yield BadLine(number, TOO_LONG)
            continue
        if not line.strip():
            continue
        if not names:
            delimiter, names, is_header = _header(line)
            if not names:
                yield BadLine(number, f"no column of addresses; known names: {', '.join(sorted(KNOWN))}")
                return
            if is_header:
                continue
        yield _row(number, line, delimiter, names, source, maker)


def _header(line: str) -> tuple[str, list[str], bool]:
    """The delimiter, the columns' names, and whether the line was a header; no names = neither."""
    if len(line) > csv.field_size_limit():
        return "", [], False
    delimiter = delimiter_of(line)
    if delimiter:
        return delimiter, [column(cell) for cell in _cells(line, delimiter)], True
    for delimiter in DELIMITERS:
        cells = _cells(line, delimiter)
        place = next((place for place, cell in enumerate(cells) if looks_like_address(cell)), None)
        if place is not None:
            return delimiter, ["url" if at == place else "" for at in range(len(cells))], False
    return "", [], False


def _row(number: int, line: str, delimiter: str, names: list[str], source: _Source, maker: Maker) -> Entry:
    try:
        cells = _cells(source.whole(line, delimiter), delimiter)
    except csv.Error as error:
        return BadLine(number, str(error))
    return maker.entry(number, dict(zip(names, cells, strict=False)))


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _is_open(line: str, delimiter: str) -> bool:
    """Does a quoted field go on in the next line?"""
    try:
        next(csv.reader([line], delimiter=delimiter, strict=True), None)
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


class _Source:
    """Lines one can look ahead into, and put back."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._ahead: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        while self._ahead or self._more():
            yield self._ahead.popleft()

    def whole(self, line: str, delimiter: str) -> str:
        """The line, with those that its last quoted field goes on in; alone, if that field is never closed."""
        if '"' not in line or not _is_open(line, delimiter):
            return line
        joined = line
        for count in range(OPEN):
            if len(self._ahead) <= count and not self._more():
                return line
            joined = f"{joined}\n{self._ahead[count][1] or ''}"
            if not _is_open(joined, delimiter):
                for _ in range(count + 1):
                    self._ahead.popleft()
                return joined
        return line

    def _more(self) -> bool:
        line = next(self._lines, None)
        if line is not None:
            self._ahead.append(line)
        return line is not None
