"""`imgtool demo`: the whole program on a small web of its own, and the story of what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.demo.cleaning import Cleaned
    from imgtool.demo.teaching import Taught
    from imgtool.records import ScrapeReport

HANDFUL = 20  # pictures of each class below which a model would learn nothing
MANY = 100  # pictures of each class: enough to meet most of what is planted, in under a minute


@dataclass(frozen=True, slots=True)
class Tour:
    """How the demo is to be."""

    n: Annotated[int, Option("--n", "-n", metavar="N", min=1, help=f"Pictures to keep of each class ({MANY}).")] = MANY
    seed: Annotated[int, Option("--seed", metavar="N", help="Another seed, another web (1).")] = 1
    out: Annotated[
        str | None,
        Option("--out", "-o", metavar="FOLDER", help="Keep the dataset here.", rich_help_panel=OUTPUT),
    ] = None
    keep: Annotated[bool, Option("--keep", help="Keep the dataset, in ./demo.", rich_help_panel=OUTPUT)] = False
    yes: Annotated[bool, Option("--yes", "-y", help="Say yes to what would be asked.")] = False


@verb("demo")
def demo(screen: Screen, tour: Tour, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """The whole program on a small web of its own; no internet needed.

    It starts servers on this machine that answer like search engines and picture hosts, with everything
    in them that makes the real ones hard, scrapes them, cleans what a tool that does not look would save, trains a
    model on what was scraped, and asks it about pictures that it has never seen.
    """
    from imgtool.cli.outcome import judge
    from imgtool.demo.cleaning import clean
    from imgtool.demo.world import World

    with _folder(screen, tour) as folder:
        planted, report = _visit(screen, tour, folder)
        kept = str(folder) if tour.keep or tour.out else None
        screen.note("The same web, saved by a tool that does not look, is cleaned …", "dim")
        cleaned = clean(World(tour.seed))
        taught = _lesson(screen, tour, folder)
        data = {"seed": tour.seed, "planted": planted, "dataset": kept, "classes": report.classes, "cleaning": cleaned}
        told = {**data, "model": taught, "seconds": report.seconds}
        screen.result(told, lambda: _story(screen, planted, report, cleaned, taught))
        if error := judge(report):
            raise error
        if kept:
            screen.note(f"The pictures are in {kept}.", "dim")
        else:
            screen.note("The pictures were drawn for this run and are gone; --keep keeps them.", "dim")


def _visit(screen: Screen, tour: Tour, folder: Path) -> tuple[Mapping[str, int], ScrapeReport]:
    """Scrape the world of this seed into a folder: what was planted in it, and what was found."""
    from imgtool.cli.watch import Watch
    from imgtool.demo.world import World
    from imgtool.pipeline.plan import ClassPlan, Plan
    from imgtool.pipeline.scrape import run
    from imgtool.settings import load

    world = World(tour.seed)
    screen.note(f"A small web of its own, seed {tour.seed}, on this machine only.", "bold")
    with world.in_thread() as web, Watch(screen) as watch:
        settings = load(environ=web.settings, folder=Path("/")).settings  # nobody's own settings bend the demo
        classes = tuple(ClassPlan(label, n=tour.n) for label in world.classes)
        report = run(Plan(classes, out=folder, settings=settings), watch)
    return {about: count for about, count in world.planted.values() if count}, report


def _lesson(screen: Screen, tour: Tour, folder: Path) -> Taught | None:
    """A model of what was scraped; None of a handful, from which nothing can be learnt."""
    from tempfile import TemporaryDirectory

    from imgtool.demo.teaching import teach
    from imgtool.demo.world import World

    if tour.n < HANDFUL:
        return None
    screen.note("A model learns what was scraped …", "dim")
    with TemporaryDirectory(prefix="imgtool-demo-") as room:
        return teach(World(tour.seed), folder, Path(room) / "model.keras")


@contextmanager
def _folder(screen: Screen, tour: Tour) -> Iterator[Path]:
    """Where the dataset goes: a place of its own that vanishes, or the one that was named."""
    if not (tour.out or tour.keep):
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="imgtool-demo-") as name:
            yield Path(name)
        return
    folder = Path(tour.out or "demo").expanduser()
    if folder.is_dir() and any(folder.iterdir()):
        screen.confirm(f"{folder} is not empty. Add the demo's pictures to it?", yes=tour.yes)
    yield folder


def _story(
    screen: Screen, planted: Mapping[str, int], report: ScrapeReport, cleaned: Cleaned, taught: Taught | None
) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.report import drawing
    from imgtool.cli.tables import grid

    table = grid("count", "planted in this web", right=frozenset({"count"}))
    for what, count in planted.items():
        table.add_row(str(count), screen.safe(what))
    there = Text("What was there", style="bold")
    parts = (
        there,
        table,
        Text(),
        drawing(screen, report),
        Text(),
        _cleaning(cleaned),
        Text(),
        _teaching(screen, taught),
    )
    return Group(*parts)


def _cleaning(cleaned: Cleaned) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.tables import grid

    score = cleaned.score
    table = grid("planted", "left", "in what a tool saves that does not look", right=frozenset({"planted", "left"}))
    table.add_row(str(score.broken), str(score.broken_left), "broken files: cut off, empty, pages, drawings, bombs")
    table.add_row(str(score.duplicates), str(score.duplicates_left), "exact and near copies")
    table.add_row(str(score.distinct), str(score.distinct - score.lost), "different pictures")
    splits = ", ".join(f"{count} {name}" for name, count in cleaned.splits.items())
    last = f"Split into {splits}, {cleaned.leaks} leaks; {cleaned.exported} pictures exported as npz."
    head = Text(f"The same web, saved without looking: {cleaned.files} files, cleaned to {cleaned.left}", style="bold")
    return Group(head, table, Text(last))


def _teaching(screen: Screen, taught: Taught | None) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.tables import grid

    if taught is None:
        return Text(f"With {HANDFUL} pictures of each class or more, a model would learn them now.", style="dim")
    rate = taught.accuracy
    low, high = rate.interval
    table = grid("drawn now", "it says", "probability", right=frozenset({"probability"}))
    for each in taught.fresh:
        doubt = "" if each.sure else ", not sure"
        table.add_row(screen.safe(each.label), screen.safe(each.said) + doubt, f"{each.probability:.0%}")
    proven = f"{rate.right} of {rate.total} pictures it had not seen were named right ({low:.0%} to {high:.0%})."
    head = Text(f"A model of the scraped pictures, learnt from {taught.learnt} in {taught.seconds:.0f} s", style="bold")
    return Group(head, Text(proven), table)
