"""`imgtool undo`: the last change, or any earlier one, back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.given import TURNED_BACK, Place, facts, line, many
from imgtool.cli.screen import Screen
from imgtool.cli.verb import Common, verb
from imgtool.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.dataset import Change
    from imgtool.pipeline.undo import Undone


@dataclass(frozen=True, slots=True)
class Which:
    """What is to come back."""

    change: Annotated[int, Option("--change", metavar="N", min=0, help="Undo this change, not the last one.")] = 0
    listed: Annotated[bool, Option("--list", help="Say what was done so far; undo nothing.")] = False


@verb("undo")
def undo(screen: Screen, place: Place, which: Which, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Take back the last change, or an earlier one: same bytes, same names, same classes.

    An undo is a change too, and can be undone by its number.
    """
    from imgtool.pipeline.undo import history
    from imgtool.pipeline.undo import undo as carry_out

    if which.listed and which.change:
        raise UsageError("--list undoes nothing, --change does.", hint="Leave one of them out.")
    if which.listed:
        changes = history(place.data)
        screen.result({"dataset": place.data, "changes": [facts(each) for each in changes]}, lambda: _list(changes))
        return
    done = carry_out(place.data, which.change)
    data = {"dataset": place.data, "turned_back": done.turned_back, "change": facts(done.change)}
    screen.result(data, lambda: _told(screen, done))
    for text in _next(done, place.data):
        screen.note(text, "dim")


def _told(screen: Screen, done: Undone) -> str:
    said = []
    if done.turned_back:
        said.append(TURNED_BACK)
    if done.change:
        moves = done.change.moves
        said.append(f"{many(len(moves), 'file')} back where they were before change {done.change.undoes}.")
        said += [f"  {screen.safe(path)}: moved again since, left where it is." for path in done.change.stale]
    return "\n".join(said)


def _next(done: Undone, data: str) -> list[str]:
    if done.change is None:
        return [f"{line('undo', data)} once more undoes the change before it."]
    return [f"{line('undo', data, '--change', str(done.change.id))} does it again."]


def _list(changes: tuple[Change, ...]) -> RenderableType:
    from imgtool.cli.tables import grid

    if not changes:
        return "Nothing has been changed yet."
    table = grid("change", "when", "who", "what", "files", "why", "state", right=frozenset({"change", "files"}))
    for each in changes:
        why = ", ".join(f"{reason} {count}" for reason, count in Counter(m.reason for m in each.moves).most_common(3))
        what = f"undo of {each.undoes}" if each.undoes else each.verb
        state = f"undone by {each.undone_by}" if each.undone_by else "holds"
        when = each.at.replace("T", " ").removesuffix("+00:00")
        table.add_row(str(each.id), when, each.who, what, str(len(each.moves)), why, state)
    return table
