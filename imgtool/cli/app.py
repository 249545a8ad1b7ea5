"""The program as a whole: what it is for, how it ends, and its one flag; the verbs are a table of their own."""

from __future__ import annotations

from typing import Annotated

import typer

from imgtool.cli.verbs import Root
from imgtool.version import __version__

app = typer.Typer(
    name="imgtool",
    help="Class names in; a trustworthy picture dataset and an honest classifier out.",
    epilog="Exit codes: 0 done, 1 failed, 2 misused, 3 fewer than asked, 4 nothing found, 5 blocked, "
    "6 refused by our rules, 7 storage.",
    cls=Root,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"imgtool {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which imgtool this is.")
    ] = False,
) -> None:
    """Class names in; a trustworthy picture dataset and an honest classifier out."""
