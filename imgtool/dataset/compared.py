"""Which pictures were compared with one another, and in which way: the next comparison looks at the new ones alone.

The bytes and the class name a picture, as in `suspects`: one that comes back, or goes to another class, is new.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TypeAlias

Key: TypeAlias = tuple[str, str]  # sha256 and class


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two pictures of two classes that show the same."""

    one: Key
    other: Key
    distance: int
    likeness: float
    how: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What the last comparison was about, and the conflicts that it left open."""

    keys: frozenset[Key] = frozenset()
    conflicts: tuple[Conflict, ...] = ()


def write(db: sqlite3.Connection, way: str, now: Compared) -> None:
    """This comparison in place of the last; inside the caller's transaction."""
    db.execute("DELETE FROM compared")
    db.execute("DELETE FROM conflict")
    db.executemany("INSERT INTO compared VALUES (?, ?, ?)", ((*key, way) for key in sorted(now.keys)))
    rows = ((*each.one, *each.other, each.distance, each.likeness, each.how) for each in now.conflicts)
    db.executemany("INSERT INTO conflict VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def read(db: sqlite3.Connection, way: str) -> Compared:
    """The last comparison, if it was made in that way."""
    keys = frozenset(map(tuple, db.execute("SELECT sha256, label FROM compared WHERE way = ?", (way,))))
    if not keys:
        return Compared()
    rows = db.execute("SELECT * FROM conflict ORDER BY rowid")
    return Compared(keys, tuple(Conflict((row[0], row[1]), (row[2], row[3]), *row[4:]) for row in map(tuple, rows)))
