"""`imgtool info`: what is in a dataset, and where every picture came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.given import Place, many
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.info import Told

MANY = 8  # rows of one count


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is told."""

    origins: Annotated[
        bool,
        Option("--origins", help="A line for each picture instead: where it came from.", rich_help_panel=OUTPUT),
    ] = False


@verb("info")
def info(screen: Screen, place: Place, depth: Depth, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Count a dataset by class, source, licence and state; say what each class lacks."""
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.info import info as ask

    with Bar(screen, "Counting") as bar:
        told = ask(place.data, bar)
    if depth.origins:
        screen.result({"dataset": place.data, "origins": told.origins}, lambda: _lines(screen, told))
    else:
        screen.result(_facts(told), lambda: _drawing(screen, told))
    if told.busy:
        screen.warn(f"{told.busy} What is new in the folders has not been looked at.")


def _facts(told: Told) -> dict[str, object]:
    return {
        "dataset": str(told.root),
        "pictures": told.pictures,
        "classes": [{**asdict(one), "sizes": list(one.sizes)} for one in told.balance.classes],
        "advice": told.balance.advice,
        **dict(_counts(told)),
        "parents": told.parents,
        "broken": told.broken,
        "changes": len(told.history),
        "busy": bool(told.busy),
    }


def _counts(told: Told) -> Iterator[tuple[str, Mapping[str, int]]]:
    for name in ("states", "splits", "engines", "licences", "sites", "formats", "skipped", "kinds"):
        yield name, getattr(told, name)


def _drawing(screen: Screen, told: Told) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.tables import grid

    head = Text(f"{many(told.pictures, 'picture')} in {many(len(told.balance.classes), 'class folder')}", style="bold")
    head.append(f"  {many(told.broken, 'file')} that no decoder takes" if told.broken else "", style="not bold yellow")
    head.append(f"  crops of {many(told.parents, 'picture')}" if told.parents else "", style="not bold")
    classes = grid("pictures", "share", "shorter side", "class", right=frozenset({"pictures", "share", "shorter side"}))
    for one in sorted(told.balance.classes, key=lambda each: each.label):
        side = f"{one.sizes[1]:.0f} px" if one.count else ""
        classes.add_row(str(one.count), f"{one.share:.0%}", side, screen.safe(one.label))
    advice = [Text(screen.safe(line), style="yellow") for line in told.balance.advice]
    return Group(head, classes, Text(), _table(screen, told), *([Text(), *advice] if advice else []))


def _table(screen: Screen, told: Told) -> RenderableType:
    from imgtool.cli.tables import grid
    from imgtool.cli.words import reason_words

    table = grid("pictures", "by", "", right=frozenset({"pictures"}))
    for name, counts in _counts(told):
        rows = list(counts.items())
        for place, (what, count) in enumerate(rows[:MANY]):
            said = reason_words(what).what if name == "skipped" else what
            table.add_row(str(count), name.removesuffix("s") if place == 0 else "", screen.safe(said))
        if len(rows) > MANY:
            table.add_row(str(sum(count for _, count in rows[MANY:])), "", f"{len(rows) - MANY} others")
    return table


def _lines(screen: Screen, told: Told) -> str:
    """One line a picture, tabs between its facts: for a table's program, or `grep`."""
    names = [field.name for field in fields(told.origins[0])] if told.origins else []
    rows = ([screen.safe(getattr(origin, name)) for name in names] for origin in told.origins)
    return "\n".join("\t".join(row) for row in [names, *rows])
