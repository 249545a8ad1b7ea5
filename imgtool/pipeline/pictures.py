"""What a person points at, as a stream of picture files: files, folders, globs, lines of stdin, addresses."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from imgtool.dataset.store import litter
from imgtool.pipeline.opened import PICTURES
from imgtool.records import Reason, Refusal

STDIN = "-"
CHUNK = 1 << 16  # bytes of a list that are read at once
ADDRESS = re.compile(r"(?:https?|data):", re.IGNORECASE)
MORE = frozenset((".jfif", ".jpe", ".apng", ".heic", ".heif", ".jxl"))  # pictures too, if only to be refused by name
LONGEST = 200  # characters of a name; a data URL is a picture, and no name

What: TypeAlias = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

NOTHING_THERE = Refusal(Reason.GONE, "there is no such file")
EMPTY = Refusal(Reason.GONE, "there is no picture in that folder")
UNMATCHED = Refusal(Reason.GONE, "no file is called so")


@dataclass(frozen=True, slots=True)
class Pick:
    """One picture that was pointed at."""

    name: str  # as it was pointed at: a path, an address
    path: str = ""  # of its file; "" when there is none, or none yet
    url: str = ""  # where it has to be fetched from
    refusal: Refusal | None = None  # why there is nothing to look at
    home: str = ""  # the folder that it was found in, below which its name means something


def picks(what: What) -> Iterator[Pick]:
    """Every picture that is meant, in order; what cannot be found is among them, with the reason."""
    for word in [what] if isinstance(what, str | os.PathLike) else what:
        text = os.fspath(word)
        yield from (each for line in lines() for each in meant(line)) if text == STDIN else meant(text)


def alone(what: What) -> bool:
    """Is one picture meant, rather than any number of them?"""
    if not isinstance(what, str | os.PathLike):
        return False
    text = os.fspath(what)
    several = text == STDIN or os.path.isdir(text) or (glob.has_magic(text) and not os.path.lexists(text))
    return bool(ADDRESS.match(text)) or not several


def meant(text: str) -> Iterator[Pick]:
    """What one word means."""
    if ADDRESS.match(text):
        yield Pick(text[:LONGEST], url=text)
    elif os.path.isdir(text):
        yield from inside(text)
    elif os.path.lexists(text):
        yield Pick(text, text)
    elif glob.has_magic(text):
        yield from matched(text)
    else:
        yield Pick(text, refusal=NOTHING_THERE)


def inside(folder: str) -> Iterator[Pick]:
    """The pictures of a folder and of those below it, by name; what its suffix calls something else is left out."""
    found = False
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if pictured(name):
                found = True
                yield Pick(os.path.join(top, name), os.path.join(top, name), home=folder)
    if not found:
        yield Pick(folder, refusal=EMPTY)


def matched(pattern: str) -> Iterator[Pick]:
    """Files that a pattern names, as a shell would: `**` is any number of folders; folders are not entered."""
    found = sorted(glob.glob(os.path.expanduser(pattern), recursive=True), key=lambda path: (path.count(os.sep), path))
    once = {os.path.realpath(path): path for path in reversed(found)}  # links lead `**` round in circles
    files = sorted(path for path in once.values() if os.path.isfile(path))
    yield from (Pick(path, path) for path in files)
    if not files:
        yield Pick(pattern, refusal=UNMATCHED)


def pictured(name: str) -> bool:
    """May that be a picture, by its name alone?"""
    suffix = Path(name).suffix.lower()
    return not litter(name) and (suffix in PICTURES or suffix in MORE)


def lines() -> Iterator[str]:
    """The lines of standard input as they come; if they end with zero bytes (`find -print0`), those part them.

    Not by `sys.stdin`: a thread that waits in its lock would keep Python from ending.
    """
    rest, end = b"", b""
    while chunk := os.read(0, CHUNK):
        end = end or (b"\0" if b"\0" in chunk else b"\n")
        *whole, rest = (rest + chunk).split(end)
        yield from filter(None, map(line, whole))
    yield from filter(None, [line(rest)])


def line(raw: bytes) -> str:
    """One line as a name; "" when there is nothing on it."""
    return os.fsdecode(raw).strip("\r\n") if raw.strip() else ""
