"""`imgtool scrape`: from class names, or a list, to folders of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imgtool.cli.screen import Screen
from imgtool.cli.settle import settle
from imgtool.cli.verb import Common, verb
from imgtool.cli.wish import Wish

if TYPE_CHECKING:
    from imgtool.pipeline.plan import Plan

ROBOTS = "robots.txt will not be asked, of any site. Are they all your own?"


@verb("scrape")
def scrape(screen: Screen, wish: Wish, common: Common) -> None:
    """Search for classes by name and keep unique, decodable pictures, one folder a class.

    Run it again to go on: what is there counts, nothing is fetched twice.
    """
    from imgtool.cli.planning import flags, plan

    settings = settle(screen, common, flags(wish)).settings
    todo = plan(wish, settings)
    if wish.dry_run:
        _preview(screen, todo)
        return
    if settings.ignore_robots:
        screen.confirm(ROBOTS, yes=wish.yes)
    _run(screen, todo)


def _run(screen: Screen, todo: Plan) -> None:
    from imgtool.cli.outcome import judge
    from imgtool.cli.report import drawing
    from imgtool.cli.watch import Watch
    from imgtool.pipeline.scrape import run

    with Watch(screen) as watch:
        report = run(todo, watch)
    data = {"dataset": report.dataset, "classes": report.classes, "seconds": report.seconds}
    screen.result(data, lambda: drawing(screen, report))
    if error := judge(report):
        raise error
    screen.note(f"Look at them in {report.dataset}; the same command with a larger --n goes on from here.", "dim")


def _preview(screen: Screen, todo: Plan) -> None:
    from imgtool.pipeline.scrape import preview

    steps = preview(todo)
    screen.result(
        {"dry_run": True, "dataset": str(todo.out), "steps": steps},
        lambda: "\n".join(screen.safe(step) for step in steps),
    )
