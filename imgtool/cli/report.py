"""What became of a scrape, for people: each class with what was kept, refused and why, and its engines."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from imgtool.cli.outcome import enough
from imgtool.cli.screen import Screen
from imgtool.cli.tables import grid
from imgtool.cli.words import reason_words, verdict_words
from imgtool.records import ClassReport, ScrapeReport

COUNTS = frozenset({"pages", "seen", "new", "again", "kept"})
INDENT = (0, 0, 0, 2)


def drawing(screen: Screen, report: ScrapeReport) -> RenderableType:
    """The whole report."""
    return Group(*(part for one in report.classes for part in _class(screen, report, one)))


def _class(screen: Screen, report: ScrapeReport, one: ClassReport) -> Iterator[RenderableType]:
    yield heading(screen, report, one)
    if one.skipped:
        yield Padding(refusals(screen, one), INDENT)
        yield Text()
    if one.engines:
        yield Padding(engines(screen, one), INDENT)
        yield Text()


def heading(screen: Screen, report: ScrapeReport, one: ClassReport) -> Text:
    """One line: how many of how many, where, in what time."""
    of = "" if one.wanted is None else f" of {one.wanted}"
    spare = f", {one.spare} spare" if one.spare else ""
    text = Text(screen.safe(one.label), style="bold")
    text.append(f"  {one.kept}{of} pictures", style="green" if enough(one) else "yellow")
    text.append(f" in {screen.safe(report.dataset)}/{screen.safe(one.folder)}", style="not bold")
    text.append(f"  {one.new} new{spare}, {clock(one.seconds)}", style="not bold dim")
    return text


def refusals(screen: Screen, one: ClassReport) -> Table:
    """Reasons by their count, in words."""
    table = grid("refused", "why", "what to do", right=frozenset({"refused"}))
    for name, count in sorted(one.skipped.items(), key=lambda item: -item[1]):
        words = reason_words(name)
        table.add_row(str(count), screen.safe(words.what), screen.safe(words.do))
    return table


def engines(screen: Screen, one: ClassReport) -> Table:
    """What each engine answered, gave, and why it ended."""
    table = grid("engine", "pages", "seen", "new", "again", "kept", "how it ended", right=COUNTS)
    for each in one.engines:
        figures = (each.pages, each.seen, each.new, each.repeated, each.kept)
        ended = each.stopped or verdict_words(each.verdict).what
        table.add_row(screen.safe(each.engine), *map(str, figures), screen.safe(ended))
    return table


def clock(seconds: float) -> str:
    """A duration as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
