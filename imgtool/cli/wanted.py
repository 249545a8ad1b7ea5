"""The flags that `predict` and `what` have in common, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from typer import Argument, Option

from imgtool.cli.verb import OUTPUT
from imgtool.errors import UsageError


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pictures, and how they are to be told of."""

    pictures: Annotated[
        list[str],
        Argument(
            metavar="PICTURE",
            help="Files, folders, patterns, addresses; - reads their names from stdin.",
            show_default=False,
        ),
    ] = field(default_factory=list)
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
    allow_private: Annotated[
        bool | None,
        Option("--allow-private", help="Allow addresses in private networks: your own servers.", show_default=False),
    ] = None


def words(wanted: Wanted) -> str | list[str]:
    """The pictures as they were named, or the only one; UsageError when none was."""
    if not wanted.pictures:
        hint = "A file, a folder, a pattern, an address; - reads their names from stdin."
        raise UsageError("No picture is named.", hint=hint)
    return list(wanted.pictures) if len(wanted.pictures) > 1 else wanted.pictures[0]
