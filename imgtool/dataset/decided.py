"""What people decided when they looked at pictures, and which of it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from enum import StrEnum


class Verdict(StrEnum):
    """What may be decided about a picture."""

    KEEP = "keep"  # it is right where it is
    DROP = "drop"
    MOVE = "move"  # it belongs to another class


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. The picture is named by its bytes, so that it means the same in another dataset."""

    sha256: str
    label: str  # the class it was in
    verdict: Verdict
    target: str = ""  # the class it went to
    stayed: int = 0  # files of the same bytes that stayed in the class
    who: str = ""
    at: str = ""


NAMES = tuple(field.name for field in fields(Decided))


def write(db: sqlite3.Connection, change: int, decided: Iterable[Decided]) -> None:
    """Decisions of a change; inside the caller's transaction."""
    marks = ", ".join("?" * (len(NAMES) + 1))
    rows = [(change, *astuple(each)) for each in decided]
    db.executemany(f"INSERT INTO decision (change, {', '.join(NAMES)}) VALUES ({marks})", rows)  # noqa: S608 - our own names


def holding(db: sqlite3.Connection) -> list[Decided]:
    """Every decision whose change was not undone, in the order they were made."""
    undone = _undone(db)
    rows = db.execute(f"SELECT change, {', '.join(NAMES)} FROM decision ORDER BY id")  # noqa: S608 - our own names
    return [_decided(row) for row in rows if row["change"] not in undone]


def _decided(row: sqlite3.Row) -> Decided:
    values = {name: row[name] for name in NAMES}
    return Decided(**values | {"verdict": Verdict(row["verdict"])})


def _undone(db: sqlite3.Connection) -> set[int]:
    """Changes that do not hold: those undone by a change that holds, for an undo can be undone."""
    undone: set[int] = set()
    for row in db.execute("SELECT id, undone_by FROM change WHERE undone_by <> 0 ORDER BY id DESC"):
        if row["undone_by"] not in undone:
            undone.add(row["id"])
    return undone
