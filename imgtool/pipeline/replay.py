"""Decisions of people taken to another dataset: the same pictures, known by their bytes, get the same verdicts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from imgtool.dataset import Change, Dataset, Decided, Move, Remove, Verdict, clean
from imgtool.errors import UsageError
from imgtool.records import Entry, Reason

SCHEMA = "imgtool/decisions/1"
HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay."""

    dropped: int
    moved: int
    kept: int
    absent: int  # decisions about pictures that are not here, or were carried out before
    stale: tuple[str, ...] = ()  # files that changed meanwhile, and were left alone


@dataclass(frozen=True, slots=True)
class Course:
    """What decisions come to in a set: where each file ends, and which decisions brought it there."""

    ends: Mapping[str, str]  # path to its last class; "" = out of the set
    carried: tuple[tuple[Decided, tuple[str, ...]], ...]  # with the paths that each touches


def course(decided: Iterable[Decided], entries: Iterable[Entry]) -> Course:
    """Follow the decisions in their order. Of files with the same bytes, as many stay as stayed the first time."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        places[entry.picture.sha256, entry.label].append(entry.path)
    ends: dict[str, str] = {}
    carried = []
    for each in decided:
        there = places.get((each.sha256, each.label), [])
        touched = there if each.verdict is Verdict.KEEP else there[each.stayed :]
        if not touched:
            continue
        carried.append((each, tuple(touched)))
        if each.verdict is not Verdict.KEEP:
            ends |= dict.fromkeys(touched, each.target)
            places[each.sha256, each.label] = there[: each.stayed]
        if each.verdict is Verdict.MOVE:
            places[each.sha256, each.target].extend(touched)
    return Course(ends, tuple(carried))


def replay(dataset: Dataset, decided: Iterable[Decided], who: str) -> Replayed:
    """Carry decisions out as one change that can be undone; the caller holds the dataset for writing."""
    decided, known = list(decided), set(dataset.decided())
    entries = {entry.path: entry for entry in dataset.entries()}
    way = course((each for each in decided if each not in known), entries.values())
    wishes = [_wish(dataset, entries[path], end) for path, end in way.ends.items() if end != entries[path].label]
    if not way.carried:
        return Replayed(0, 0, 0, len(decided))

    def remember(change: Change) -> Iterable[Decided]:
        return [each for each, paths in way.carried if not set(paths) <= set(change.stale)]

    change = dataset.change("review", wishes, who, remember)
    dropped = sum(move.new_state == "removed" for move in change.moves)
    kept = sum(each.verdict is Verdict.KEEP for each, _ in way.carried)
    return Replayed(dropped, len(change.moves) - dropped, kept, len(decided) - len(way.carried), change.stale)


def _wish(dataset: Dataset, entry: Entry, end: str) -> Remove | Move:
    if not end:
        return Remove(entry.path, Reason.REMOVED, "review")
    return Move(entry.path, f"{dataset.folder(end)}/{PurePosixPath(entry.path).name}", end, "moved", "review")


def written(decided: Iterable[Decided]) -> str:
    """Decisions as a JSON text."""
    return json.dumps({"schema": SCHEMA, "decisions": [asdict(each) for each in decided]}, indent=1) + "\n"


def decisions_of(source: Path) -> list[Decided]:
    """The decisions in a JSON file, or in another dataset."""
    if source.is_dir():
        if not (source / ".imgtool" / "catalog.sqlite").is_file():
            raise UsageError(f"{source} was never reviewed.", hint="Give a reviewed dataset, or a file of --export.")
        with Dataset.open(source) as other:
            return other.decided()
    try:
        return read(source.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        hint = "Give a reviewed dataset, or a file of `imgtool review DATA --export FILE`."
        raise UsageError(f"{source} cannot be read: {error}.", hint=hint) from error


def read(text: str) -> list[Decided]:
    """The decisions of a JSON text; a foreign hand may have written it."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"This is no JSON: {error}.", hint="--export writes what --replay reads.") from error
    if not isinstance(body, dict) or body.get("schema") != SCHEMA or not isinstance(body.get("decisions"), list):
        raise UsageError(f"These are no decisions: no {SCHEMA!r} inside.", hint="--export writes what --replay reads.")
    return [_decided(number, each) for number, each in enumerate(body["decisions"], 1)]


def _decided(number: int, row: Any) -> Decided:
    try:
        verdict, stayed = Verdict(row["verdict"]), int(row.get("stayed", 0))
        target = clean(row["target"]) if verdict is Verdict.MOVE else ""
        sha256, label = str(row["sha256"]), clean(row["label"])
        who, at = (str(row.get(name, ""))[:200] for name in ("who", "at"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"Decision {number} is incomplete or malformed: {error}.") from error
    if len(sha256) != 64 or not HEX.issuperset(sha256) or stayed < 0:
        raise UsageError(f"Decision {number} names no picture: {sha256[:80]!r}.")
    return Decided(sha256, label, verdict, target, stayed, who, at)
