"""`imgtool check`: every picture looked at once, and what is wrong with it said."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.given import Place, facts, line, remarks, words
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from imgtool.pipeline.check import Checked

DOUBTLESS = ("broken", "blank")  # checks that hardly ever name a good picture: docs/quality.md


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What `check` is to do besides looking."""

    remove: Annotated[
        list[str],
        Option(
            "--remove",
            metavar="CHECK",
            help="Take out what these checks name: broken, blank, dark, bright, low_information, blurred, tiny, shape,"
            " placeholder, odd, misnamed; commas or repeat it.",
        ),
    ] = field(default_factory=list)
    fix_names: Annotated[bool, Option("--fix-names", help="Give misnamed pictures the suffix of their format.")] = False
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would be done; move nothing.")] = False
    report: Annotated[
        str, Option("--report", metavar="FILE", help="Write a page with the pictures.", rich_help_panel=OUTPUT)
    ] = ""


@verb("check")
def check(screen: Screen, place: Place, cleaning: Cleaning, common: Common) -> None:
    """Look at every picture once: broken, blank, blurred, tiny, odd ones; nothing is removed unless asked.

    What is removed can be brought back with `imgtool undo`.
    """
    from imgtool.cli.bar import Bar
    from imgtool.cli.findings import FEW, MORE, drawing
    from imgtool.pipeline.check import check as carry_out

    remove = words(cleaning.remove)
    with Bar(screen, "Judging") as bar:
        seen = carry_out(place.data, remove=remove, fix_names=cleaning.fix_names, dry_run=cleaning.dry_run, watch=bar)
        if cleaning.report:
            from imgtool.web import album

            bar.say("Writing the report")
            album.write(Path(cleaning.report), album.checked(seen))
    screen.result(_facts(seen, cleaning), lambda: drawing(screen, seen, MORE if common.verbose else FEW))
    for text in (*remarks(seen.noticed), *_next(seen, cleaning)):
        screen.note(text, "dim")


def _facts(seen: Checked, cleaning: Cleaning) -> dict[str, object]:
    return {
        "dataset": str(seen.root),
        "looked": seen.looked,
        "classes": seen.counts,
        "checks": seen.by_check,
        "broken": seen.broken,
        "findings": seen.findings,
        "unread": seen.unread,
        "overlooked": [{"path": path, "why": why} for path, why in seen.overlooked],
        "dry_run": cleaning.dry_run,
        "wishes": seen.wishes,
        "change": facts(seen.change),
        "report": cleaning.report or None,
    }


def _next(seen: Checked, cleaning: Cleaning) -> list[str]:
    """What a person may want to do now."""
    data = str(seen.root)
    said = [f"The page: {cleaning.report}"] if cleaning.report else []
    if seen.change:
        return [*said, f"{line('undo', data)} takes that back."]
    if cleaning.dry_run:
        return [*said, "A dry run: nothing was moved."]
    bad = [name for name in DOUBTLESS if seen.by_check.get(name)]
    if bad:
        said.append(f"{line('check', data, '--remove', ','.join(bad))} takes those out; undo brings them back.")
    if "misnamed" in seen.by_check:
        said.append(f"{line('check', data, '--fix-names')} gives them their right suffix.")
    if seen.findings and not cleaning.report:
        said.append(f"{line('check', data, '--report', 'check.html')} shows the pictures.")
    return [*said, f"{line('dedupe', data, '--dry-run')} looks for duplicates."]
