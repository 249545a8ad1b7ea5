"""What is found in pictures, for people and machines: a few lines a picture, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from imgtool.cli.given import many
from imgtool.cli.predicted import SURE, UNSURE, why
from imgtool.cli.screen import Screen
from imgtool.errors import NothingFound, Partial
from imgtool.pipeline.located import Find, Located

STEP = 0.05  # by which a threshold goes down in what we advise


class Teller:
    """Tells of each picture as it is known."""

    def __init__(self, screen: Screen, *, quick: bool) -> None:
        self._screen, self._console = screen, screen.console(sys.stdout)
        self._quick = quick
        self._told: list[Located] = []

    def tell(self, said: Located) -> None:
        """One picture more."""
        self._told.append(said)
        if not self._screen.json:
            self._console.print(block(self._screen, said), soft_wrap=True)

    def end(self, facts: Mapping[str, object]) -> None:
        """What it comes to; an ImgtoolError where something is missing."""
        lost = [said for said in self._told if said.refusal]
        finds = sum(len(said.finds) for said in self._told)
        if self._screen.json:
            self._screen.result({**facts, "finds": finds, "pictures": self._told}, lambda: "")
        if lost and lost[0].refusal:
            because = f"{lost[0].picture}: {why(self._screen, lost[0].refusal)}"
            if len(lost) == len(self._told):
                raise NothingFound(f"No picture could be read. {because}.")
            raise Partial(f"{many(len(lost), 'picture')} could not be read, the first of them {because}.")
        if not finds:
            raise NothingFound(nothing(self._told), hint=advice(self._told, quick=self._quick))


def block(screen: Screen, said: Located) -> RenderableType:
    """The picture, a line for each find, and where it is drawn."""
    title = Text(screen.safe(said.picture), style="bold")
    if said.refusal:
        return Group(title, Text(f"  {why(screen, said.refusal)}", style="red"))
    rows = [Text(f"  {screen.safe(find.text)}  {place(find)}", style=SURE) for find in said.finds]
    if not rows:
        short = f"; nearest to it: {screen.safe(said.nearest.text)}  {place(said.nearest)}" if said.nearest else ""
        rows = [Text(f"  nothing found{short}", style=UNSURE)]
    saved = [Text(f"  {screen.safe(said.saved)}", style="dim")] if said.saved else []
    return Group(title, *rows, *saved)


def place(find: Find) -> str:
    """Where it is, in words."""
    left, top, right, bottom = find.box
    return f"{right - left} × {bottom - top} px at {left}, {top}"


def nothing(told: list[Located]) -> str:
    """That nothing was found, in words."""
    where = told[0].picture if len(told) == 1 else many(len(told), "picture")
    return f"Nothing was found in {where}."


def advice(told: list[Located], *, quick: bool) -> str:
    """What a person may try."""
    nearest = max((said.nearest for said in told if said.nearest), key=lambda find: find.probability, default=None)
    lower = int(nearest.probability / STEP) * STEP if nearest else 0.0
    tries = [f"--threshold {lower:.2f} shows {nearest.text}."] if nearest and lower > 0 else []
    tries += ["Without --quick it looks closer."] if quick else []
    return " ".join([*tries, "`imgtool predict` names the picture as a whole."])
