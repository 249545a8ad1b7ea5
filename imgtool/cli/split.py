"""`imgtool split`: training, validation and test by duplicate group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.given import Place, line, remarks
from imgtool.cli.screen import Screen
from imgtool.cli.verb import Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.split import Divided


@dataclass(frozen=True, slots=True)
class Shares:
    """How the set is divided."""

    train: Annotated[float | None, Option("--train", metavar="SHARE", min=0, max=1, help="From 0 to 1 (0.8).")] = None
    val: Annotated[float | None, Option("--val", metavar="SHARE", min=0, max=1, help="From 0 to 1 (0.1).")] = None
    test: Annotated[
        float | None,
        Option("--test", metavar="SHARE", min=0, max=1, help="From 0 to 1 (0.1). Shares not named divide the rest."),
    ] = None
    seed: Annotated[int, Option("--seed", metavar="N", help="Another seed, another division (0).")] = 0
    afresh: Annotated[bool, Option("--afresh", help="Forget the splits so far; without it, pictures stay.")] = False
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would be done; write nothing down.")] = False


@verb("split")
def split(screen: Screen, place: Place, shares: Shares, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Divide a dataset into training, validation and test; no twin of a training picture is in another split.

    Files stay where they are: the split is remembered beside them, and `imgtool export` follows it. Run it again
    when pictures have come: those before keep their split.
    """
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.split import shared
    from imgtool.pipeline.split import split as carry_out

    wanted = shared({"train": shares.train, "val": shares.val, "test": shares.test})
    with Bar(screen, "Comparing") as bar:
        made = carry_out(
            place.data, shares=wanted, seed=shares.seed, afresh=shares.afresh, dry_run=shares.dry_run, watch=bar
        )
    screen.result(_facts(made, wanted, shares), lambda: _drawing(screen, made))
    for text in remarks(made.noticed):
        screen.note(text, "dim")
    data = place.data
    done = (
        "A dry run: nothing was written down." if shares.dry_run else f"{line('export', data, '--to', 'tree')} is next."
    )
    screen.note(done, "dim")


def _facts(made: Divided, wanted: dict[str, float], shares: Shares) -> dict[str, object]:
    leaks = [{"one": leak.one.path, "other": leak.other.path, "how": leak.how} for leak in made.leaks]
    return {
        "dataset": str(made.root),
        "shares": wanted,
        "seed": shares.seed,
        "counts": made.counts,
        "new": made.new,
        "notes": made.splits.notes,
        "compared": made.compared,
        "leaks": leaks,
        "dry_run": shares.dry_run,
    }


def _drawing(screen: Screen, made: Divided) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.tables import grid

    names = made.splits.names
    table = grid("class", *names, "all", right=frozenset({*names, "all"}))
    labels = sorted({label for counts in made.counts.values() for label in counts})
    for label in labels:
        counts = [made.counts[name].get(label, 0) for name in names]
        table.add_row(screen.safe(label), *map(str, counts), str(sum(counts)))
    if len(labels) > 1:
        totals = [sum(made.counts[name].values()) for name in names]
        table.add_row("all", *map(str, totals), str(sum(totals)), style="bold")
    notes = [Text(screen.safe(note), style="yellow") for note in made.splits.notes]
    proof = f"\n{len(made.leaks)} leaks, proven by comparing the hashes of {made.compared} pictures across splits."
    return Group(table, *notes, Text(proof, style="red" if made.leaks else "green"))
