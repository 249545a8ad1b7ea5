"""The story of a demo: what was planted, what was found, what was cleaned, and what a model learnt of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from imgtool.cli.screen import Screen

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.demo.cleaning import Cleaned
    from imgtool.demo.teaching import Taught
    from imgtool.records import ScrapeReport

HANDFUL = 20  # pictures of each class below which a model would learn nothing


def story(
    screen: Screen, planted: Mapping[str, int], report: ScrapeReport, cleaned: Cleaned, taught: Taught | None
) -> RenderableType:
    """All of it, from top to bottom."""
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.report import drawing
    from imgtool.cli.tables import grid

    table = grid("count", "planted in this web", right=frozenset({"count"}))
    for what, count in planted.items():
        table.add_row(str(count), screen.safe(what))
    there = Text("What was there", style="bold")
    parts = (
        there,
        table,
        Text(),
        drawing(screen, report),
        Text(),
        _cleaning(cleaned),
        Text(),
        _teaching(screen, taught),
    )
    return Group(*parts)


def _cleaning(cleaned: Cleaned) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.tables import grid

    score = cleaned.score
    table = grid("planted", "left", "in what a tool saves that does not look", right=frozenset({"planted", "left"}))
    table.add_row(str(score.broken), str(score.broken_left), "broken files: cut off, empty, pages, drawings, bombs")
    table.add_row(str(score.duplicates), str(score.duplicates_left), "exact and near copies")
    table.add_row(str(score.distinct), str(score.distinct - score.lost), "different pictures")
    splits = ", ".join(f"{count} {name}" for name, count in cleaned.splits.items())
    last = f"Split into {splits}, {cleaned.leaks} leaks; {cleaned.exported} pictures exported as npz."
    head = Text(f"The same web, saved without looking: {cleaned.files} files, cleaned to {cleaned.left}", style="bold")
    return Group(head, table, Text(last))


def _teaching(screen: Screen, taught: Taught | None) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.tables import grid

    if taught is None:
        return Text(f"With {HANDFUL} pictures of each class or more, a model would learn them now.", style="dim")
    rate = taught.accuracy
    low, high = rate.interval
    table = grid("drawn now", "it says", "probability", right=frozenset({"probability"}))
    for each in taught.fresh:
        doubt = "" if each.sure else ", not sure"
        table.add_row(screen.safe(each.label), screen.safe(each.said) + doubt, f"{each.probability:.0%}")
    proven = f"{rate.right} of {rate.total} pictures it had not seen were named right ({low:.0%} to {high:.0%})."
    head = Text(f"A model of the scraped pictures, learnt from {taught.learnt} in {taught.seconds:.0f} s", style="bold")
    return Group(head, Text(proven), table)
