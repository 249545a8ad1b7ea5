"""A command is a function of frozen values; this turns their fields into its flags."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields
from typing import Annotated, Any, get_type_hints

import typer

from imgtool.cli.screen import Screen
from imgtool.cli.stop import stopped
from imgtool.errors import MACHINE, ImgtoolError, machine_error

OUTPUT = "Output"


@dataclass(frozen=True, slots=True)
class Common:
    """The flags of every command."""

    json: Annotated[
        bool, typer.Option("--json", help="One JSON object on stdout, nothing else.", rich_help_panel=OUTPUT)
    ] = False
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no remarks.", rich_help_panel=OUTPUT)
    ] = False
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            show_default=False,
            help="More; -vv also shows tracebacks.",
            rich_help_panel=OUTPUT,
        ),
    ] = 0
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask; fail instead.", rich_help_panel=OUTPUT)] = (
        False
    )
    config: Annotated[
        str,
        typer.Option(
            "--config",
            metavar="FILE",
            help="Settings from this file, not the user's and project's.",
            rich_help_panel=OUTPUT,
        ),
    ] = ""


def verb(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a command of `body(screen, common, …)`: parameters that are dataclasses become flags."""

    def make(body: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(body)
        kinds = {key: kind for key, kind in hints.items() if key not in {"screen", "return"}}

        def command(**given: Any) -> None:
            values = {key: _take(kind, given) for key, kind in kinds.items()}
            common: Common = values["common"]
            screen = Screen(name, json=common.json, quiet=common.quiet, asks=not common.no_input)
            _log(common.verbose)
            raise typer.Exit(screen.close(attempt(lambda: body(screen, **values))))

        parameters = [each for kind in kinds.values() for each in _parameters(kind)]
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
        command.__name__, command.__doc__ = body.__name__, body.__doc__
        return command

    return make


def attempt(action: Callable[[], None]) -> ImgtoolError | None:
    """Do it; what went wrong, if it is something we can name."""
    try:
        action()
    except ImgtoolError as error:
        return error
    except KeyboardInterrupt:
        return stopped()
    except OSError as error:
        if error.errno not in MACHINE:
            raise
        return machine_error(error)
    return None


def _take(kind: type[Any], given: dict[str, Any]) -> Any:
    return kind(**{field.name: given[field.name] for field in fields(kind)})


def _parameters(kind: type[Any]) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        yield inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_default(field),
            annotation=hints[field.name],
        )


def _default(field: Field[Any]) -> object:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else inspect.Parameter.empty


def _log(verbose: int) -> None:
    if verbose:
        import logging

        level = logging.DEBUG if verbose > 1 else logging.INFO
        logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
        logging.getLogger("imgtool").setLevel(level)
