"""What a studio says to its workers, as plain values."""

from __future__ import annotations

from dataclasses import astuple

from curate.darkroom.treatment import Treatment


def opening(how: Treatment, rows: str = "", start: int = 0) -> tuple[object, ...]:
    """A pool's first frame: how pictures are made; and the file of rows that they go to, if they go to one."""
    return (rows, start, *astuple(how))


def order(path: str, sha256: str, copies: tuple[int, ...], *, flip: bool, row: int = 0) -> tuple[object, ...]:
    """One unit's order; `row` is the first of its rows."""
    return (path, sha256, copies, flip, row)
