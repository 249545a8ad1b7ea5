"""What `dedupe` found, for people: who stays and why, who goes, and what is of two classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group as Parts
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from imgtool.cli.given import many as counted
from imgtool.cli.screen import Screen
from imgtool.cli.tables import grid
from imgtool.pipeline.dedupe import Deduped
from imgtool.records import Entry, Group, Twin

FEW, MORE = 10, 100  # groups shown, and with --verbose
MEMBERS = 5  # of one group


def drawing(screen: Screen, found: Deduped, many: int) -> RenderableType:
    """The whole answer."""
    parts: list[RenderableType] = [heading(found)]
    if found.groups:
        parts += [Text(), groups(screen, found.groups[:many]), *rest(found.groups, many)]
    if found.conflicts:
        title = Text("\nOf two classes, and left in both", style="bold yellow")
        parts += [title, conflicts(screen, found.conflicts[:many]), *rest(found.conflicts, many)]
    parts += [Text(f"{text}", style=style) for text, style in done(found)]
    return Parts(*parts)


def heading(found: Deduped) -> Text:
    """How many pictures, and how many too many."""
    text = Text(counted(found.pictures, "picture"), style="bold")
    looked = f"  {found.looked} looked at now" if found.looked else "  all known"
    text.append(looked, style="not bold dim")
    if not found.groups:
        return text.append("\nNo duplicates.", style="not bold green")
    said = f"\n{counted(found.extra, 'duplicate')} in {counted(len(found.groups), 'group')}"
    return text.append(said, style="not bold")


def groups(screen: Screen, shown: Sequence[Group]) -> Table:
    """Each group: the one that stays, and the others with what makes them the same."""
    table = grid("stays", "because of", "goes", "how alike")
    for group in shown:
        first = (named(screen, group.keeper), group.why)
        for twin in group.twins[:MEMBERS]:
            table.add_row(*first, named(screen, twin.entry), alike(twin))
            first = ("", "")
        if len(group.twins) > MEMBERS:
            table.add_row("", "", f"and {len(group.twins) - MEMBERS} more", "")
    return table


def conflicts(screen: Screen, shown: Sequence[Group]) -> Table:
    """Pictures that are in two classes."""
    table = grid("one", "the other", "how alike")
    for group in shown:
        first = named(screen, group.keeper)
        for twin in group.twins[:MEMBERS]:
            table.add_row(first, named(screen, twin.entry), alike(twin))
            first = ""
    return table


def rest(found: Sequence[Group], many: int) -> list[Text]:
    """How many are not shown."""
    left = len(found) - many
    return [Text(f"and {left} more; -v, --json or --report shows them", style="dim")] if left > 0 else []


def named(screen: Screen, entry: Entry) -> str:
    """A picture in two lines: where it is, and what decides between it and its twins."""
    picture = entry.picture
    return f"{screen.safe(entry.path)}\n{picture.width}×{picture.height} {kilobytes(picture.size)}"


def alike(twin: Twin) -> str:
    """In what way."""
    return "same bytes" if twin.how == "bytes" else f"{twin.how}, {twin.likeness:.1%}\n{twin.distance} bits"


def kilobytes(size: int) -> str:
    """A file's size as people say it."""
    return f"{size / 1e3:.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"


def done(found: Deduped) -> Iterator[tuple[str, str]]:
    """What was carried out."""
    if found.change:
        yield f"\n{len(found.change.moves)} taken out: change {found.change.id}.", "green"
        if found.change.stale:
            yield f"{len(found.change.stale)} left alone: they changed since they were looked at.", "yellow"
