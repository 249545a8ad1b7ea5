"""`imgtool make`: class names in, a trained model out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from imgtool.cli.given import line
from imgtool.cli.learning import Manner, Net, learning
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb
from imgtool.cli.wish import LOOK, SOURCE, Wish

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.make import Made
    from imgtool.pipeline.plan import Plan


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be told apart, and where everything goes."""

    labels: Annotated[
        list[str], Argument(metavar="CLASS", help="Two classes or more, one folder each.", show_default=False)
    ] = field(default_factory=list)
    n: Annotated[
        int | None, Option("--n", "-n", metavar="N", min=1, help="Pictures of each class (100).", rich_help_panel=LOOK)
    ] = None
    licence: Annotated[
        list[str],
        Option("--license", "--licence", metavar="NAME", help="As for scrape; repeat it.", rich_help_panel=LOOK),
    ] = field(default_factory=list)
    engine: Annotated[
        list[str], Option("--engine", metavar="NAME", help="As for scrape; repeat it.", rich_help_panel=SOURCE)
    ] = field(default_factory=list)
    data: Annotated[
        str | None, Option("--data", metavar="FOLDER", help="The dataset's folder (data).", rich_help_panel=OUTPUT)
    ] = None
    out: Annotated[str, Option("--out", "-o", metavar="FILE", help="The model's file.", rich_help_panel=OUTPUT)] = (
        "model.keras"
    )


@verb("make")
def make(screen: Screen, order: Order, net: Net, manner: Manner, common: Common) -> None:
    """Scrape, clean, split and train: from class names to a model and its report, in one command.

    What cannot be trained here is said before anything is fetched. Run it again to go on after a kill, or with a
    larger --n.
    """
    from imgtool.cli.planning import flags, plan
    from imgtool.cli.settle import settle

    wish = Wish(labels=order.labels, n=order.n, licence=order.licence, engine=order.engine, out=order.data)
    todo = plan(wish, settle(screen, common, flags(wish)).settings)
    made, page = carried_out(screen, todo, order, net, manner)
    screen.result(facts(made, page), lambda: drawing(screen, made, common.verbose))
    for text in remarks(made, page):
        screen.note(text, "dim")


def carried_out(screen: Screen, todo: Plan, order: Order, net: Net, manner: Manner) -> tuple[Made, Path]:
    """All of it, with somebody looking on."""
    from imgtool.cli.bar import Bar
    from imgtool.cli.watch import Watch
    from imgtool.pipeline.beside import report_of
    from imgtool.pipeline.make import finished, gathered
    from imgtool.web import learned

    asked = learning(net, manner)
    with Watch(screen) as watch:
        scraped = gathered(todo, asked, order.out, watch)
    with Bar(screen, "Cleaning") as bar:
        made = finished(scraped, todo, asked, order.out, watch=bar, steps=bar.step)
        out = Path(order.out)
        return made, learned.write(made.trained.report, report_of(out))


def facts(made: Made, page: Path) -> dict[str, object]:
    """The result for machines."""
    from imgtool.cli.train import facts as trained

    scraped, taken = made.scraped, made.checked.change
    steps = {"removed": len(taken.moves) if taken else 0, "duplicates": made.deduped.extra}
    return {"classes": scraped.classes, "cleaned": steps, "model": trained(made.trained, page)}


def drawing(screen: Screen, made: Made, verbose: int) -> RenderableType:
    """What came in, and what came of it."""
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.report import drawing as scraped
    from imgtool.cli.scored import drawing as scored

    return Group(scraped(screen, made.scraped), Text(), scored(screen, made.trained.report, verbose))


def remarks(made: Made, page: Path) -> list[str]:
    """What is short, where everything is, what comes next."""
    from imgtool.cli.outcome import judge
    from imgtool.cli.train import remarks as trained

    short = judge(made.scraped)
    said = [f"{short} {short.hint}".strip()] if short else []
    data = made.scraped.dataset
    return [*said, *trained(made.trained, page), f"{line('review', data)} shows the pictures, to drop what is wrong."]
