"""What a person sees while pictures come in: a line for each class, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import RenderableType
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.text import Text

from imgtool.cli.plain import short
from imgtool.cli.screen import Screen
from imgtool.cli.words import verdict_words
from imgtool.pipeline.plan import EVERYTHING, Began, Event, Note, PageRead
from imgtool.records import Kept, Skipped

NAME = 18  # characters of a class's name: what 80 columns leave beside the figures
PULSE = 10  # repaints a second: smooth, and nothing beside the work


@dataclass(slots=True)
class Tally:
    """One class so far."""

    task: TaskID
    wanted: int
    kept: int = 0
    refused: int = 0
    size: int = 0  # bytes of what was kept


class Lines(Progress):
    """The bars, and under them what came last."""

    status: Text = Text()

    def get_renderables(self) -> Iterable[RenderableType]:
        """The table of bars and the line below."""
        yield self.make_tasks_table(self.tasks)
        yield self.status


class Watch:
    """An observer for the pipeline: counts what it is told, and draws it where somebody looks."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.lines = Lines(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[count]}", markup=False, justify="right"),
            TextColumn("{task.fields[rate]}", markup=False, justify="right", style="dim"),
            TextColumn("{task.fields[refused]}", markup=False, justify="right", style="dim"),
            TextColumn("{task.fields[size]}", markup=False, justify="right", style="dim"),
            console=screen.console(sys.stderr),
            refresh_per_second=PULSE,
            expand=True,
            transient=True,  # the report says it all again
            disable=not screen.live,
        )
        self.tallies: dict[str, Tally] = {}
        self.said: set[str] = set()

    def __enter__(self) -> Self:
        self.lines.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lines.stop()

    def __call__(self, event: Event) -> None:
        """Take note of one event."""
        HEARD[type(event)](self, event)

    def began(self, event: Began) -> None:
        """A class starts, with what it has."""
        total = None if event.wanted == EVERYTHING else event.wanted
        name = short(self.screen.safe(event.label), NAME)
        task = self.lines.add_task(name, total=total, completed=event.kept, count="", rate="", refused="", size="")
        self.tallies[event.label] = Tally(task, event.wanted, event.kept)
        self._draw(self.tallies[event.label])

    def kept(self, event: Kept) -> None:
        """One more."""
        tally = self.tallies[event.ref.label]
        tally.kept, tally.size = tally.kept + 1, tally.size + event.picture.size
        self._draw(tally)

    def skipped(self, event: Skipped) -> None:
        """One that is not to be had."""
        tally = self.tallies[event.ref.label]
        tally.refused += 1
        self._draw(tally)

    def page(self, event: PageRead) -> None:
        """A result page."""
        said = f"{event.refs} pictures, {event.new} new" if event.refs else verdict_words(event.verdict).what
        self.lines.status = Text(self.screen.safe(f"{event.engine}: {said}"), style="dim", no_wrap=True)

    def note(self, event: Note) -> None:
        """A sentence; it stays above the bars, and is not said again for the next class."""
        if not self.screen.quiet and event.text not in self.said:
            self.said.add(event.text)
            self.lines.console.print(self.screen.safe(event.text), style="yellow", soft_wrap=True)

    def _draw(self, tally: Tally) -> None:
        wanted = "" if tally.wanted == EVERYTHING else f"/{tally.wanted}"
        speed = self.lines.tasks[tally.task].speed
        self.lines.update(
            tally.task,
            completed=tally.kept,
            count=f"{tally.kept}{wanted} kept",
            rate=f"{speed:.1f}/s" if speed else "",
            refused=f"{tally.refused} refused",
            size=megabytes(tally.size),
        )


HEARD: dict[type, Callable[[Watch, Event], None]] = {
    Began: Watch.began,  # type: ignore[dict-item]  # each gets the type it stands at
    Kept: Watch.kept,  # type: ignore[dict-item]
    Skipped: Watch.skipped,  # type: ignore[dict-item]
    PageRead: Watch.page,  # type: ignore[dict-item]
    Note: Watch.note,  # type: ignore[dict-item]
}


def megabytes(size: int) -> str:
    """A size as people say it."""
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.2f} GB"
