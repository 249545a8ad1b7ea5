"""Any list → its pictures, one by one, whatever it is and however long."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from io import BufferedReader, FileIO
from pathlib import Path
from typing import cast

from imgtool.errors import UsageError, machine_error
from scraper.limits import MIB
from scraper.lists.answers import document
from scraper.lists.entries import BadLine, Entry, Maker, Say
from scraper.lists.har import har
from scraper.lists.kinds import HEAD, Kind, kind_of
from scraper.lists.lines import encoding, numbered
from scraper.lists.pages import page
from scraper.lists.parquet import parquet
from scraper.lists.tables import jsonl, table, texts

STDIN = "-"
WHOLE = 64 * MIB  # bytes of a page or a JSON document, which are read in one piece
RECORDING = 256 * MIB  # bytes of a HAR; a browser's evening

Lines = Callable[..., Iterator[Entry]]

_LINES: dict[Kind, Lines] = {Kind.TEXT: texts, Kind.TABLE: table, Kind.JSONL: jsonl}


def read_list(
    path: str | Path, label: str, engine_hint: str = "", say: Say = lambda _number, _words: None
) -> Iterator[Entry]:
    """Every picture that a file (or "-", standard input) names, and every line that names none.

    Equal addresses come as often as they are written. `engine_hint` says whose saved answer it is, where
    its content does not; `say` is told what was changed in a line without losing its picture.
    """
    if str(path) != STDIN:
        _check(Path(path))
    return _entries(str(path), Maker(label, say), engine_hint)


def _check(path: Path) -> None:
    hint = "--from takes a text list, CSV, TSV, JSONL, Parquet, a saved page or a HAR file; - is standard input."
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise UsageError(f"The list {str(path)!r} cannot be read: {_why(error)}.", hint=hint) from None
    if stat.S_ISDIR(mode) or not os.access(path, os.R_OK):
        why = "it is a folder" if stat.S_ISDIR(mode) else "permission denied"
        raise UsageError(f"The list {str(path)!r} cannot be read: {why}.", hint=hint)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _opened(path: str) -> AbstractContextManager[BufferedReader]:
    if path == STDIN:
        return nullcontext(cast("BufferedReader", sys.stdin.buffer))
    return BufferedReader(FileIO(path), HEAD)


def _entries(path: str, maker: Maker, hint: str) -> Iterator[Entry]:
    with _opened(path) as stream:
        head = stream.peek(HEAD)
        kind = Kind.PAGE if hint else kind_of(path, head)
        if kind in _LINES:
            yield from _LINES[kind](numbered(stream, encoding(head)), maker)
        elif kind is Kind.PARQUET:
            yield from _seekable(stream, maker)
        elif kind is Kind.BINARY:
            yield BadLine(0, "neither text nor a kind of list that is known here")
        else:
            yield from _whole(stream, kind, maker, hint, encoding(head))


def _seekable(stream: BufferedReader, maker: Maker) -> Iterator[Entry]:
    """Parquet is read from its end; what comes through a pipe is put down first."""
    if stream.seekable():
        yield from parquet(stream, maker)
        return
    with tempfile.TemporaryFile() as copy:
        try:
            shutil.copyfileobj(stream, copy)
            copy.seek(0)
        except OSError as error:
            raise machine_error(error, f"no room for a copy of the list in {tempfile.gettempdir()}") from error
        yield from parquet(copy, maker)


def _whole(stream: BufferedReader, kind: Kind, maker: Maker, hint: str, written: str) -> Iterator[Entry]:
    limit = RECORDING if kind is Kind.HAR else WHOLE
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        yield BadLine(0, f"larger than {limit // MIB} MiB")
    elif kind is Kind.MHTML:
        yield from _mhtml(raw, maker)
    elif kind is Kind.HAR:
        yield from har(raw.decode(written, "replace"), maker)
    elif kind is Kind.JSON:
        yield from document(raw.decode(written, "replace"), maker)
    else:
        yield from page(raw.decode(written, "replace"), maker, hint)


def _mhtml(raw: bytes, maker: Maker) -> Iterator[Entry]:
    """A page that a browser saved as one file: its first HTML part, from where it says it is."""
    from email import message_from_bytes

    message = message_from_bytes(raw)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    body = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(body, bytes):
        yield BadLine(0, "no page in the archive")
        return
    home = part.get("Content-Location") or message.get("Snapshot-Content-Location") or ""
    yield from page(body.decode("utf-8", "replace"), maker, home=str(home))
