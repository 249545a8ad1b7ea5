"""Which of several equal pictures stays: the rules, best first, and a word for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from imgtool.errors import UsageError
from imgtool.records import Entry

Measure: TypeAlias = Callable[[Entry], object]
Rule: TypeAlias = tuple[str, Measure]  # what is said of a keeper that wins by it; less is better

PIXELS: Rule = ("most pixels", lambda entry: -entry.picture.width * entry.picture.height)
FEWEST: Rule = ("fewest pixels", lambda entry: entry.picture.width * entry.picture.height)
BYTES: Rule = ("fewest artefacts", lambda entry: -entry.picture.size)  # of equal size, the one least compressed
EARLIER: Rule = ("came first", lambda entry: entry.at)
NAME: Rule = ("first by name", lambda entry: entry.path)

KEEPS: dict[str, tuple[Rule, ...]] = {
    "best": (PIXELS, BYTES, EARLIER, NAME),
    "largest": (PIXELS, BYTES, EARLIER, NAME),
    "smallest": (FEWEST, BYTES, EARLIER, NAME),
    "first": (EARLIER, NAME),
}
FOLDER = "folder:"


def rules(keep: str) -> tuple[Rule, ...]:
    """The rules that a word on the command line means."""
    if keep.startswith(FOLDER) and (folder := keep.removeprefix(FOLDER).strip("/")):
        return (f"folder {folder}", lambda entry: not lies_in(entry.path, folder)), *KEEPS["best"]
    if keep not in KEEPS:
        known = ", ".join(KEEPS)
        raise UsageError(f"Nothing can be kept by {keep!r}.", hint=f"Known: {known}, {FOLDER}NAME.")
    return KEEPS[keep]


def lies_in(path: str, folder: str) -> bool:
    """Is the folder, or a folder of that name, above the file?"""
    return f"/{folder}/" in f"/{path}"


def ranked(entries: Sequence[Entry], keep: str) -> list[Entry]:
    """The entries, those to keep first: one order, whatever order they came in."""
    measures = [measure for _, measure in rules(keep)]
    return sorted(entries, key=lambda entry: tuple(measure(entry) for measure in measures))


def why(keeper: Entry, other: Entry, keep: str) -> str:
    """The rule by which the keeper came before the other."""
    return next((word for word, measure in rules(keep) if measure(keeper) != measure(other)), "first by name")
