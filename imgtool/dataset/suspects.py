"""What a verb that compares all pictures found suspicious, remembered until it looks again.

The bytes and the class name the picture: a finding outlives a new file name, is silent when its picture has left the
class, and speaks again when it is back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from imgtool.records import Finding

HELD = (
    "SELECT p.path, f.label, f.name, f.score, f.detail FROM finding f"
    " JOIN picture p ON p.sha256 = f.sha256 AND p.label = f.label AND p.state = 'kept'"
    " ORDER BY f.score DESC, f.name, p.path"
)
ADDED = (
    "INSERT OR REPLACE INTO finding SELECT ?, sha256, label, ?, ?, ?"
    " FROM picture WHERE path = ? AND label = ? AND state = 'kept'"
)


def write(db: sqlite3.Connection, verb: str, findings: Iterable[Finding]) -> None:
    """Findings in place of those that the verb wrote before; inside the caller's transaction."""
    db.execute("DELETE FROM finding WHERE verb = ?", (verb,))
    rows = ((verb, each.check, each.score, each.detail, each.path, each.label) for each in findings)
    db.executemany(ADDED, rows)


def held(rows: Iterable[sqlite3.Row]) -> list[Finding]:
    """The rows of HELD as findings."""
    return [Finding(row["path"], row["label"], row["name"], row["score"], row["detail"]) for row in rows]
