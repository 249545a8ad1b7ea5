"""Pictures that are parts of others: which part of which, in the catalogue; and what is known of the others.

The bytes name a crop: it stays its parent's under another name and in another class.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from imgtool.dataset.rows import picture_of, ref_of, signed
from imgtool.dataset.store import HIDDEN
from imgtool.records import Entry, ImageRef

PARENT = (
    "INSERT INTO parent VALUES (?, 'begun', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (sha256) DO UPDATE SET state = 'begun'"
)
PARENTS = "SELECT * FROM parent WHERE ? IN ('', state) AND ? IN ('', state) ORDER BY path, sha256"
CROP = "INSERT OR REPLACE INTO crop VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
CROPS = (
    "SELECT c.* FROM crop c JOIN parent p ON p.sha256 = c.parent"
    " WHERE ? IN ('', p.state) AND ? IN ('', p.state) ORDER BY c.rowid"
)


@dataclass(frozen=True, slots=True)
class Crop:
    """Which part of which picture a file is."""

    sha256: str
    parent: str  # the sha256 of the picture that it was cut from
    label: str  # the class that it was cut for
    kind: str  # true object hard background
    overlap: float  # with the true box that it overlaps most
    box: tuple[int, int, int, int]  # px of the parent, upright


def begin(db: sqlite3.Connection, parent: Entry, crops: Sequence[Crop]) -> None:
    """A parent and all of its crops, about to be written; inside the caller's transaction."""
    p = parent.picture
    looks = (signed(p.phash), signed(p.dhash), p.pixels, p.thumb, p.mean, p.std, p.sharpness)
    file = (p.sha256, parent.path, p.size, p.format, p.width, p.height, p.mode, p.frames, p.orientation)
    db.execute(PARENT, (*file, *looks))
    db.executemany(CROP, ((c.sha256, c.parent, c.label, c.kind, c.overlap, *c.box) for c in crops))


def finish(db: sqlite3.Connection, parent: Entry) -> None:
    """They are."""
    db.execute("UPDATE parent SET state = 'done' WHERE sha256 = ?", (parent.picture.sha256,))


def crops(rows: Iterable[sqlite3.Row]) -> dict[str, Crop]:
    """Rows as crops, by their bytes."""
    return {row["sha256"]: crop(row) for row in rows}


def crop(row: sqlite3.Row) -> Crop:
    """A row as a crop."""
    box = (row["left_px"], row["top_px"], row["right_px"], row["bottom_px"])
    return Crop(row["sha256"], row["parent"], row["label"], row["kind"], row["overlap"], box)


def parents(rows: Iterable[sqlite3.Row]) -> list[Entry]:
    """Rows as pictures of no class."""
    return [Entry(row["path"], "", picture_of(row)) for row in rows]


def sources(root: Path) -> dict[str, ImageRef]:
    """sha256 to where a picture came from, of a dataset that is only looked at."""
    with glanced(root) as db:
        rows = asked(db, "SELECT * FROM source WHERE sha256 <> '' ORDER BY id DESC")
        return {row["sha256"]: ref_of(row) for row in rows}


def configs(root: Path, verb: str) -> list[dict[str, object]]:
    """With what settings a verb ran in a dataset that is only looked at, the first time first."""
    with glanced(root) as db:
        return [json.loads(row["config"]) for row in asked(db, "SELECT * FROM run ORDER BY id") if row["verb"] == verb]


@contextmanager
def glanced(root: Path) -> Iterator[sqlite3.Connection]:
    """A dataset's catalogue, nothing written into it: no table, no lock, no log; an empty one where there is none."""
    path = root / HIDDEN / "catalog.sqlite"
    still = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"  # nobody is writing
    place = f"{path.resolve().as_uri()}?mode=ro{still}" if path.is_file() else ":memory:"
    with closing(sqlite3.connect(place, uri=path.is_file())) as db:
        db.row_factory = sqlite3.Row
        yield db


def asked(db: sqlite3.Connection, query: str) -> list[sqlite3.Row]:
    """The rows; none of a catalogue that is none of ours, or damaged."""
    try:
        return db.execute(query).fetchall()
    except sqlite3.DatabaseError:
        return []
