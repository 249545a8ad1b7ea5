"""Changes to a set: removed, moved to another class, renamed. Each is a batch that happens whole or not at all.

    written down as "begun" ──▶ files renamed one by one ──▶ rows updated, "done", in one transaction

A kill in between leaves a begun change; the next writer turns its files back. Nothing is deleted: what
leaves the set moves to `.imgtool/removed/`, and `undo` is the same batch the other way round.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from imgtool.dataset import store
from imgtool.dataset.contents import folder_of
from imgtool.dataset.rows import now
from imgtool.errors import StorageError, UsageError

FILE = (
    "SELECT path, label, state, sha256, size, mtime_ns FROM picture WHERE path = ? AND state IN ('kept', 'taught')"
    " UNION ALL SELECT path, label, 'refused', '', size, mtime_ns FROM refused WHERE path = ?"
)


@dataclass(frozen=True, slots=True)
class Remove:
    """Out of the set, for a reason."""

    path: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """To another place in the set: another class, or another name."""

    path: str
    target: str
    label: str
    reason: str = "moved"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One file of a change."""

    sha256: str
    old_path: str
    new_path: str
    old_label: str
    new_label: str
    old_state: str
    new_state: str
    reason: str
    detail: str

    def reversed(self, reason: str) -> Moved:
        """The way back."""
        paths, labels = (self.new_path, self.old_path), (self.new_label, self.old_label)
        return Moved(self.sha256, *paths, *labels, self.new_state, self.old_state, reason, self.detail)


@dataclass(frozen=True, slots=True)
class Change:
    """One command's worth of moves."""

    id: int
    verb: str
    who: str
    at: str
    moves: tuple[Moved, ...]
    undoes: int = 0
    undone_by: int = 0
    stale: tuple[str, ...] = ()  # files that changed or vanished since they were looked at, and were left alone


def planned(root: Path, db: sqlite3.Connection, wishes: Iterable[Remove | Move], number: int) -> Iterator[Moved | str]:
    """Each wish as a move; as a bare path where the file is no longer what the catalogue says."""
    taken: set[str] = set()
    for wish in wishes:
        row = db.execute(FILE, (wish.path, wish.path)).fetchone()
        if row is None or not unchanged(root, row):
            yield wish.path
            continue
        target, label, state = _destination(wish, row, number)
        target = _free(root, target, taken)
        taken.add(target)
        yield Moved(
            row["sha256"], row["path"], target, row["label"], label, row["state"], state, wish.reason, wish.detail
        )


def unchanged(root: Path, row: sqlite3.Row) -> bool:
    """Is the file still the one that was looked at, and no link on the way to it?"""
    try:
        with folder_of(root, row["path"]) as (folder, name):
            stat = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (row["size"], row["mtime_ns"])


def carry_out(root: Path, moves: Sequence[Moved]) -> None:
    """Rename every file; if one fails, those before it go back and the error says which."""
    done: list[Moved] = []
    for move in moves:
        try:
            (root / move.new_path).parent.mkdir(parents=True, exist_ok=True)
            _rename(root, move.old_path, move.new_path)
        except OSError as error:
            turn_back(root, done)
            message = f"{move.old_path} could not be moved: {error.strerror}. Nothing was changed."
            raise StorageError(
                message, hint="Check who may write in that folder, and whether the disk is full."
            ) from error
        done.append(move)
    for folder in {(root / m.new_path).parent for m in done} | {(root / m.old_path).parent for m in done}:
        store.make_folder_durable(folder)


def turn_back(root: Path, moves: Sequence[Moved]) -> None:
    """Undo the renames that happened; those that did not are left."""
    for move in reversed(moves):
        if (root / move.new_path).exists() and not (root / move.old_path).exists():
            (root / move.old_path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(root / move.new_path, root / move.old_path)


def write(db: sqlite3.Connection, moves: Iterable[Moved]) -> None:
    """The rows of carried-out moves. A file that is no picture has no row to move: it is looked at anew when back."""
    for move in moves:
        if "refused" in (move.old_state, move.new_state):
            db.execute("DELETE FROM refused WHERE path = ?", (move.old_path,))
            continue
        # what was deleted by hand since it lay there is only a memory, and in the way
        db.execute("DELETE FROM picture WHERE path = ? AND state = 'missing'", (move.new_path,))
        db.execute(
            "UPDATE picture SET path = ?, label = ?, state = ? WHERE path = ?",
            (move.new_path, move.new_label, move.new_state, move.old_path),
        )


def begin(db: sqlite3.Connection, verb: str, who: str, undoes: int = 0) -> int:
    """A change is about to happen; its number."""
    row = (verb, who, now(), undoes)
    cursor = db.execute("INSERT INTO change (verb, who, at, state, undoes) VALUES (?, ?, ?, 'begun', ?)", row)
    return int(cursor.lastrowid or 0)


def write_moves(db: sqlite3.Connection, number: int, moves: Iterable[Moved]) -> None:
    """What it is about to move."""
    names = Moved.__slots__
    marks = ", ".join("?" * (len(names) + 1))
    rows = [(number, *(getattr(move, name) for name in names)) for move in moves]
    db.executemany(f"INSERT INTO move (change, {', '.join(names)}) VALUES ({marks})", rows)  # noqa: S608 - our own names


def finish(db: sqlite3.Connection, number: int) -> None:
    """It happened."""
    undoes = db.execute("SELECT undoes FROM change WHERE id = ?", (number,)).fetchone()[0]
    db.execute("UPDATE change SET state = 'done' WHERE id = ?", (number,))
    db.execute("UPDATE change SET undone_by = ? WHERE id = ?", (number, undoes))


def abandon(db: sqlite3.Connection, number: int) -> None:
    """It did not."""
    db.execute("DELETE FROM move WHERE change = ?", (number,))
    db.execute("DELETE FROM change WHERE id = ?", (number,))


def mend(root: Path, db: sqlite3.Connection) -> int:
    """Turn back what a killed process had begun; how many changes."""
    begun = [row["id"] for row in db.execute("SELECT id FROM change WHERE state = 'begun'")]
    for number in begun:
        turn_back(root, moves_of(db, number))
        abandon(db, number)
    return len(begun)


def moves_of(db: sqlite3.Connection, number: int) -> tuple[Moved, ...]:
    """The files of a change."""
    names = ", ".join(Moved.__slots__)
    rows = db.execute(f"SELECT {names} FROM move WHERE change = ? ORDER BY rowid", (number,))  # noqa: S608 - our own names
    return tuple(Moved(*row) for row in rows)


def history(db: sqlite3.Connection) -> Iterator[Change]:
    """Every change that happened, the last one first."""
    for row in db.execute("SELECT * FROM change WHERE state = 'done' ORDER BY id DESC").fetchall():
        moves = moves_of(db, row["id"])
        yield Change(row["id"], row["verb"], row["who"], row["at"], moves, row["undoes"], row["undone_by"])


def to_undo(db: sqlite3.Connection, number: int) -> Change:
    """The change of that number, or (0) the last one that still stands and is no undo itself."""
    if number:
        found = next((change for change in history(db) if change.id == number), None)
    else:
        found = next((change for change in history(db) if not change.undone_by and not change.undoes), None)
    if found is None:
        what = f"no change {number}" if number else "nothing to undo"
        message = f"There is {what}."
        raise UsageError(message, hint="`imgtool undo --list` shows what was done.")
    if found.undone_by:
        message = f"Change {found.id} was undone already, by change {found.undone_by}."
        raise UsageError(message, hint=f"`imgtool undo --change {found.undone_by}` does it again.")
    return found


def way_back(db: sqlite3.Connection, change: Change) -> tuple[tuple[Moved, ...], tuple[str, ...]]:
    """The moves that undo a change; and what has been moved again since, which stays where it is."""
    back = [move.reversed("undone") for move in reversed(change.moves)]
    query = "SELECT 1 FROM picture WHERE path = ? AND state = ? AND sha256 = ?"
    there = [
        m.new_state == "refused" or db.execute(query, (m.old_path, m.old_state, m.sha256)).fetchone() is not None
        for m in back
    ]
    going = tuple(move for move, is_there in zip(back, there, strict=True) if is_there)
    return going, tuple(move.old_path for move, is_there in zip(back, there, strict=True) if not is_there)


def _destination(wish: Remove | Move, row: sqlite3.Row, number: int) -> tuple[str, str, str]:
    if isinstance(wish, Move):
        return wish.target, wish.label, "kept"
    inside = row["path"].removeprefix(f"{store.HIDDEN}/")  # what was only taught lay in there
    return f"{store.REMOVED}/{number}/{inside}", row["label"], "removed"


def _free(root: Path, target: str, taken: set[str]) -> str:
    path = PurePosixPath(target)
    names = (path if n == 1 else path.with_stem(f"{path.stem}-{n}") for n in range(1, 10_000))
    return next(str(name) for name in names if str(name) not in taken and not (root / name).exists())


def _rename(root: Path, old: str, new: str) -> None:
    """By open folders, so that one which is swapped for a link meanwhile leads nowhere else."""
    with folder_of(root, old) as (source, name), folder_of(root, new) as (target, other):
        if _is_there(target, other):
            raise FileExistsError(errno.EEXIST, "a file of that name is there", str(root / new))
        os.rename(name, other, src_dir_fd=source, dst_dir_fd=target)


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
