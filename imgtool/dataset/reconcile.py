"""What a person's hand, or a kill, changed in the folder since the catalogue last looked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from imgtool.dataset import store


@dataclass(frozen=True, slots=True)
class Noticed:
    """Files that are gone, moved by hand, or back; and changes that a killed process left half done."""

    missing: int = 0
    moved: int = 0
    back: int = 0
    turned_back: int = 0  # such changes: their files are where they were before


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    folder: str
    size: int
    mtime_ns: int


def reconcile(root: Path, db: sqlite3.Connection) -> Noticed:
    """Bring the catalogue to what the folder says; inside the caller's transaction."""
    _mend_waiting(root, db)
    _mend_taught(root, db)
    labels = {row["folder"]: row["label"] for row in db.execute("SELECT label, folder FROM class")}
    files = {f.path: f for name in store.class_folders(root) for f in _files(root, name)}
    rows = {row["path"]: row for row in db.execute("SELECT path, label, state, size, mtime_ns FROM picture")}
    shown = {path: row for path, row in rows.items() if row["state"] in {"kept", "missing"}}

    changed = [p for p, row in shown.items() if p in files and _other(files[p], row)]
    db.executemany("DELETE FROM picture WHERE path = ?", [(p,) for p in changed])  # looked at anew, as found
    back = [p for p, row in shown.items() if p in files and row["state"] == "missing" and p not in changed]
    db.executemany("UPDATE picture SET state = 'kept' WHERE path = ?", [(p,) for p in back])

    gone = {p: row for p, row in shown.items() if p not in files and row["state"] == "kept"}
    strangers = {(f.size, f.mtime_ns): f for p, f in files.items() if p not in rows}
    moved = [(strangers[key], p) for p, row in gone.items() if (key := (row["size"], row["mtime_ns"])) in strangers]
    for file, old in moved:
        label = labels.get(file.folder, file.folder)
        db.execute("UPDATE picture SET path = ?, label = ? WHERE path = ?", (file.path, label, old))
        del gone[old]
    db.executemany("UPDATE picture SET state = 'missing' WHERE path = ?", [(p,) for p in gone])
    _forget_refused(db, files)
    return Noticed(missing=len(gone), moved=len(moved), back=len(back))


def _files(root: Path, folder: str) -> list[_File]:
    found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in store.files_of(root, folder)]
    return [_File(f"{folder}/{name}", folder, stat.st_size, stat.st_mtime_ns) for name, stat in found]


def _other(file: _File, row: sqlite3.Row) -> bool:
    return (file.size, file.mtime_ns) != (row["size"], row["mtime_ns"])


def _mend_waiting(root: Path, db: sqlite3.Connection) -> None:
    """A waiting file without its row goes; a waiting row without its file is fetched again."""
    rows = db.execute("SELECT path, label, sha256 FROM picture WHERE state = 'waiting'").fetchall()
    for row in rows:
        if not (root / row["path"]).exists():
            db.execute("DELETE FROM picture WHERE path = ?", (row["path"],))
            gone = (row["label"], row["sha256"])
            db.execute("DELETE FROM source WHERE label = ? AND sha256 = ? AND state = 'waiting'", gone)
    known = {row["path"] for row in rows}
    for file in (root / store.WAITING).glob("*/*"):
        if file.relative_to(root).as_posix() not in known:
            file.unlink()


def _mend_taught(root: Path, db: sqlite3.Connection) -> None:
    """A taught row without its file goes. A file without its row stays: it is a person's, and can be taught again."""
    paths = [row["path"] for row in db.execute("SELECT path FROM picture WHERE state = 'taught'")]
    db.executemany("DELETE FROM picture WHERE path = ?", [(path,) for path in paths if not (root / path).exists()])


def _forget_refused(db: sqlite3.Connection, files: dict[str, _File]) -> None:
    rows = db.execute("SELECT path, size, mtime_ns FROM refused").fetchall()
    stale = [row["path"] for row in rows if row["path"] not in files or _other(files[row["path"]], row)]
    db.executemany("DELETE FROM refused WHERE path = ?", [(p,) for p in stale])
