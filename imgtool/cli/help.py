"""The help pages: typer knows the flags, this draws them. (Typer's own pages load a Markdown reader: 0.15 s.)"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from imgtool.cli.screen import Screen

if TYPE_CHECKING:
    from rich.table import Table
    from typer import Context

OPTIONS = "Options"
GAP = 2  # blanks around the columns
LONG = 200  # characters: more is not said of a command in one line


class Command(TyperCommand):
    """A command that explains itself our way."""

    def format_help(self, ctx: Any, formatter: object) -> None:  # noqa: ARG002  # typer's, left empty
        """Print the page."""
        show(ctx, self)


class Group(TyperGroup):
    """A group of commands that explains itself our way."""

    def format_help(self, ctx: Any, formatter: object) -> None:  # noqa: ARG002  # typer's, left empty
        """Print the page."""
        show(ctx, self)

    def summaries(self) -> list[tuple[str, str]]:
        """Each command's name, and in a line what it is for."""
        return [(name, brief(each)) for name, each in self.commands.items()]


def brief(command: Any) -> str:
    """What a command is for."""
    return str(command.get_short_help_str(LONG))


def show(ctx: Context, command: TyperCommand | TyperGroup) -> None:
    """One page: usage, what it does, the commands or arguments, the flags by what they are about."""
    console = Screen("").console(sys.stdout)
    console.print(" ".join(["Usage:", ctx.command_path, *command.collect_usage_pieces(ctx)]), style="bold")
    console.print(f"\n{cleandoc(command.help or '')}\n")
    for title, rows in panels(ctx, command):
        console.print(title, style="bold yellow")
        console.print(_table(rows))
        console.print()
    if command.epilog:
        console.print(command.epilog, style="dim")


def panels(ctx: Context, command: TyperCommand | TyperGroup) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The parts of a page, each a title and its rows."""
    if isinstance(command, Group):
        yield "Commands", command.summaries()
    arguments = [(each.metavar or "", each.help or "") for each in command.params if isinstance(each, TyperArgument)]
    if arguments:
        yield "Arguments", arguments
    found: dict[str, list[tuple[str, str]]] = {}
    for option in options(ctx, command):
        found.setdefault(option.rich_help_panel or OPTIONS, []).append((spelled(option), option.help or ""))
    last = found.pop(OPTIONS, [])
    yield from found.items()
    if last:
        yield OPTIONS, last


def options(ctx: Context, command: TyperCommand | TyperGroup) -> list[TyperOption]:
    """The flags of a command, --help among them."""
    return [each for each in command.get_params(ctx) if isinstance(each, TyperOption) and not each.hidden]


def spelled(option: TyperOption) -> str:
    """A flag as it is typed: short forms first, then what follows it."""
    names = sorted(option.opts, key=len) + sorted(option.secondary_opts)
    return " ".join([", ".join(names), *([option.metavar] if option.metavar else [])])


def _table(rows: list[tuple[str, str]]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, GAP))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(f"  {name}", text)
    return table
