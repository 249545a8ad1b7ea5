"""Features that were computed once, kept: one SQLite file for each recipe, safe against a kill at any moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import numpy as np

from classify.nouns import Features
from imgtool.errors import SPACE, StorageError, machine_error

Key: TypeAlias = tuple[str, str]  # a picture's sha256, and which view of it: "" = the picture itself

BUSY = 30.0  # seconds a second process waits for the first one's transaction
VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS feature (
  sha256 TEXT NOT NULL,
  view TEXT NOT NULL,
  numbers BLOB NOT NULL,         -- 32-bit floats, little end first
  PRIMARY KEY (sha256, view)
) STRICT;
CREATE TABLE IF NOT EXISTS fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
"""
NUMBERS = np.dtype("<f4")


class Cache:
    """The features of one recipe. What it holds may be thrown away at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise machine_error(error, str(path.parent)) from error
        try:
            self._base = opened(path)
        except sqlite3.DatabaseError as error:
            self._base = afresh(path, error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def known(self, keys: Iterable[Key]) -> set[Key]:
        """Those of them that it has features of."""
        return {key for key in set(keys) if self._row("SELECT 1 FROM feature WHERE sha256 = ? AND view = ?", key)}

    def get(self, keys: Sequence[Key]) -> Features:
        """The features of them, row by row; KeyError for what it has not."""
        rows = [self._row("SELECT numbers FROM feature WHERE sha256 = ? AND view = ?", key) for key in keys]
        if missing := next((key for key, row in zip(keys, rows, strict=True) if not row), None):
            raise KeyError(missing)
        flat = np.frombuffer(b"".join(row[0] for row in rows if row), NUMBERS)
        return flat.reshape(len(rows), -1).astype(np.float32) if rows else np.empty((0, 0), np.float32)

    def put(self, keys: Sequence[Key], features: Features) -> None:
        """Write them down: all of them or none."""
        body = np.ascontiguousarray(features, NUMBERS)
        rows = [(*key, numbers.tobytes()) for key, numbers in zip(keys, body, strict=True)]
        self._write("INSERT OR REPLACE INTO feature VALUES (?, ?, ?)", rows)

    def fact(self, name: str) -> str:
        """Something that was found out about the recipe; "" if nobody has."""
        row = self._row("SELECT value FROM fact WHERE name = ?", (name,))
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Remember what was found out."""
        self._write("INSERT OR REPLACE INTO fact VALUES (?, ?)", [(name, value)])

    def _row(self, query: str, values: Sequence[str]) -> tuple[bytes, ...] | None:
        try:
            row: tuple[bytes, ...] | None = self._base.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise unusable(self._path, error) from error
        return row

    def _write(self, query: str, rows: Sequence[Sequence[str | bytes]]) -> None:
        try:
            with self._base:
                self._base.executemany(query, rows)
        except sqlite3.Error as error:
            raise unusable(self._path, error) from error


def opened(path: Path) -> sqlite3.Connection:
    """The file, with its tables."""
    base = sqlite3.connect(path, timeout=BUSY)
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")  # a kill loses nothing; a power cut, the last batches
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError(f"version {version}")
        base.executescript(SCHEMA)
        base.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.Error:
        base.close()
        raise
    return base


def afresh(path: Path, error: sqlite3.DatabaseError) -> sqlite3.Connection:
    """A new file in the place of a damaged one: its features can be computed again. StorageError if the disk failed."""
    if isinstance(error, sqlite3.OperationalError):
        raise unusable(path, error) from error
    try:
        for place in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            place.unlink(missing_ok=True)
        return opened(path)
    except (OSError, sqlite3.Error) as again:
        raise unusable(path, again) from again


def unusable(path: Path, error: Exception) -> StorageError:
    """A cache that does not let us go on."""
    hint = SPACE if "full" in str(error) else f"Delete {path.parent}: what is in it is computed again."
    return StorageError(f"The features kept in {path} cannot be used: {error}.", hint=hint)
