"""What nobody expected: a short message, and the whole traceback for those who ask with -vv."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import TracebackType

from imgtool.cli.screen import Screen
from imgtool.errors import ImgtoolError

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


class Bug(ImgtoolError):
    """An exception that imgtool did not raise on purpose."""


def hook(args: Sequence[str]) -> Hook:
    """A sys.excepthook for this command line; Python then exits with 1."""
    loud = any(arg.startswith("-vv") for arg in args) or sum(arg in {"-v", "--verbose"} for arg in args) > 1

    def show(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        screen = Screen(_verb(args), json="--json" in args)
        if loud:
            _traceback(screen, error)
        screen.close(_told(kind, error, loud=loud))

    return show


def _told(kind: type[BaseException], error: BaseException, *, loud: bool) -> ImgtoolError:
    if issubclass(kind, KeyboardInterrupt):
        from imgtool.cli.stop import stopped

        return stopped()
    hint = (
        "This is a bug; the lines above belong into its report."
        if loud
        else ("This is a bug. The same command with -vv shows where; its report needs those lines.")
    )
    return Bug(f"Unexpected {kind.__name__}: {error}", hint=hint)


def _traceback(screen: Screen, error: BaseException) -> None:
    import traceback

    for chunk in traceback.format_exception(error):
        for line in chunk.splitlines():
            print(screen.safe(line), file=sys.stderr)  # noqa: T201  # rich may be what failed


def _verb(args: Sequence[str]) -> str:
    return next((arg for arg in args if not arg.startswith("-")), "")
