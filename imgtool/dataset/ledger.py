"""Decisions into files and rows. The order makes a kill harmless: the picture is durable first, its row second."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from imgtool.dataset import store
from imgtool.dataset.decisions import Arrival, Decision, Drop, Keep, Retract, Teach, Wait
from imgtool.dataset.rows import PICTURE, SOURCE, picture_row, source_row


class Ledger:
    """One batch of decisions, carried out."""

    def __init__(self, root: Path, db: sqlite3.Connection, run: int) -> None:
        self.root = root
        self.db = db
        self.run = run

    def place(self, decisions: Sequence[Decision]) -> list[str]:
        """Every picture flushed to disk and moved to where its decision says; the new paths."""
        placed = [self._place(decision) for decision in decisions]
        for folder in {os.path.dirname(path) for path in placed if path}:
            store.make_folder_durable(self.root / folder)
        return placed

    def write(self, decisions: Sequence[Decision], placed: Sequence[str]) -> None:
        """The rows of a placed batch; inside the caller's transaction."""
        for decision, path in zip(decisions, placed, strict=True):
            match decision:
                case Keep(arrival):
                    self._record(arrival, path, "kept")
                case Wait(arrival):
                    self._record(arrival, path, "waiting")
                case Teach(arrival):
                    self._record(arrival, path, "taught", "taught")
                case Drop():
                    self._forget(decision)
                case Retract():
                    self._retract(decision, path)

    def tidy(self, decisions: Sequence[Decision]) -> None:
        """Delete the files of pictures that were not wanted; after the rows, so that none is lost by a kill."""
        for decision in decisions:
            if isinstance(decision, Drop) and decision.path:
                with suppress(FileNotFoundError):
                    os.unlink(self.root / decision.path)

    def _place(self, decision: Decision) -> str:
        match decision:
            case Keep(arrival):
                return self._move(arrival, self._folder(arrival.ref.label))
            case Wait(arrival):
                return self._move(arrival, f"{store.WAITING}/{self._folder(arrival.ref.label)}", waiting=True)
            case Teach(arrival):
                return self._move(arrival, store.TAUGHT)
            case Retract():
                return self._set_aside(decision)
            case _:
                return ""

    def _move(self, arrival: Arrival, folder: str, *, waiting: bool = False) -> str:
        old, sha256, kind = self.root / arrival.path, arrival.picture.sha256, arrival.picture.format
        name = store.waiting_name(sha256, kind, arrival.ref.url) if waiting else store.file_name(sha256, kind)
        target = self.root / folder / name
        target.parent.mkdir(exist_ok=True)
        if old == target:
            return arrival.path
        if arrival.path.startswith(store.TMP):
            store.make_durable(old)
        if not self._ours(target, arrival):
            target = store.free_name(target)
        os.replace(old, target)
        return f"{folder}/{target.name}"

    def _ours(self, target: Path, arrival: Arrival) -> bool:
        # a kill between rename and row leaves the very same bytes there: taking their place is harmless
        return target.exists() and target.stat().st_size == arrival.picture.size

    def _folder(self, label: str) -> str:
        return str(self.db.execute("SELECT folder FROM class WHERE label = ?", (label,)).fetchone()[0])

    def _record(self, arrival: Arrival, path: str, state: str, origin: str = "scraped") -> None:
        if arrival.path != path:
            self.db.execute("DELETE FROM picture WHERE path = ?", (arrival.path,))
        mtime = (self.root / path).stat().st_mtime_ns
        self.db.execute(PICTURE, picture_row(path, arrival.ref.label, state, arrival.picture, mtime, origin))
        row = source_row(
            arrival.ref,
            state,
            final_url=arrival.final_url,
            notes=arrival.notes,
            sha256=arrival.picture.sha256,
            run=self.run,
        )
        self.db.execute(SOURCE, row)

    def _forget(self, drop: Drop) -> None:
        if drop.path:
            self.db.execute("DELETE FROM picture WHERE path = ?", (drop.path,))
        skipped = drop.skipped
        row = source_row(
            skipped.ref,
            "skipped",
            reason=skipped.reason,
            detail=skipped.detail,
            status=skipped.status,
            final_url=drop.final_url,
            notes=drop.notes,
            sha256=drop.sha256,
            run=self.run,
        )
        self.db.execute(SOURCE, row)

    def _set_aside(self, retract: Retract) -> str:
        query = "SELECT path FROM picture WHERE label = ? AND sha256 = ? AND state = 'kept'"
        found = self.db.execute(query, (retract.label, retract.sha256)).fetchone()
        if found is None:
            return ""
        target = store.free_name(self.root / store.REMOVED / Path(found[0]).name)
        os.replace(self.root / found[0], target)
        return f"{store.REMOVED}/{target.name}"

    def _retract(self, retract: Retract, path: str) -> None:
        if not path:
            return
        query = "UPDATE picture SET path = ?, state = 'removed' WHERE label = ? AND sha256 = ? AND state = 'kept'"
        self.db.execute(query, (path, retract.label, retract.sha256))
        why = (retract.reason, retract.detail, retract.label, retract.sha256)
        query = "UPDATE source SET state = 'skipped', reason = ?, detail = ? WHERE label = ? AND sha256 = ?"
        self.db.execute(query, why)
