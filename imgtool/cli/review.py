"""`imgtool review`: a dataset in the browser, to keep, drop and move its pictures; and decisions taken elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from imgtool.cli.screen import Screen
from imgtool.cli.verb import Common, verb
from imgtool.errors import UsageError

if TYPE_CHECKING:
    from imgtool.pipeline.replay import Replayed


@dataclass(frozen=True, slots=True)
class Table:
    """What is reviewed, and how."""

    data: Annotated[str, Argument(metavar="DATA", help="A dataset, or any folder of class folders.")]
    port: Annotated[int, Option("--port", metavar="N", min=0, max=65535, help="Port on 127.0.0.1 (a free one).")] = 0
    no_browser: Annotated[bool, Option("--no-browser", help="Print the address, open nothing.")] = False
    replay: Annotated[
        str,
        Option("--replay", metavar="FROM", help="Decide as in FROM, a dataset or an exported file; no page."),
    ] = ""
    export: Annotated[
        str,
        Option("--export", metavar="FILE", help="Write the decisions to FILE (- = stdout); no page."),
    ] = ""


@verb("review")
def review(screen: Screen, table: Table, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Look through a dataset in the browser: duplicates, findings, classes. Keys keep, drop, move; all can be undone.

    The page is served on this machine alone and loads nothing from elsewhere. Ctrl-C ends it; decisions are kept.
    """
    if table.replay and table.export:
        raise UsageError("--replay and --export are two commands.", hint="Run one after the other.")
    if table.replay:
        _replay(screen, table)
    elif table.export:
        _export(screen, table)
    else:
        _serve(screen, table)


def _serve(screen: Screen, table: Table) -> None:
    from imgtool.cli.staying import Page, serve
    from imgtool.web.review import reviewing

    with reviewing(table.data, table.port) as (address, go):
        page = Page(address, {"dataset": table.data}, f"Review of {screen.safe(table.data)}")
        serve(screen, page, go, browser=not table.no_browser)


def _replay(screen: Screen, table: Table) -> None:
    from imgtool.pipeline.review import replayed

    done = replayed(table.data, table.replay)
    screen.result(asdict(done), lambda: _told(done))


def _told(done: Replayed) -> str:
    stale = f", {len(done.stale)} left alone: changed meanwhile" if done.stale else ""
    return f"{done.dropped} dropped, {done.moved} moved, {done.kept} kept, {done.absent} had nothing to do here{stale}."


def _export(screen: Screen, table: Table) -> None:
    from imgtool.pipeline.replay import decisions_of, written

    decided = decisions_of(Path(table.data))
    text = written(decided)
    if table.export == "-":
        screen.result({"decisions": decided}, lambda: text.rstrip("\n"))
        return
    Path(table.export).write_text(text, "utf-8")
    screen.result(
        {"decisions": len(decided), "file": table.export}, lambda: f"{len(decided)} decisions in {table.export}"
    )
