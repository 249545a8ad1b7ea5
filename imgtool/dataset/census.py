"""How many pictures came how far: from the catalogue alone, nothing is looked at or written."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NAMED = "SELECT engine, state, reason, count(*) AS n FROM source GROUP BY engine, state, reason"
STATES = "SELECT state, count(*) AS n FROM picture GROUP BY state"
# What took each removed picture out: the last change that moved it to where it lies. None did where a scrape itself
# set it aside, and then its source says why.
REMOVED = (
    "SELECT c.verb, count(*) AS n FROM picture p JOIN (SELECT new_path, max(rowid) AS last FROM move"
    " WHERE new_state = 'removed' GROUP BY new_path) l ON l.new_path = p.path JOIN move m ON m.rowid = l.last"
    " JOIN change c ON c.id = m.change WHERE p.state = 'removed' GROUP BY c.verb"
)
FOUND = (
    "SELECT count(*) AS n FROM picture p WHERE p.origin = 'found' AND (p.state IN ('kept', 'missing') OR"
    " p.state = 'removed' AND p.path IN (SELECT new_path FROM move WHERE new_state = 'removed'))"
)
PARTED = (
    "SELECT p.label, coalesce(s.name, '') AS name, count(*) AS n FROM picture p LEFT JOIN split s"
    " ON s.sha256 = p.sha256 WHERE p.state = 'kept' GROUP BY p.label, s.name"
)
BROKEN = "SELECT count(*) AS n FROM refused"


@dataclass(frozen=True, slots=True)
class Census:
    """Counts over all runs."""

    engines: Mapping[str, int]  # pictures that each named
    skipped: Mapping[str, int]  # of these, by Reason
    waiting: int  # good ones, not needed yet or not let in yet
    found: int  # put into the folders by hands
    removed: Mapping[str, int]  # by the verb that took them out
    missing: int  # gone from the folders by hand
    kept: Mapping[str, Mapping[str, int]]  # class → split → pictures in the set; "" = in no split
    broken: int  # files in class folders that are no pictures

    @property
    def named(self) -> int:
        """All that anybody named."""
        return sum(self.engines.values())

    @property
    def pictures(self) -> int:
        """In the set."""
        return sum(sum(splits.values()) for splits in self.kept.values())


def census(db: sqlite3.Connection, labels: Iterable[str]) -> Census:
    """Of a catalogue; `labels`: classes that are told even when they are empty."""
    engines, skipped = Counter[str](), Counter[str]()
    for row in db.execute(NAMED):
        engines[row["engine"]] += row["n"]
        skipped[row["reason"]] += row["n"] if row["state"] == "skipped" else 0
    states = {row["state"]: row["n"] for row in db.execute(STATES)}
    kept: dict[str, dict[str, int]] = {label: {} for label in labels}
    for row in db.execute(PARTED):
        kept.setdefault(row["label"], {})[row["name"]] = row["n"]
    return Census(
        ordered(engines),
        ordered(+skipped),
        states.get("waiting", 0) + states.get("taught", 0),
        db.execute(FOUND).fetchone()["n"],
        ordered({row["verb"]: row["n"] for row in db.execute(REMOVED)}),
        states.get("missing", 0),
        dict(sorted(kept.items())),
        db.execute(BROKEN).fetchone()["n"],
    )


def ordered(counts: Mapping[str, int]) -> dict[str, int]:
    """The most frequent first, equals by name."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
