"""Where a command speaks: the result on stdout, everything else on stderr, one object with --json."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING

from imgtool.cli.encode import encode
from imgtool.cli.plain import plain
from imgtool.errors import ImgtoolError, UsageError
from scraper.redact import redacted

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

VERSION = 1  # of the JSON objects; a new number when a field changes its meaning or goes


class Screen:
    """The voice of one command."""

    def __init__(self, verb: str, *, json: bool = False, quiet: bool = False, asks: bool = True) -> None:
        self.verb = verb
        self.json = json
        self.quiet = quiet
        self.asks = asks  # may it wait for a person's answer?
        self.secrets: tuple[str, ...] = ()
        self._answer: Mapping[str, object] = {}

    @property
    def live(self) -> bool:
        """Is somebody watching a terminal, so that moving lines make sense?"""
        return not self.quiet and sys.stderr is not None and sys.stderr.isatty()

    def safe(self, text: object) -> str:
        """Any text as it may be shown: one line, no escapes of its own, no secrets."""
        return plain(redacted(str(text), *self.secrets))

    def note(self, text: str, style: str = "") -> None:
        """A remark on stderr; --quiet keeps it."""
        if not self.quiet:
            self.console(sys.stderr).print(self.safe(text), style=style or None, soft_wrap=True)

    def warn(self, text: str) -> None:
        """A remark that even --quiet does not keep."""
        self.console(sys.stderr).print(self.safe(text), style="yellow", soft_wrap=True)

    def result(self, data: Mapping[str, object], draw: Callable[[], RenderableType]) -> None:
        """What the command was for: an object for machines, a drawing for people; a str goes out as it is."""
        self._answer = data
        if self.json:
            return
        drawing = draw()
        if isinstance(drawing, str):
            print(drawing)  # noqa: T201  # a fold would break what is to be pasted or piped
        else:
            self.console(sys.stdout).print(drawing)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only with a person's yes, given now or with --yes."""
        if yes:
            return
        if not self.asks or not sys.stdin.isatty():
            raise UsageError(f"{question} Nobody is here to answer.", hint="Add --yes if that is what you want.")
        print(f"{self.safe(question)} [y/N] ", end="", file=sys.stderr, flush=True)  # noqa: T201  # a prompt
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            raise UsageError("Not confirmed; nothing was done.")

    def close(self, error: ImgtoolError | None = None) -> int:
        """The last word, and the exit code."""
        if self.json:
            print(self._object(error))  # noqa: T201  # machines read it: no styles, no wrapping
        elif error is not None:
            self._tell(error)
        return error.exit_code if error else 0

    def console(self, stream: IO[str]) -> Console:
        """A console that takes no markup: square brackets in foreign text are square brackets."""
        from rich.console import Console

        return Console(file=stream, markup=False, highlight=False, emoji=False)

    def _tell(self, error: ImgtoolError) -> None:
        console = self.console(sys.stderr)
        console.print(f"error: {self.safe(error)}", style="bold red", soft_wrap=True)
        if error.hint:
            console.print(f"hint: {self.safe(error.hint)}", style="cyan", soft_wrap=True)

    def _object(self, error: ImgtoolError | None) -> str:
        schema = f"imgtool/{self.verb.replace(' ', '-') or 'main'}/{VERSION}"
        answer: dict[str, object] = {"schema": schema, "ok": error is None, **self._answer}
        if error is not None:
            answer["error"] = {
                "kind": type(error).__name__,
                "message": str(error),
                "hint": error.hint,
                "exit_code": error.exit_code,
            }
        indent = 2 if sys.stdout.isatty() else None
        return jsonlib.dumps(encode(answer, lambda text: redacted(text, *self.secrets)), indent=indent)
