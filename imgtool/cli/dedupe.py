"""`imgtool dedupe`: exact and near duplicates out, the best of each group stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.given import Place, facts, line, remarks
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from imgtool.pipeline.dedupe import Deduped
    from imgtool.records import Group


@dataclass(frozen=True, slots=True)
class Sameness:
    """What counts as the same picture, and which of them stays."""

    within: Annotated[
        int | None,
        Option("--within", metavar="N", min=0, max=64, help="Bits of 64 in which two hashes may differ (10)."),
    ] = None
    keep: Annotated[
        str,
        Option("--keep", metavar="WHICH", help="best, largest, smallest, first, or folder:NAME: which one stays."),
    ] = "best"
    mirrored: Annotated[bool, Option("--mirrored", help="Mirrored and turned pictures are the same as well.")] = False
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would be done; move nothing.")] = False
    report: Annotated[
        str, Option("--report", metavar="FILE", help="Write a page with the pictures.", rich_help_panel=OUTPUT)
    ] = ""


@verb("dedupe")
def dedupe(screen: Screen, place: Place, sameness: Sameness, common: Common) -> None:
    """Take exact and near duplicates out of each class; the best of each group stays.

    A picture that is in two classes is told and stays in both. What is taken out comes back with `imgtool undo`.
    """
    from imgtool.cli.bar import Bar
    from imgtool.cli.groups import FEW, MORE, drawing
    from imgtool.pipeline.dedupe import dedupe as carry_out

    with Bar(screen, "Comparing") as bar:
        found = carry_out(
            place.data,
            within=sameness.within,
            keep=sameness.keep,
            mirrored=sameness.mirrored,
            dry_run=sameness.dry_run,
            watch=bar,
        )
        if sameness.report:
            from imgtool.web import album

            bar.say("Writing the report")
            album.write(Path(sameness.report), album.deduped(found))
    screen.result(_facts(found, sameness), lambda: drawing(screen, found, MORE if common.verbose else FEW))
    for text in (*remarks(found.noticed), *_next(found, sameness)):
        screen.note(text, "dim")


def _facts(found: Deduped, sameness: Sameness) -> dict[str, object]:
    return {
        "dataset": str(found.root),
        "pictures": found.pictures,
        "looked": found.looked,
        "extra": found.extra,
        "groups": _groups(found.groups),
        "conflicts": _groups(found.conflicts),
        "dry_run": sameness.dry_run,
        "change": facts(found.change),
        "report": sameness.report or None,
    }


def _groups(groups: Iterable[Group]) -> list[object]:
    return [
        {
            "keeper": {"path": group.keeper.path, "class": group.keeper.label},
            "why": group.why,
            "twins": [
                {
                    "path": twin.entry.path,
                    "class": twin.entry.label,
                    "how": twin.how,
                    "distance": twin.distance,
                    "likeness": round(twin.likeness, 4),
                }
                for twin in group.twins
            ],
        }
        for group in groups
    ]


def _next(found: Deduped, sameness: Sameness) -> list[str]:
    """What a person may want to do now."""
    data = str(found.root)
    said = [f"The page: {sameness.report}"] if sameness.report else []
    if found.conflicts:
        said.append(f"{line('review', data)} shows pictures of two classes side by side, to say which is right.")
    if sameness.dry_run and found.groups:
        said.append(f"A dry run: nothing was moved. {line('dedupe', data)} does it.")
    elif found.change:
        said.append(f"{line('undo', data)} takes that back.")
    return [*said, f"{line('split', data)} is next."] if not sameness.dry_run else said
