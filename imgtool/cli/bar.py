"""What a person sees while a dataset is looked at: one moving line, on a terminal only."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from imgtool.cli.screen import Screen

if TYPE_CHECKING:
    from classify.nouns import Step
    from imgtool.pipeline.look import Looking

PULSE = 10  # repaints a second


class Bar:
    """Watches `look`: counts while files are decoded, and says what comes after."""

    def __init__(self, screen: Screen, then: str) -> None:
        self._then = then
        self._line = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[count]}", markup=False, justify="right"),
            TimeRemainingColumn(compact=True),
            console=screen.console(sys.stderr),
            refresh_per_second=PULSE,
            expand=True,
            transient=True,  # the result says it all again
            disable=not screen.live,
        )
        self._task = self._line.add_task(then, total=None, count="")

    def __enter__(self) -> Self:
        self._line.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.stop()

    def __call__(self, seen: Looking) -> None:
        """So many of so many."""
        if seen.done < seen.total:
            count = f"{seen.done}/{seen.total}"
            self._line.update(self._task, description="Looking", completed=seen.done, total=seen.total, count=count)
        else:
            self.say(self._then)

    def step(self, step: Step) -> None:
        """So far, of something long."""
        count = f"{step.done}/{step.total}" if step.total else ""
        count = "  ".join(filter(None, (step.note, count)))
        self._line.update(self._task, description=step.what, completed=step.done, total=step.total or None, count=count)

    def say(self, what: str) -> None:
        """What is done now, nobody knows for how long."""
        self._line.update(self._task, description=what, total=None, count="")
