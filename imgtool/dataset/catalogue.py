"""The SQLite file beside the pictures: what a folder cannot say. Opened, checked, migrated here."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from imgtool.errors import SPACE, StorageError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = 0x696D6774  # "imgt"; `file catalog.sqlite` shows it
VERSION = 5  # 2: decisions of people, and an index for their pages; 3: findings; 4: what was compared; 5: crops
BUSY = 30.0  # seconds a second process waits for the first one's transaction

# Paths are relative to the dataset, POSIX slashes: a dataset can be moved. Times are UTC, ISO 8601.
# Hashes are 64-bit patterns, stored as SQLite's signed integers.
SCHEMA = """
CREATE TABLE IF NOT EXISTS class (
  label TEXT PRIMARY KEY,
  folder TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE IF NOT EXISTS run (
  id INTEGER PRIMARY KEY,
  verb TEXT NOT NULL,
  config TEXT NOT NULL,          -- JSON, without secrets
  version TEXT NOT NULL,
  started TEXT NOT NULL,
  ended TEXT NOT NULL DEFAULT '',
  summary TEXT NOT NULL DEFAULT ''
) STRICT;

-- A picture that somebody named, and what became of it.
CREATE TABLE IF NOT EXISTS source (
  id INTEGER PRIMARY KEY,
  label TEXT NOT NULL,
  url TEXT NOT NULL,
  engine TEXT NOT NULL,
  query TEXT NOT NULL,
  page_url TEXT NOT NULL,
  title TEXT NOT NULL,
  key TEXT NOT NULL,
  licence TEXT NOT NULL,
  licence_url TEXT NOT NULL,
  creator TEXT NOT NULL,
  width INTEGER NOT NULL,        -- as claimed
  height INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  state TEXT NOT NULL,           -- waiting (fetched, not decided) | taught | kept | skipped
  reason TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  final_url TEXT NOT NULL DEFAULT '',
  notes TEXT NOT NULL DEFAULT '{}',
  sha256 TEXT NOT NULL DEFAULT '',
  run INTEGER NOT NULL DEFAULT 0,
  at TEXT NOT NULL,
  UNIQUE (label, url)
) STRICT;
CREATE INDEX IF NOT EXISTS source_sha256 ON source (sha256) WHERE sha256 <> '';

-- A file, what one decode told of it, and whether it is in the set.
CREATE TABLE IF NOT EXISTS picture (
  path TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  state TEXT NOT NULL,           -- waiting (in .imgtool/waiting) | taught (in .imgtool/taught) | kept (class folder)
                                 -- | removed | missing
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  format TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  mode TEXT NOT NULL,
  frames INTEGER NOT NULL,
  orientation INTEGER NOT NULL,
  phash INTEGER NOT NULL,
  dhash INTEGER NOT NULL,
  pixels TEXT NOT NULL,
  thumb BLOB NOT NULL,
  mean REAL NOT NULL,
  std REAL NOT NULL,
  sharpness REAL NOT NULL,
  mtime_ns INTEGER NOT NULL,
  origin TEXT NOT NULL,          -- scraped | found | taught
  at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS picture_label ON picture (label, state);
CREATE INDEX IF NOT EXISTS picture_sha256 ON picture (sha256);
CREATE INDEX IF NOT EXISTS picture_shelf ON picture (state, label, path, sha256);  -- a page of a large class at once

-- A file in a class folder that is no picture, so that it is not decoded again.
CREATE TABLE IF NOT EXISTS refused (
  path TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL
) STRICT;

-- What was done to the set: one row a command, one row a file. Nothing is destroyed, so all can be undone.
CREATE TABLE IF NOT EXISTS change (
  id INTEGER PRIMARY KEY,
  verb TEXT NOT NULL,            -- dedupe, check, review, undo …
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  state TEXT NOT NULL,           -- begun (files are moving) | done
  undoes INTEGER NOT NULL DEFAULT 0,
  undone_by INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS move (
  change INTEGER NOT NULL REFERENCES change (id),
  sha256 TEXT NOT NULL,
  old_path TEXT NOT NULL,
  new_path TEXT NOT NULL,
  old_label TEXT NOT NULL,
  new_label TEXT NOT NULL,
  old_state TEXT NOT NULL,       -- kept | taught | removed
  new_state TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS move_change ON move (change);

-- What a person decided about a picture; only ever added to. It holds while its change does, and can be
-- replayed on another dataset with the same pictures: the bytes name the picture, not the path.
CREATE TABLE IF NOT EXISTS decision (
  id INTEGER PRIMARY KEY,
  change INTEGER NOT NULL REFERENCES change (id),
  sha256 TEXT NOT NULL,
  label TEXT NOT NULL,           -- the class it was in
  verdict TEXT NOT NULL,         -- keep | drop | move
  target TEXT NOT NULL,          -- the class it went to; '' = none
  stayed INTEGER NOT NULL,       -- files of the same bytes that stayed in the class
  who TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS decision_change ON decision (change);

-- Which split a picture is in, by its bytes: it stays there when others come and when it changes its name.
CREATE TABLE IF NOT EXISTS split (
  sha256 TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

-- What a verb that compares all pictures found suspicious, until it looks again.
CREATE TABLE IF NOT EXISTS finding (
  verb TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  label TEXT NOT NULL,           -- the class it was in
  name TEXT NOT NULL,            -- label | stranger | shortcut
  score REAL NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (verb, sha256, label, name)
) STRICT;

-- Which pictures the last `dedupe` compared with one another, in which way, and what it saw in two classes.
CREATE TABLE IF NOT EXISTS compared (
  sha256 TEXT NOT NULL,
  label TEXT NOT NULL,
  way TEXT NOT NULL,             -- the version and the options: compared otherwise is not compared
  PRIMARY KEY (sha256, label)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS conflict (
  sha256 TEXT NOT NULL,
  label TEXT NOT NULL,
  other_sha256 TEXT NOT NULL,
  other_label TEXT NOT NULL,
  distance INTEGER NOT NULL,
  likeness REAL NOT NULL,
  how TEXT NOT NULL
) STRICT;

-- A picture that crops were cut from, elsewhere: what one decode told of it, so that twins among parents are known.
CREATE TABLE IF NOT EXISTS parent (
  sha256 TEXT PRIMARY KEY,
  state TEXT NOT NULL,           -- begun (its crops are being written) | done
  path TEXT NOT NULL,            -- relative to the folder that it was cut from
  size INTEGER NOT NULL,
  format TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  mode TEXT NOT NULL,
  frames INTEGER NOT NULL,
  orientation INTEGER NOT NULL,
  phash INTEGER NOT NULL,
  dhash INTEGER NOT NULL,
  pixels TEXT NOT NULL,
  thumb BLOB NOT NULL,
  mean REAL NOT NULL,
  std REAL NOT NULL,
  sharpness REAL NOT NULL
) STRICT;

-- A part of a parent, by the bytes of its own file; it is known by them wherever it lies in the set.
CREATE TABLE IF NOT EXISTS crop (
  sha256 TEXT PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES parent (sha256),
  label TEXT NOT NULL,           -- the class that it was cut for
  kind TEXT NOT NULL,            -- true (a box as given) | object | hard | background
  overlap REAL NOT NULL,         -- with the true box that it overlaps most
  left_px INTEGER NOT NULL,
  top_px INTEGER NOT NULL,
  right_px INTEGER NOT NULL,
  bottom_px INTEGER NOT NULL
) STRICT;

-- Result pages as they were read, so that a second run asks nobody twice.
CREATE TABLE IF NOT EXISTS page (
  key TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
"""


def connect(path: Path) -> sqlite3.Connection:
    """An open catalogue of the version we know; created if the file is new."""
    try:
        db = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        _prepare(db, path)
    except sqlite3.DatabaseError as error:
        raise storage_error(error, path) from error
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        message = f"{path} was written by a newer imgtool (catalogue version {found}; this one knows {VERSION})."
        raise StorageError(message, hint="Update imgtool: `pip install -U imgtool-datasets`.")
    if found < VERSION:  # so far every version only added to the one before
        # one script, one transaction: a kill between two statements leaves an empty file, not half a schema
        db.executescript(
            f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT;"
        )


def storage_error(error: BaseException, path: Path) -> StorageError:
    """SQLite's words, with what to do about them."""
    text = str(error)
    table = {
        "locked": "Another program holds it for longer than 30 seconds; close it and try again.",
        "full": f"The disk is full. {SPACE}",
        "I/O error": f"The disk is full, or fails. {SPACE}",  # SQLite says so of a log that cannot grow
        "malformed": "Move it aside and run the command again: the pictures stay, and are read anew.",
        "not a database": "Move it aside and run the command again: the pictures stay, and are read anew.",
        "readonly": "Make the dataset's folder writable, or copy it to where you may write.",
        "unable to open": "Make the dataset's folder writable, or copy it to where you may write.",
    }
    hint = next((advice for word, advice in table.items() if word in text), "")
    return StorageError(f"The catalogue {path} cannot be used: {text}.", hint=hint)
