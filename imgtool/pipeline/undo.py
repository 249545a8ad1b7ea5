"""`undo`: the last change, or any earlier one, back byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imgtool.dataset import Change, Dataset
from imgtool.dataset.store import HIDDEN
from imgtool.errors import UsageError
from imgtool.pipeline.opened import Where, held, reached


@dataclass(frozen=True, slots=True)
class Undone:
    """What `undo` did."""

    root: Path
    change: Change | None  # None when only an interrupted change was there to be turned back
    turned_back: int  # changes that a killed command had begun: as if they had never been

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import undone

        return undone(self)


def undo(data: Where, change: int = 0) -> Undone:
    """The last change, or the one of that number, back: same bytes, same names.

    What a killed command left half done is turned back first. Without a number that is all, then: it was the last.
    """
    _seen(data)
    with held(data) as ready:
        turned_back = ready.noticed.turned_back
        done = None if turned_back and not change else ready.dataset.undo(change)
        return Undone(ready.dataset.root, done, turned_back)


def history(data: Where) -> tuple[Change, ...]:
    """Every change, the last one first."""
    _seen(data)
    with reached(data) as dataset:
        return tuple(dataset.history())


def _seen(data: Where) -> None:
    """UsageError for a folder without a catalogue: it gets none from us."""
    root = data.root if isinstance(data, Dataset) else Path(data)
    if root.is_dir() and not (root / HIDDEN / "catalog.sqlite").exists():
        message = f"imgtool has never changed anything in {root}."
        raise UsageError(message, hint="`imgtool check` and `imgtool dedupe` do.")
