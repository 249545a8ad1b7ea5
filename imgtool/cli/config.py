"""`imgtool config`: which settings hold, and who said so."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from imgtool.cli.help import Command, Group
from imgtool.cli.screen import Screen
from imgtool.cli.settle import settle
from imgtool.cli.verb import Common, verb
from imgtool.settings import ROWS, Loaded
from imgtool.settings.places import project_file, user_file

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class Showing:
    """How `config show` shows."""

    origin: Annotated[bool, Option("--origin", help="Also say where each value comes from.")] = False


@verb("config show")
def show(screen: Screen, common: Common, showing: Showing) -> None:
    """Every setting with its value; keys are named, never shown."""
    loaded = settle(screen, common)
    data = {name: getattr(loaded.settings, name) for name in ROWS}
    origins = {"origins": dict(loaded.origins)} if showing.origin else {}
    keys = [name for name, _ in loaded.settings.keys.pairs]
    screen.result({"settings": data, **origins, "keys": keys}, lambda: _table(screen, loaded, showing))


@verb("config path")
def path(screen: Screen, common: Common) -> None:
    """The files that settings are read from, the weaker first, and whether they are there."""
    found = settle(screen, common).files
    candidates = [user_file(os.environ), project_file(Path.cwd()) or Path.cwd() / "imgtool.toml"]
    files = list(dict.fromkeys([*filter(None, candidates), *found]))
    rows = [{"path": str(file), "read": file in found} for file in files]
    screen.result({"files": rows}, lambda: _paths(screen, files, found))


config = typer.Typer(cls=Group, add_completion=False, help="Which settings hold, and who said so.")
config.command("show", cls=Command)(show)
config.command("path", cls=Command)(path)


def _table(screen: Screen, loaded: Loaded, showing: Showing) -> RenderableType:
    from imgtool.cli.tables import grid

    table = grid("setting", "value", "meaning" if not showing.origin else "from")
    for row in ROWS.values():
        value, origin = getattr(loaded.settings, row.name), loaded.origins[row.name]
        last = row.about if not showing.origin else origin
        table.add_row(
            row.name, screen.safe(_shown(value)), screen.safe(last), style=None if origin == "default" else "bold"
        )
    for name, _ in loaded.settings.keys.pairs:
        table.add_row(name, "set, not shown", "the environment")
    return table


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _paths(screen: Screen, files: list[Path], found: tuple[Path, ...]) -> str:
    return "\n".join(f"{screen.safe(file)}  ({'read' if file in found else 'absent'})" for file in files)
