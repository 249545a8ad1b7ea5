"""What the curating commands take alike: the dataset, lists of words, a report's place."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from typer import Argument

if TYPE_CHECKING:
    from imgtool.dataset import Change, Noticed

TURNED_BACK = "A command that was interrupted has been turned back: its files are where they were."


@dataclass(frozen=True, slots=True)
class Place:
    """The dataset."""

    data: Annotated[
        str, Argument(metavar="DATA", help="A dataset, or any folder of class folders.", show_default=False)
    ]


def words(given: Iterable[str]) -> tuple[str, ...]:
    """Words that were given with commas, or one by one, each once."""
    return tuple(dict.fromkeys(word.strip() for text in given for word in text.split(",") if word.strip()))


def line(*parts: str) -> str:
    """A command that can be pasted."""
    return f"`{shlex.join(['imgtool', *parts])}`"


def many(count: int, what: str) -> str:
    """A count with its noun."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def facts(change: Change | None) -> Mapping[str, object] | None:
    """A change as JSON says it."""
    if change is None:
        return None
    moves = [
        {"from": move.old_path, "to": move.new_path, "reason": move.reason, "detail": move.detail}
        for move in change.moves
    ]
    return {"id": change.id, "verb": change.verb, "at": change.at, "undoes": change.undoes, "moves": moves} | (
        {"stale": change.stale} if change.stale else {}
    )


def remarks(noticed: Noticed) -> list[str]:
    """What hands, or a kill, had left in the dataset."""
    hands = {"gone from the folder": noticed.missing, "moved or renamed by hand": noticed.moved, "back": noticed.back}
    said = [f"Since the last look, {many(count, 'picture')} {what}." for what, count in hands.items() if count]
    return [TURNED_BACK, *said] if noticed.turned_back else said
