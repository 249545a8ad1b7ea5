"""What pages show of a dataset: a view of its own, that only reads and never waits for a writer."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from imgtool.dataset import catalogue, store
from imgtool.dataset.rows import ref_of
from imgtool.records import ImageRef

HERE = "state IN ('kept', 'taught')"  # in the set, or asking to be let in
COLUMNS = "rowid, path, label, sha256, size, format, width, height, state, mtime_ns"
FEW = 6  # pictures that stand for a change
MARK = 16  # hex digits of the sha256 in an id: a number alone could come to mean another picture


@dataclass(frozen=True, slots=True)
class Item:
    """A picture as a page shows it. Its `id` is all that the page says back."""

    id: str
    path: str
    label: str
    sha256: str
    size: int  # bytes
    format: str
    width: int
    height: int
    state: str
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Step:
    """A change as a page lists it."""

    id: int
    verb: str
    who: str
    at: str
    undoes: int
    undone_by: int
    dropped: int  # files that left the set
    back: int  # and that came back
    moved: int  # to another class or name
    kept: int  # decided to stay as they are
    joined: int  # taught, and let into their class
    sha256s: tuple[str, ...]  # of the first few


class Shelf:
    """Pictures by class, by id, by path. Use `Shelf.open`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._turn = threading.Lock()

    @classmethod
    def open(cls, root: Path) -> Self:
        """The shelf of a dataset that was opened before."""
        db = catalogue.connect(root / store.HIDDEN / "catalog.sqlite")
        db.execute("PRAGMA query_only = ON")
        return cls(db)

    def close(self) -> None:
        """Let go of the catalogue."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def version(self) -> int:
        """Another number whenever anybody has written to the catalogue."""
        return int(self._ask("PRAGMA data_version")[0][0])

    def counts(self) -> dict[str, int]:
        """How many pictures each class holds."""
        query = "SELECT label, count(*) AS n FROM picture WHERE state = 'kept' GROUP BY label"
        return {row["label"]: row["n"] for row in self._ask(query)}

    def page(self, label: str, start: int, many: int) -> list[Item]:
        """So many pictures of a class, by path, from that place on."""
        query = f"SELECT {COLUMNS} FROM picture WHERE state = 'kept' AND label = ? ORDER BY path LIMIT ? OFFSET ?"  # noqa: S608
        return [_item(row) for row in self._ask(query, label, many, start)]

    def here(self) -> dict[str, str]:
        """The path of every picture in the set, with its sha256."""
        rows = self._ask("SELECT path, sha256 FROM picture WHERE state = 'kept'")
        return {row["path"]: row["sha256"] for row in rows}

    def at(self, paths: Iterable[str]) -> list[Item]:
        """The pictures that lie at these paths, in that order."""
        query = f"SELECT {COLUMNS} FROM picture WHERE path = ? AND {HERE}"  # noqa: S608 - our own names
        return [_item(row) for path in paths for row in self._ask(query, path)]

    def named(self, ids: Iterable[str]) -> list[Item]:
        """The pictures of these ids, in that order; those that are no longer there are left out."""
        query = f"SELECT {COLUMNS} FROM picture WHERE rowid = ? AND {HERE}"  # noqa: S608 - our own names
        asked = ((name, name.partition("-")[0]) for name in ids)
        rows = ((name, row) for name, number in asked if _number(number) for row in self._ask(query, number))
        return [item for name, row in rows if (item := _item(row)).id == name]

    def taught(self, start: int, many: int) -> list[Item]:
        """So many of the pictures that wait to be let into a class, from that place on, the last one first."""
        query = f"SELECT {COLUMNS} FROM picture WHERE state = 'taught' ORDER BY at DESC, path LIMIT ? OFFSET ?"  # noqa: S608
        return [_item(row) for row in self._ask(query, many, start)]

    def many_taught(self) -> int:
        """How many of them there are."""
        return int(self._ask("SELECT count(*) FROM picture WHERE state = 'taught'")[0][0])

    def labels(self, sha256: str) -> list[str]:
        """The classes that hold these very bytes."""
        query = "SELECT DISTINCT label FROM picture WHERE sha256 = ? AND state = 'kept' ORDER BY label"
        return [row["label"] for row in self._ask(query, sha256)]

    def copies(self, sha256: str, label: str) -> int:
        """Files of a class with the same bytes."""
        query = "SELECT count(*) FROM picture WHERE sha256 = ? AND label = ? AND state = 'kept'"
        return int(self._ask(query, sha256, label)[0][0])

    def anywhere(self, sha256: str) -> Item | None:
        """A picture with these bytes: in the set, asking to be let in, or taken out."""
        query = (
            f"SELECT {COLUMNS} FROM picture WHERE sha256 = ?"  # noqa: S608 - our own names
            " AND state IN ('kept', 'taught', 'removed') ORDER BY state = 'removed'"
        )
        return next((_item(row) for row in self._ask(query, sha256)), None)

    def sources(self, sha256: str) -> list[ImageRef]:
        """Who named the picture, where, with what claims."""
        return [ref_of(row) for row in self._ask("SELECT * FROM source WHERE sha256 = ? ORDER BY id", sha256)]

    def steps(self, start: int, many: int) -> list[Step]:
        """So many changes that happened, from that place on, the last one first."""
        rows = self._ask(
            "SELECT id, verb, who, at, undoes, undone_by,"
            " (SELECT count(*) FROM move WHERE change = c.id AND new_state = 'removed') AS dropped,"
            " (SELECT count(*) FROM move WHERE change = c.id AND old_state = 'removed') AS back,"
            " (SELECT count(*) FROM move WHERE change = c.id AND old_state = new_state) AS moved,"
            " (SELECT count(*) FROM decision WHERE change = c.id AND verdict = 'keep') AS kept,"
            " (SELECT count(*) FROM move WHERE change = c.id AND old_state = 'taught' AND new_state = 'kept') AS joined"
            " FROM change c WHERE state = 'done' ORDER BY id DESC LIMIT ? OFFSET ?",
            many,
            start,
        )
        return [Step(**dict(row), sha256s=self._touched(row["id"])) for row in rows]

    def many_steps(self) -> int:
        """How many changes happened."""
        return int(self._ask("SELECT count(*) FROM change WHERE state = 'done'")[0][0])

    def last(self, verb: str) -> int:
        """The last change of that verb that still holds; 0 if there is none."""
        query = "SELECT max(id) FROM change WHERE state = 'done' AND verb = ? AND undone_by = 0"
        return int(self._ask(query, verb)[0][0] or 0)

    def _touched(self, change: int) -> tuple[str, ...]:
        query = (
            "SELECT sha256 FROM (SELECT sha256, rowid FROM move WHERE change = ? AND sha256 <> ''"
            " UNION SELECT sha256, id FROM decision WHERE change = ? AND verdict = 'keep' ORDER BY 2) LIMIT ?"
        )
        return tuple(row["sha256"] for row in self._ask(query, change, change, FEW))

    def _ask(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._turn:
            return self._db.execute(query, values).fetchall()


def _item(row: sqlite3.Row) -> Item:
    values = {key: row[key] for key in row.keys() if key != "rowid"}  # noqa: SIM118 - a Row iterates over its values
    return Item(f"{row['rowid']}-{row['sha256'][:MARK]}", **values)


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18  # SQLite's integers have 63 bits
