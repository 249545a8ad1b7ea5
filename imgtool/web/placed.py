"""A page or a drawing put where it was asked for: whole or not at all, and over nothing but one of its kind."""

from __future__ import annotations

from pathlib import Path

from classify.file.whole import written
from imgtool.errors import UsageError

BEGIN = 4096  # bytes in which the mark stands


def put(place: Path, page: str, mark: str, *, replace: bool = False) -> Path:
    """The file. UsageError where another lies that does not bear the mark, unless it may be replaced."""
    if place.is_dir():
        raise UsageError(f"{place} is a folder.", hint=f"Name a file: {place / 'NAME'}.")
    if place.exists() and not replace and not ours(place, mark):
        raise UsageError(f"{place} is there, and not of our making.", hint="Name another with --out, or add --replace.")
    with written(place) as part:
        part.write_bytes(page.encode("utf-8", "backslashreplace"))
    return place


def ours(place: Path, mark: str) -> bool:
    """Does a file bear the mark?"""
    try:
        with place.open("rb") as file:
            return mark.encode() in file.read(BEGIN)
    except OSError:
        return False
