"""The way in and the way out: arguments in, an exit code out, whatever happens between."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from imgtool.cli import crash, outlet, stop
from imgtool.cli.screen import Screen
from imgtool.errors import UsageError


def main() -> None:
    """Run `imgtool` as a process: streams, signals and the hook for what nobody expects."""
    args = sys.argv[1:]
    outlet.guard()
    stop.listen()
    sys.excepthook = crash.hook(args)
    code = run(args)
    outlet.flush()
    stop.ending()
    sys.exit(code)


def run(args: Sequence[str]) -> int:
    """The exit code of one command line."""
    import typer
    from typer.main import get_command

    from imgtool.cli.app import app

    command = get_command(app)
    try:
        return int(command.main(list(args) or ["--help"], prog_name="imgtool", standalone_mode=False) or 0)
    except typer.TyperException as error:
        return _misused(args, error)


def _misused(args: Sequence[str], error: Exception) -> int:
    """What typer could not parse, told as all our errors are."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "imgtool"
    message = getattr(error, "format_message", error.__str__)().replace("Value error, ", "")
    screen = Screen(path.removeprefix("imgtool").strip(), json="--json" in args)
    return screen.close(UsageError(message, hint=f"`{path} --help` shows what it takes."))
