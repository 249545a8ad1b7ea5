"""What `check` saw, for people: each check with its worst, and the files that are no pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from imgtool.cli.given import many as counted
from imgtool.cli.screen import Screen
from imgtool.cli.tables import grid
from imgtool.cli.words import reason_words
from imgtool.dataset import Move
from imgtool.pipeline.check import BROKEN, Broken, Checked

FEW, MORE = 3, 20  # examples of a check, and with --verbose
LISTED = 6  # classes named in the first line


def drawing(screen: Screen, seen: Checked, many: int) -> RenderableType:
    """The whole answer."""
    parts: list[RenderableType] = [heading(screen, seen)]
    if seen.broken:
        parts += [Text(), broken(screen, seen.broken)]
    if seen.findings:
        parts += [Text(), suspects(screen, seen, many)]
    parts += [Text(screen.safe(text), style=style) for text, style in remarks(seen)]
    return Group(*parts)


def heading(screen: Screen, seen: Checked) -> Text:
    """How many pictures, of which classes."""
    text = Text(
        f"{counted(sum(seen.counts.values()), 'picture')} in {counted(len(seen.counts), 'class folder')}", style="bold"
    )
    text.append(f"  {seen.looked} looked at now" if seen.looked else "  all known", style="not bold dim")
    named = list(seen.counts.items())[:LISTED]
    rest = len(seen.counts) - len(named)
    classes = ", ".join(f"{screen.safe(label)} {count}" for label, count in named)
    text.append(f"\n{classes}{f' and {rest} more classes' if rest else ''}", style="not bold")
    return text


def broken(screen: Screen, files: tuple[Broken, ...]) -> Table:
    """Files that are no pictures, by reason."""
    table = grid(BROKEN, "why", "the first of them", right=frozenset({BROKEN}))
    firsts = {file.reason: file for file in reversed(files)}
    for reason, count in Counter(file.reason for file in files).most_common():
        first = firsts[reason]
        detail = f"{first.path}  {first.detail}" if first.detail else first.path
        table.add_row(str(count), screen.safe(reason_words(reason).what), screen.safe(detail))
    return table


def suspects(screen: Screen, seen: Checked, many: int) -> Table:
    """Each check with its worst."""
    table = grid("found", "check", "score", "the most suspicious", "why", right=frozenset({"found", "score"}))
    for name, count in seen.by_check.items():
        worst = [finding for finding in seen.findings if finding.check == name][:many]
        for place, finding in enumerate(worst):
            first = (str(count), name) if place == 0 else ("", "")
            table.add_row(*first, f"{finding.score:.2f}", screen.safe(finding.path), screen.safe(finding.detail))
    return table


def remarks(seen: Checked) -> Iterator[tuple[str, str]]:
    """What else there is to say, and in what colour."""
    if not seen.broken and not seen.findings:
        yield "", ""
        yield "Nothing suspicious.", "green"
    for path, why in seen.overlooked:
        yield f"{path}: {why}.", "yellow"
    if seen.unread:
        yield f"{counted(len(seen.unread), 'file')} could not be looked at, {seen.unread[0]} the first.", "yellow"
    if seen.wishes:
        yield "", ""
        yield done(seen), "green" if seen.change else "yellow"
    if seen.change and seen.change.stale:
        yield f"{len(seen.change.stale)} left alone: they changed since they were looked at.", "yellow"


def done(seen: Checked) -> str:
    """What was carried out, or would be."""
    renamed = sum(isinstance(wish, Move) for wish in seen.wishes)
    removed = len(seen.wishes) - renamed
    if seen.change:
        renamed = sum(move.new_state == "kept" for move in seen.change.moves)
        removed = len(seen.change.moves) - renamed
    what = " and ".join(f"{count} {word}" for count, word in ((removed, "taken out"), (renamed, "renamed")) if count)
    return f"{what or 'Nothing'}: change {seen.change.id}." if seen.change else f"Would be {what}."
