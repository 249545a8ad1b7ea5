"""`imgtool bundle`: models as a folder that serves them elsewhere with one command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from imgtool.cli.given import many
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.bundle import Bundled, Wish


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which models, in which form."""

    to: Annotated[
        Literal["folder", "docker"],
        Option("--to", metavar="FORM", help="folder, or docker: the same with a Dockerfile.", show_default=False),
    ]
    models: Annotated[
        list[str] | None, Argument(metavar="MODEL", help="One .keras file or more.", show_default=False)
    ] = None
    digits: Annotated[
        str, Option("--digits", metavar="FILE", help="The model behind the page to draw on.", show_default=False)
    ] = ""
    wheels: Annotated[
        bool,
        Option("--wheels/--no-wheels", help="With all packages in it, fetched by pip now: it starts offline."),
    ] = True
    no_report: Annotated[
        bool, Option("--no-report", help="Without the models' reports: they show pictures of the training set.")
    ] = False
    out: Annotated[
        str, Option("--out", "-o", metavar="DIR", help="Where it goes (beside the model).", rich_help_panel=OUTPUT)
    ] = ""
    force: Annotated[
        bool, Option("--force", "--replace", help="Replace a bundle that is there.", rich_help_panel=OUTPUT)
    ] = False


@verb("bundle")
def bundle(screen: Screen, wanted: Wanted, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Put models into a folder that serves them elsewhere with one command: `sh run`.

    It holds the models, their reports, imgtool itself and the list of what is installed with it; TensorFlow only
    for a model that cannot do without. It runs on a machine of this kind with this version of Python.
    """
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.bundle import bundle as carry_out

    with Bar(screen, "Opening the models") as bar:
        made = carry_out(wanted.models or [], _wish(wanted), watch=bar.step)
    screen.result(_facts(made, wanted), lambda: _drawing(screen, made, wanted))


def _wish(wanted: Wanted) -> Wish:
    from imgtool.pipeline.bundle import Wish

    return Wish(
        to=wanted.to,
        out=Path(wanted.out).expanduser() if wanted.out else None,
        digits=Path(wanted.digits).expanduser() if wanted.digits else None,
        wheels=wanted.wheels,
        report=not wanted.no_report,
        force=wanted.force,
    )


def _facts(made: Bundled, wanted: Wanted) -> dict[str, object]:
    return {
        "models": list(made.models),
        "form": wanted.to,
        "path": str(made.path),
        "bytes": made.size,
        "packages": dict(made.packages),
        "offline": made.wheels,
        "tensorflow_for": list(made.slow),
    }


def _drawing(screen: Screen, made: Bundled, wanted: Wanted) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.groups import kilobytes

    where = "Everything it needs is in it." if made.wheels else "Its packages are fetched when it is first started."
    said = [f"{many(len(made.models), 'model')}, {many(len(made.packages) + 1, 'package')}. {where}"]
    said += [f"{screen.safe(name)} has no quick form: TensorFlow comes with it." for name in made.slow]
    how = "docker build --tag model ." if wanted.to == "docker" else "sh run"
    said += [f"Take the folder anywhere; its README.md says more. There: {how}"]
    return Group(Text(f"{screen.safe(made.path)}, {kilobytes(made.size)}", style="green"), *map(Text, said))
