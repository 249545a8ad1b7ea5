"""The commands, as one table that can be read; typer makes the parser of it."""

from __future__ import annotations

from typing import Annotated

import typer

from imgtool.cli import (
    augment,
    check,
    config,
    dedupe,
    demo,
    doctor,
    engines,
    evaluate,
    export,
    export_model,
    info,
    make,
    noise,
    predict,
    review,
    scrape,
    snippet,
    split,
    train,
    undo,
    what,
)
from imgtool.cli.help import Command, Group
from imgtool.version import __version__

app = typer.Typer(
    name="imgtool",
    help="Class names in; a trustworthy picture dataset and an honest classifier out.",
    epilog="Exit codes: 0 done, 1 failed, 2 misused, 3 fewer than asked, 4 nothing found, 5 blocked, "
    "6 refused by our rules, 7 storage.",
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
settings = typer.Typer(cls=Group, help="Which settings hold, and who said so.")

app.command("make", cls=Command)(make.make)
app.command("scrape", cls=Command)(scrape.scrape)
app.command("check", cls=Command)(check.check)
app.command("dedupe", cls=Command)(dedupe.dedupe)
app.command("review", cls=Command)(review.review)
app.command("noise", cls=Command)(noise.noise)
app.command("undo", cls=Command)(undo.undo)
app.command("split", cls=Command)(split.split)
app.command("augment", cls=Command)(augment.augment)
app.command("export", cls=Command)(export.export)
app.command("train", cls=Command)(train.train)
app.command("evaluate", cls=Command)(evaluate.evaluate)
app.command("predict", cls=Command)(predict.predict)
app.command("export-model", cls=Command)(export_model.export_model)
app.command("what", cls=Command)(what.what)
app.command("info", cls=Command)(info.info)
app.command("demo", cls=Command)(demo.demo)
app.command("doctor", cls=Command)(doctor.doctor)
app.command("engines", cls=Command)(engines.engines)
app.command("snippet", cls=Command)(snippet.snippet)
app.add_typer(settings, name="config")
settings.command("show", cls=Command)(config.show)
settings.command("path", cls=Command)(config.path)


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
