"""What is said of pictures, for people: names with bars, a line or a few for each picture."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from curate.caption import percent
from imgtool.cli.given import many
from imgtool.cli.plain import short
from imgtool.cli.report import clock
from imgtool.cli.screen import Screen
from imgtool.cli.words import reason_words
from imgtool.pipeline.predicted import Prediction
from imgtool.records import Reason, Refusal

WIDE, NARROW = 32, 10  # cells of a bar
NAME = 32  # characters of a name
EIGHTHS = " ▏▎▍▌▋▊▉"
ITSELF = frozenset({Reason.BROKEN, Reason.GONE})  # reasons whose detail says it all
SURE, UNSURE = "green", "yellow"


@dataclass(slots=True)
class Tally:
    """What has been said so far."""

    names: Counter[str] = field(default_factory=Counter)
    refused: Counter[Reason] = field(default_factory=Counter)
    unsure: int = 0
    saved: int = 0

    def add(self, said: Prediction) -> None:
        """One more."""
        if said.refusal:
            self.refused[said.refusal.reason] += 1
            return
        self.names[said.label] += 1
        self.unsure += not said.sure
        self.saved += bool(said.saved)

    @property
    def told(self) -> int:
        """Pictures that something is said of."""
        return self.names.total()


def block(screen: Screen, said: Prediction) -> RenderableType:
    """A few lines: the picture, its names with bars, the doubt."""
    title = Text(screen.safe(said.picture), style="bold")
    if said.refusal:
        return Group(title, Text(f"  {why(screen, said.refusal)}", style="red"), "")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for place, (name, share) in enumerate(said.ranked):
        style = "dim" if place else SURE if said.sure else UNSURE
        shown = Text(f"  {short(screen.safe(name), NAME)}", style="" if place else "bold")
        table.add_row(shown, Text(bar(share, WIDE), style=style), percent(share))
    doubt = [Text(f"  {screen.safe(said.doubt)}", style=UNSURE)] if said.doubt else []
    saved = [Text(f"  {screen.safe(said.saved)}", style="dim")] if said.saved else []
    return Group(title, table, *doubt, *saved, "")


def line(screen: Screen, said: Prediction, room: int) -> Text:
    """One line: the likeliest name in its column, its bar, the picture, the doubt."""
    if said.refusal:
        text = Text(f"{'—':<{room + NARROW + 11}}{screen.safe(said.picture)}  ", no_wrap=True)
        return text.append(why(screen, said.refusal), style="red")
    style = SURE if said.sure else UNSURE
    text = Text(f"{short(screen.safe(said.label), room):<{room}} ", style="bold", no_wrap=True)
    text.append(f"{bar(said.probability, NARROW)} {percent(said.probability):>8} ", style=f"not bold {style}")
    text.append(f" {screen.safe(said.picture)}", style="not bold")
    return text.append(f"  {screen.safe(said.doubt)}" if said.doubt else "", style=f"not bold {UNSURE}")


def bar(share: float, cells: int) -> str:
    """A bar of that share, to an eighth of a cell; of plain signs where the terminal has no others."""
    if "utf" not in (sys.stdout.encoding or "").lower():
        return f"{'#' * round(share * cells):<{cells}}"
    whole, rest = divmod(round(share * cells * 8), 8)
    return f"{'█' * whole + (EIGHTHS[rest] if rest else ''):<{cells}}"


def why(screen: Screen, refusal: Refusal) -> str:
    """A refusal in words."""
    if refusal.reason in ITSELF and refusal.detail:
        return screen.safe(refusal.detail)
    words = reason_words(refusal.reason).what
    return screen.safe(f"{words}: {refusal.detail}" if refusal.detail else words)


def ending(screen: Screen, tally: Tally, seconds: float) -> Text:
    """The last line, after many pictures."""
    pictures = tally.told + tally.refused.total()
    text = Text(f"{many(pictures, 'picture')} in {clock(seconds)}", style="bold")
    text.append(f"  {screen.safe(listed(tally.names.most_common()))}", style="not bold")
    if tally.unsure:
        text.append(f"  {tally.unsure:,} not sure", style=f"not bold {UNSURE}")
    if tally.refused:
        text.append(f"  {tally.refused.total():,} not read", style="not bold red")
    return text


def listed(counts: Iterable[tuple[str, int]], most: int = 6) -> str:
    """The commonest names with their counts."""
    told = [f"{name} {count:,}" for name, count in counts]
    rest = f" and {len(told) - most} more names" if len(told) > most else ""
    return ", ".join(told[:most]) + rest
