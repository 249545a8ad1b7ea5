"""`imgtool augment`: what a preset makes of the pictures, seen before anything is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.given import Place, line, words
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb
from imgtool.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

SHEET = "augment.png"


@dataclass(frozen=True, slots=True)
class Variation:
    """What is shown."""

    preview: Annotated[bool, Option("--preview", help="Write a contact sheet of some training pictures.")] = False
    preset: Annotated[str, Option("--preset", metavar="NAME", help="light, strong, digits or classic.")] = "light"
    no_flip: Annotated[
        list[str], Option("--no-flip", metavar="CLASS", help="Never mirror this class; commas or repeat it.")
    ] = field(default_factory=list)
    seed: Annotated[int, Option("--seed", metavar="N", help="Another seed, other variants (0).")] = 0
    out: Annotated[
        str, Option("--out", "-o", metavar="FILE", help=f"The contact sheet ({SHEET}).", rich_help_panel=OUTPUT)
    ] = SHEET


@verb("augment")
def augment(screen: Screen, place: Place, variation: Variation, common: Common) -> None:  # noqa: ARG001  # the screen's
    """Show what augmentation makes of a dataset; without --preview, say what each preset does.

    The dataset keeps its pictures as they are: variants are made by `imgtool export --augment PRESET --per-class N`,
    of training pictures only. The sheet shows the very variants that an export with the same seed makes.
    """
    if not variation.preview:
        from curate.presets import PRESETS

        screen.result({"presets": {name: asdict(each) for name, each in PRESETS.items()}}, _presets)
        screen.note(f"{line('augment', place.data, '--preview', '--preset', 'strong')} shows one.", "dim")
        return
    if Path(variation.out).suffix.lower() != ".png":
        raise UsageError(
            f"The contact sheet is a PNG; received {variation.out!r}.", hint="For example --out sheet.png."
        )
    _preview(screen, place, variation)


def _preview(screen: Screen, place: Place, variation: Variation) -> None:
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.preview import preview

    with Bar(screen, "Augmenting") as bar:
        made = preview(place.data, variation.preset, seed=variation.seed, no_flip=words(variation.no_flip), watch=bar)
        Path(variation.out).write_bytes(made.png)
    data = {"dataset": place.data, "sheet": variation.out, "preset": made.preset, "seed": made.seed}
    screen.result(
        {**data, "rows": made.paths}, lambda: f"{screen.safe(variation.out)}: each row a picture, then its variants"
    )
    for row, path in enumerate(made.paths, 1):
        screen.note(f"  row {row}: {path}", "dim")


def _presets() -> RenderableType:
    from curate.presets import PRESETS
    from imgtool.cli.tables import grid

    table = grid("", *PRESETS, right=frozenset(PRESETS))
    for name in asdict(next(iter(PRESETS.values()))):
        table.add_row(name, *(_shown(getattr(preset, name)) for preset in PRESETS.values()))
    return table


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "–"
    return f"{value:g}" if isinstance(value, float) and value else ("–" if value in (0, 0.0) else str(value))
