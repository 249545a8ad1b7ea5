"""`imgtool demo`: the whole program on a small web of its own, and the story of what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.screen import Screen
from imgtool.cli.story import HANDFUL, story
from imgtool.cli.verb import OUTPUT, Common, verb
from imgtool.errors import UsageError

if TYPE_CHECKING:
    from imgtool.demo.teaching import Taught
    from imgtool.records import ScrapeReport

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
    serve: Annotated[bool, Option("--serve", help="At the end, serve the model, with pictures to try.")] = False
    port: Annotated[int, Option("--port", metavar="N", min=0, max=65535, help="Of --serve (a free one).")] = 0
    no_browser: Annotated[bool, Option("--no-browser", help="Of --serve: print the address, open nothing.")] = False


@verb("demo")
def demo(screen: Screen, tour: Tour, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """The whole program on a small web of its own; no internet needed.

    It starts servers on this machine that answer like search engines and picture hosts, with everything
    in them that makes the real ones hard, scrapes them, cleans what a tool that does not look would save, trains a
    model on what was scraped, and asks it about pictures that it has never seen. With --serve it ends in a page
    on which the model can be tried, taught and looked into, until Ctrl-C.
    """
    from imgtool.cli.outcome import judge
    from imgtool.demo.cleaning import clean
    from imgtool.demo.world import World

    if tour.serve and tour.n < HANDFUL:
        raise UsageError(f"A model needs {HANDFUL} pictures of each class.", hint=f"--n {HANDFUL}, or more.")
    with _folder(screen, tour) as folder, TemporaryDirectory(prefix="imgtool-demo-") as room:
        planted, report = _visit(screen, tour, folder)
        kept = str(folder) if tour.keep or tour.out else None
        screen.note("The same web, saved by a tool that does not look, is cleaned …", "dim")
        cleaned = clean(World(tour.seed))
        model = Path(room) / "demo.keras"
        taught = _lesson(screen, tour, folder, model)
        data = {"seed": tour.seed, "planted": planted, "dataset": kept, "classes": report.classes, "cleaning": cleaned}
        told = {**data, "model": taught, "seconds": report.seconds}
        screen.result(told, lambda: story(screen, planted, report, cleaned, taught))
        if tour.serve:
            _serve(screen, tour, model, folder, told)
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


def _lesson(screen: Screen, tour: Tour, folder: Path, model: Path) -> Taught | None:
    """A model of what was scraped; None of a handful, from which nothing can be learnt."""
    from imgtool.demo.teaching import teach
    from imgtool.demo.world import World

    if tour.n < HANDFUL:
        return None
    screen.note("A model learns what was scraped …", "dim")
    return teach(World(tour.seed), folder, model, reported=tour.serve)


def _serve(screen: Screen, tour: Tour, model: Path, data: Path, told: Mapping[str, object]) -> None:
    """The model on a page, with pictures that it has never seen and the dataset that it may be taught."""
    from imgtool.cli.staying import Page, serve
    from imgtool.demo.teaching import samples
    from imgtool.demo.world import World
    from imgtool.pipeline.stands import stands
    from imgtool.web.serve import House, Opening, serving

    tried = samples(World(tour.seed), model.parent / "samples")
    with serving(Opening(stands([model]), House(data, samples=tried), tour.port)) as (at, go):
        serve(screen, Page(at, dict(told), "\nTry it"), go, browser=not tour.no_browser)


@contextmanager
def _folder(screen: Screen, tour: Tour) -> Iterator[Path]:
    """Where the dataset goes: a place of its own that vanishes, or the one that was named."""
    if not (tour.out or tour.keep):
        with TemporaryDirectory(prefix="imgtool-demo-") as name:
            yield Path(name)
        return
    folder = Path(tour.out or "demo").expanduser()
    if folder.is_dir() and any(folder.iterdir()):
        screen.confirm(f"{folder} is not empty. Add the demo's pictures to it?", yes=tour.yes)
    yield folder
