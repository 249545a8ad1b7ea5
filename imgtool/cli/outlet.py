"""stdout and stderr that bear any text and any reader: odd characters are escaped, a closed pipe ends us quietly."""

from __future__ import annotations

import io
import os
import sys

PIPE = 141  # 128 + SIGPIPE, what a shell shows for a program that a closed pipe ended


class Outlet(io.TextIOWrapper):
    """A text stream that leaves without a word when nobody reads on."""

    def write(self, text: str, /) -> int:
        """As any stream; SystemExit(141) when the reader has gone."""
        try:
            return super().write(text)
        except BrokenPipeError:
            raise self._leave() from None

    def flush(self) -> None:
        """As any stream; SystemExit(141) when the reader has gone."""
        try:
            super().flush()
        except BrokenPipeError:
            raise self._leave() from None

    def _leave(self) -> SystemExit:
        # What is still in the buffer goes to nowhere, or Python would complain of it while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
        return SystemExit(PIPE)


def guard() -> None:
    """Put Outlets in the place of the process's streams."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):  # None when the descriptor is closed
            encoding, by_line = stream.encoding, stream.line_buffering
            outlet = Outlet(stream.detach(), encoding=encoding, errors="backslashreplace", line_buffering=by_line)
            setattr(sys, name, outlet)


def flush() -> None:
    """Write what waits, while an exit code can still be chosen."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
