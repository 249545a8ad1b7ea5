"""The only module that writes into a dataset: open, look, write decisions down."""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from imgtool.dataset import catalogue, changes, folders, lock, reconcile, store, suspects
from imgtool.dataset import compared as comparisons
from imgtool.dataset import crops as pieces
from imgtool.dataset import decided as decidedly
from imgtool.dataset.census import Census
from imgtool.dataset.census import census as counted
from imgtool.dataset.changes import Change, Move, Moved, Remove
from imgtool.dataset.compared import Compared
from imgtool.dataset.crops import Crop
from imgtool.dataset.decided import Decided
from imgtool.dataset.decisions import Arrival, Decision, KeptBefore, Past, SkippedBefore
from imgtool.dataset.ledger import Ledger
from imgtool.dataset.rows import PICTURE, now, picture_of, picture_row, ref_of
from imgtool.errors import StorageError, UsageError, machine_error
from imgtool.records import Entry, Finding, ImageRef, Picture, Reason, Refusal
from imgtool.version import __version__


class Dataset:
    """A folder of class folders, and its catalogue. Use `Dataset.open`."""

    def __init__(self, root: Path, db: sqlite3.Connection) -> None:
        self.root = root
        self._db = db
        self._turn = threading.RLock()  # one connection, used from the loop's thread and from writers' threads
        self._serial = itertools.count()
        self._run = 0

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False) -> Self:
        """The dataset at `path`. One that imgtool has never seen is a dataset too, if it is there."""
        root = Path(path)
        if not root.is_dir() and not create:
            message = f"There is no folder {root}."
            raise UsageError(message, hint="Collect one with `imgtool scrape CLASS --out " + str(root) + "`.")
        store.prepare(root)
        return cls(root, catalogue.connect(root / store.HIDDEN / "catalog.sqlite"))

    def close(self) -> None:
        """Let go of the catalogue, once whoever writes has written."""
        with self._turn:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise catalogue.storage_error(error, self.root / store.HIDDEN / "catalog.sqlite") from error

    @contextmanager
    def writing(self, *, notice: bool = True) -> Iterator[reconcile.Noticed]:
        """Hold the dataset for changes; what a killed run or a person's hand left is put right first.

        Without `notice`, hands are not looked for: a change asks each of its files anyway whether it is the same.
        """
        with lock.held(self.root / store.HIDDEN / "lock"):
            with self._transaction():
                mended = changes.mend(self.root, self._db)
                noticed = reconcile.reconcile(self.root, self._db) if notice else reconcile.Noticed()
            with store.cleared(self.root):
                yield replace(noticed, turned_back=mended)

    # classes

    def classes(self) -> dict[str, str]:
        """Label to folder, for every class the catalogue or the folder tree names."""
        with self._turn:
            known = {row["folder"]: row["label"] for row in self._db.execute("SELECT label, folder FROM class")}
        for name in store.class_folders(self.root):
            known.setdefault(name, name)
        return dict(sorted((label, folder) for folder, label in known.items()))

    def folder(self, label: str) -> str:
        """The folder of a class, made if it is new. Two labels never share one, even where case is ignored."""
        known = self.classes()
        if label not in known:
            name = folders.folder(label)
            if any(name == other or folders.clashes(name, other) for other in known.values()):
                name = folders.apart(name, label)
            known[label] = name
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO class VALUES (?, ?)", (label, known[label]))
        (self.root / known[label]).mkdir(exist_ok=True)
        return known[label]

    # looking

    def count(self, label: str, state: str = "kept") -> int:
        """How many pictures of a class are in that state."""
        with self._turn:
            query = "SELECT count(*) FROM picture WHERE label = ? AND state = ?"
            return int(self._db.execute(query, (label, state)).fetchone()[0])

    def states(self) -> Counter[str]:
        """How many pictures are kept, waiting, removed, missing."""
        query = "SELECT state, count(*) AS n FROM picture GROUP BY state"
        return Counter({row["state"]: row["n"] for row in self._rows(query, ())})

    def pictures(self, label: str, state: str = "kept") -> Iterator[tuple[str, Picture]]:
        """Path and picture, in the order they came."""
        query = "SELECT * FROM picture WHERE label = ? AND state = ? ORDER BY rowid"
        for row in self._rows(query, (label, state)):
            yield row["path"], picture_of(row)

    def entries(self, state: str = "kept") -> Iterator[Entry]:
        """Every picture of every class, by path: the same order on every machine."""
        for row in self._rows("SELECT * FROM picture WHERE state = ? ORDER BY path", (state,)):
            yield Entry(row["path"], row["label"], picture_of(row), row["at"])

    def hashes(self, label: str, state: str = "kept") -> Iterator[tuple[str, int, str, str]]:
        """sha256, phash, path, origin: what uniqueness needs, without the thumbnails."""
        query = "SELECT sha256, phash, path, origin FROM picture WHERE label = ? AND state = ? ORDER BY rowid"
        for row in self._rows(query, (label, state)):
            yield row["sha256"], row["phash"] & (1 << 64) - 1, row["path"], row["origin"]

    def strangers(self) -> Iterator[tuple[str, str, Refusal]]:
        """Files in class folders that are no pictures: path, label, why."""
        for row in self._rows("SELECT path, label, reason, detail FROM refused ORDER BY path", ()):
            yield row["path"], row["label"], Refusal(Reason(row["reason"]), row["detail"])

    def refused(self, label: str) -> Iterator[tuple[str, Reason]]:
        """The bytes that were taken out of a class, and must not come back."""
        query = (
            "SELECT p.sha256, coalesce(min(s.reason), '') AS reason FROM picture p LEFT JOIN source s"
            " ON s.label = p.label AND s.sha256 = p.sha256 AND s.reason = 'placeholder'"
            " WHERE p.label = ? AND p.state IN ('removed', 'missing') GROUP BY p.sha256"
        )
        for row in self._rows(query, (label,)):
            yield row["sha256"], Reason(row["reason"] or Reason.REMOVED)

    def thumb(self, sha256: str) -> bytes:
        """The stored thumbnail of a picture."""
        with self._turn:
            row = self._db.execute("SELECT thumb FROM picture WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
        return bytes(row[0]) if row else b""

    def past(self, label: str, url: str) -> Past | None:
        """What an earlier run, or an earlier page of this one, made of a URL."""
        with self._turn:
            row = self._db.execute("SELECT * FROM source WHERE label = ? AND url = ?", (label, url)).fetchone()
            return self._past(row) if row else None

    def _past(self, row: sqlite3.Row) -> Past | None:
        ref = ref_of(row)
        if row["state"] == "skipped":
            return SkippedBefore(ref, Reason(row["reason"]), row["sha256"])
        found = self._picture_of(row)
        if found is None or found["state"] in {"removed", "missing"}:
            return SkippedBefore(ref, Reason.REMOVED, row["sha256"])
        if found["state"] == "kept":
            return KeptBefore(ref, row["sha256"])
        return Arrival(ref, picture_of(found), found["path"], row["final_url"], json.loads(row["notes"]))

    def _picture_of(self, row: sqlite3.Row) -> sqlite3.Row | None:
        query = "SELECT * FROM picture WHERE label = ? AND sha256 = ?"
        found: list[sqlite3.Row] = self._db.execute(query, (row["label"], row["sha256"])).fetchall()
        if row["state"] == "waiting":
            own = (p for p in found if p["path"].endswith(store.waiting_name(p["sha256"], p["format"], row["url"])))
            return next(own, next((p for p in found if p["state"] != "waiting"), None))
        return next(iter(found), None)

    def unexamined(self, label: str) -> list[str]:
        """Files of a class folder that nobody has decoded yet: a person put them there."""
        with self._turn:
            query = "SELECT path FROM picture WHERE label = ? UNION SELECT path FROM refused WHERE label = ?"
            known = {row[0] for row in self._db.execute(query, (label, label))}
        folder = self.classes().get(label, folders.folder(label))
        paths = (f"{folder}/{entry.name}" for entry in store.files_of(self.root, folder))
        return [path for path in paths if path not in known]

    # writing

    def scratch(self) -> Path:
        """A name for a file that is being written; nobody sees it until it is decided on."""
        return self.root / store.TMP / f"{next(self._serial):08d}"

    def relative(self, path: Path) -> str:
        """The path as the catalogue knows it."""
        return path.relative_to(self.root).as_posix()

    def adopt(self, label: str, found: Sequence[tuple[str, Picture | Refusal]]) -> None:
        """Write down what was seen in files that a person put into a class folder; not of those that have gone."""
        with self._transaction():
            for path, seen in found:
                try:
                    stat = (self.root / path).stat()
                except FileNotFoundError:
                    continue
                if isinstance(seen, Refusal):
                    row = (path, label, seen.reason, seen.detail, stat.st_size, stat.st_mtime_ns)
                    self._db.execute("INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?, ?, ?)", row)
                else:
                    self._db.execute(PICTURE, picture_row(path, label, "kept", seen, stat.st_mtime_ns, "found"))

    def commit(self, decisions: Sequence[Decision]) -> list[str]:
        """Files to their places, then their rows, in one transaction; the path of each decision's picture."""
        ledger = Ledger(self.root, self._db, self._run)
        try:
            with self._turn:
                placed = ledger.place(decisions)
                with self._transaction():
                    ledger.write(decisions, placed)
                ledger.tidy(decisions)
        except OSError as error:
            raise machine_error(error, f"{self.root} cannot be written") from error
        return placed

    def begin(self, verb: str, config: Mapping[str, object]) -> None:
        """A run starts: who, with what settings. Secrets never get here."""
        with self._transaction():
            row = (verb, json.dumps(config, sort_keys=True, default=str), __version__, now())
            cursor = self._db.execute("INSERT INTO run (verb, config, version, started) VALUES (?, ?, ?, ?)", row)
            self._run = cursor.lastrowid or 0

    def end(self, summary: Mapping[str, object]) -> None:
        """And is over."""
        with self._transaction():
            text = json.dumps(summary, sort_keys=True, default=str)
            self._db.execute("UPDATE run SET ended = ?, summary = ? WHERE id = ?", (now(), text, self._run))

    # splits

    def splits(self) -> dict[str, str]:
        """sha256 to the name of its split, as last written."""
        return {row["sha256"]: row["name"] for row in self._rows("SELECT sha256, name FROM split", ())}

    def save_splits(self, names: Mapping[str, str]) -> None:
        """Write down which split each picture is in; all at once."""
        with self._transaction():
            self._db.execute("DELETE FROM split")
            self._db.executemany("INSERT INTO split VALUES (?, ?)", names.items())

    # findings

    def findings(self) -> list[Finding]:
        """What verbs found that compare all pictures, of those still in their class; the most suspicious first."""
        return suspects.held(self._rows(suspects.HELD, ()))

    def save_findings(self, verb: str, findings: Iterable[Finding]) -> None:
        """Write down what a verb found, in place of what it found before."""
        with self._transaction():
            suspects.write(self._db, verb, findings)

    # comparisons

    def compared(self, way: str) -> Compared:
        """What the last comparison was about, if it was made in that way, and the conflicts that it left open."""
        with self._turn:
            return comparisons.read(self._db, way)

    def save_compared(self, way: str, now: Compared) -> None:
        """Write down a comparison, in place of the last."""
        with self._transaction():
            comparisons.write(self._db, way, now)

    # crops

    def crops(self, state: str = "") -> dict[str, Crop]:
        """The files that are parts of other pictures, by their bytes; all, or of parents in that state."""
        return pieces.crops(self._rows(pieces.CROPS, (state, state)))

    def parents(self, state: str = "") -> list[Entry]:
        """The pictures that crops were cut from, by path; they lie elsewhere."""
        return pieces.parents(self._rows(pieces.PARENTS, (state, state)))

    def cut(self, parent: Entry, crops: Sequence[Crop], decisions: Sequence[Decision]) -> None:
        """All crops of a parent. Their rows come first: no crop ever lies here without its parent."""
        with self._transaction():
            pieces.begin(self._db, parent, crops)
        self.commit(decisions)
        with self._transaction():
            pieces.finish(self._db, parent)

    # where pictures came from

    def addresses(self) -> dict[str, int]:
        """sha256 to the number of addresses that gave these bytes."""
        query = "SELECT sha256, count(*) AS n FROM source WHERE sha256 <> '' GROUP BY sha256"
        return {row["sha256"]: row["n"] for row in self._rows(query, ())}

    def sources(self) -> dict[str, ImageRef]:
        """sha256 to the reference that brought it; of several, the first."""
        query = "SELECT * FROM source WHERE sha256 <> '' ORDER BY id DESC"
        return {row["sha256"]: ref_of(row) for row in self._rows(query, ())}

    # changes, and back

    def change(
        self,
        verb: str,
        wishes: Iterable[Remove | Move],
        who: str = "imgtool",
        remember: Callable[[Change], Iterable[Decided]] = lambda _: (),
    ) -> Change:
        """Carry out removals and moves: all of them, or none. Files that changed meanwhile are left alone.

        `remember` says, of what is about to be done, which decisions of a person it carries out.
        """
        with self._turn:
            with self._transaction():
                number = changes.begin(self._db, verb, who)
                entries = list(changes.planned(self.root, self._db, wishes, number))
                moves = [entry for entry in entries if isinstance(entry, Moved)]
                changes.write_moves(self._db, number, moves)
            stale = tuple(entry for entry in entries if isinstance(entry, str))
            change = Change(number, verb, who, now(), tuple(moves), stale=stale)
            return self._happen(change, remember(change))

    def undo(self, number: int = 0, who: str = "imgtool") -> Change:
        """The last change, or the one of that number, back: same bytes, same names, same classes."""
        with self._turn:
            undone = changes.to_undo(self._db, number)
            back, stale = changes.way_back(self._db, undone)
            with self._transaction():
                number = changes.begin(self._db, "undo", who, undoes=undone.id)
                changes.write_moves(self._db, number, back)
            return self._happen(Change(number, "undo", who, now(), back, undoes=undone.id, stale=stale))

    def decided(self) -> list[Decided]:
        """What people decided and nobody has undone, in the order they did."""
        with self._turn:
            return decidedly.holding(self._db)

    def history(self) -> Iterator[Change]:
        """Every change, the last one first."""
        with self._turn:
            yield from list(changes.history(self._db))

    def _happen(self, change: Change, decided: Iterable[Decided] = ()) -> Change:
        try:
            changes.carry_out(self.root, change.moves)
        except StorageError:
            with self._transaction():
                changes.abandon(self._db, change.id)
            raise
        with self._transaction():
            changes.write(self._db, change.moves)
            decidedly.write(self._db, change.id, decided)
            changes.finish(self._db, change.id)
        return change

    # result pages

    def page(self, key: str, since: str) -> bytes | None:
        """A result page that was read before, not older than `since`."""
        with self._turn:
            row = self._db.execute("SELECT body FROM page WHERE key = ? AND at >= ?", (key, since)).fetchone()
        return zlib.decompress(row[0]) if row else None

    def save_page(self, key: str, body: bytes) -> None:
        """Remember a result page as it was read."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", (key, now(), zlib.compress(body, 3)))

    # how

    def reasons(self, label: str) -> Counter[str]:
        """Why pictures of a class are not in the set, over all runs."""
        query = "SELECT reason, count(*) AS n FROM source WHERE label = ? AND state = 'skipped' GROUP BY reason"
        return Counter({row["reason"]: row["n"] for row in self._rows(query, (label,))})

    def census(self) -> Census:
        """How many pictures came how far, over all runs."""
        labels = self.classes()
        with self._turn:
            return counted(self._db, labels)

    def _rows(self, query: str, values: tuple[object, ...]) -> Iterator[sqlite3.Row]:
        with self._turn:
            cursor = self._db.execute(query, values)
        while True:
            with self._turn:
                batch = cursor.fetchmany(500)
            if not batch:
                return
            yield from batch

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._turn:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise catalogue.storage_error(error, self.root / store.HIDDEN / "catalog.sqlite") from error
