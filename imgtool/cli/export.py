"""`imgtool export`: the split dataset in a form that people load."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Option

from imgtool.cli.given import Place, line, words
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.export import Sent

Format = Literal["npz", "tree", "hf", "webdataset", "parquet", "tfrecord", "croissant"]
Fit = Literal["pad", "crop", "stretch"]
Colour = Literal["rgb", "grey"]
SHAPE, VARIANTS = "Shape", "Variants of training pictures"


@dataclass(frozen=True, slots=True)
class Form:
    """What the export is to be."""

    to: Annotated[
        Format,
        Option(
            "--to",
            metavar="FORMAT",
            show_default=False,
            help="npz, tree, hf, webdataset, parquet, tfrecord, croissant.",
        ),
    ]
    size: Annotated[
        int, Option("--size", metavar="PIXELS", min=0, help="Both sides; 0 = as they are.", rich_help_panel=SHAPE)
    ] = 0
    fit: Annotated[
        Fit, Option("--fit", metavar="HOW", help="pad, crop or stretch to a square.", rich_help_panel=SHAPE)
    ] = "pad"
    colour: Annotated[
        Colour, Option("--colour", "--color", metavar="KIND", help="rgb or grey.", rich_help_panel=SHAPE)
    ] = "rgb"
    quality: Annotated[
        int,
        Option("--quality", metavar="N", min=1, max=100, help="Of JPEGs written anew (95).", rich_help_panel=SHAPE),
    ] = 95
    per_class: Annotated[
        int,
        Option(
            "--per-class",
            metavar="N",
            min=0,
            help="So many training pictures of each class, by variants or by leaving some out; 0 = as they are.",
            rich_help_panel=VARIANTS,
        ),
    ] = 0
    augment: Annotated[
        str,
        Option("--augment", metavar="NAME", help="light, strong, digits or classic.", rich_help_panel=VARIANTS),
    ] = "light"
    no_flip: Annotated[
        list[str],
        Option(
            "--no-flip",
            metavar="CLASS",
            help="Never mirror this class; commas or repeat it.",
            rich_help_panel=VARIANTS,
        ),
    ] = field(default_factory=list)
    seed: Annotated[int, Option("--seed", metavar="N", help="Another seed, other variants and order (0).")] = 0
    workers: Annotated[
        int, Option("--workers", metavar="N", min=0, help="Processes; 0 = one a processor. Changes no byte.")
    ] = 0
    out: Annotated[
        str, Option("--out", "-o", metavar="FOLDER", help="Where it goes (DATA-FORMAT).", rich_help_panel=OUTPUT)
    ] = ""
    force: Annotated[
        bool,
        Option("--force", "--replace", help="Replace an earlier export in the same place.", rich_help_panel=OUTPUT),
    ] = False
    dry_run: Annotated[
        bool, Option("--dry-run", help="Say what would be written; write nothing.", rich_help_panel=OUTPUT)
    ] = False


@verb("export")
def export(screen: Screen, place: Place, form: Form, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Write the split dataset in a form that Keras, PyTorch, datasets, webdataset or tf.data load.

    The export appears whole or not at all, and the same dataset, options and seed give the same bytes. With it lie
    ATTRIBUTION.csv, a README.md and imgtool.lock.json. The dataset stays as it is.
    """
    from curate.export import ExportOptions
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.export import export as carry_out
    from imgtool.pipeline.export import plan

    options = ExportOptions(
        to=form.to,
        size=form.size,
        fit=form.fit,
        colour=form.colour,
        per_class=form.per_class,
        augment=form.augment,
        no_flip=frozenset(words(form.no_flip)),
        seed=form.seed,
        quality=form.quality,
        workers=form.workers,
        replace=form.force,
    )
    with Bar(screen, "Planning" if form.dry_run else "Exporting") as bar:
        made = (plan if form.dry_run else carry_out)(place.data, options, form.out, watch=bar)
    screen.result(_facts(made, form), lambda: _drawing(screen, made))
    for text in _remarks(made, place.data):
        screen.note(text, "yellow")


def _facts(made: Sent, form: Form) -> dict[str, object]:
    return {
        "dataset": str(made.root),
        "format": form.to,
        "folder": str(made.exported.path),
        "counts": made.exported.counts,
        "digest": made.exported.digest or None,
        "lost": dict(made.exported.lost),
        "unsplit": made.unsplit,
        "steps": [{"step": step, "left": left} for step, left in made.steps],
        "dry_run": form.dry_run,
    }


def _drawing(screen: Screen, made: Sent) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.tables import grid

    counts = made.exported.counts
    table = grid("class", *counts, "all", right=frozenset({*counts, "all"}))
    for label in next(iter(counts.values())):
        row = [each[label] for each in counts.values()]
        table.add_row(screen.safe(label), *map(str, row), str(sum(row)))
    where = screen.safe(made.exported.path)
    digest = made.exported.digest
    last = f"\nIn {where}, lock {digest[:12]}." if digest else f"\nWould be written to {where}."
    return Group(table, Text(last, style="green" if digest else "yellow"))


def _remarks(made: Sent, data: str) -> list[str]:
    said = [f"{path} is not in it: {refusal.reason} {refusal.detail}" for path, refusal in made.exported.lost.items()]
    if made.unsplit:
        said.append(f"{made.unsplit} pictures are in no split and so not in it; {line('split', data)} places them.")
    return said
