"""The flags of those who look at any pictures: `predict`, `what` and `locate`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

from typer import Argument, Option

from imgtool.cli.verb import OUTPUT
from imgtool.errors import UsageError

Pictures: TypeAlias = Annotated[
    list[str],
    Argument(
        metavar="PICTURE",
        help="Files, folders, patterns, addresses; - reads their names from stdin.",
        show_default=False,
    ),
]
Private: TypeAlias = Annotated[
    bool | None,
    Option("--allow-private", help="Allow addresses in private networks: your own servers.", show_default=False),
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pictures, and how they are to be told of, by `predict` and `what`."""

    pictures: Pictures = field(default_factory=list)
    top: Annotated[int, Option("--top", metavar="N", min=1, help="Names to tell of each picture (5).")] = 5
    save: Annotated[
        str,
        Option("--save", metavar="FOLDER", help="Write each picture with its caption there.", rich_help_panel=OUTPUT),
    ] = ""
    show: Annotated[bool, Option("--show", help="Show the pictures in the terminal too.", rich_help_panel=OUTPUT)] = (
        False
    )
    csv: Annotated[bool, Option("--csv", help="A line for each picture, for spreadsheets.", rich_help_panel=OUTPUT)] = (
        False
    )
    jsonl: Annotated[
        bool, Option("--jsonl", help="One JSON object a line for each picture, as it is known.", rich_help_panel=OUTPUT)
    ] = False
    allow_private: Private = None


def words(pictures: list[str]) -> str | list[str]:
    """The pictures as they were named, or the only one; UsageError when none was."""
    if not pictures:
        hint = "A file, a folder, a pattern, an address; - reads their names from stdin."
        raise UsageError("No picture is named.", hint=hint)
    return list(pictures) if len(pictures) > 1 else pictures[0]
