"""`imgtool regions`: pictures and boxes in, a dataset of crops out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from imgtool.cli.given import line, many
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.regions import Cropped

SHOWN = 12  # faults that are told one by one; all of them with -v, and in --json
CHOICE = "Choice"
Strategy = Literal["fast", "quality"]


@dataclass(frozen=True, slots=True)
class Source:
    """Pictures, their boxes, and where the crops go."""

    data: Annotated[
        str, Argument(metavar="DATA", help="The folder of the pictures, a dataset or any other.", show_default=False)
    ]
    boxes: Annotated[
        str,
        Option(
            "--boxes",
            metavar="PATH",
            show_default=False,
            help="CSV, COCO's JSON, or a folder of VOC's .xml or YOLO's .txt files; told by looking.",
        ),
    ]
    out: Annotated[
        str,
        Option(
            "--out", "-o", metavar="FOLDER", show_default=False, help="The dataset of crops.", rich_help_panel=OUTPUT
        ),
    ]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which parts are cut."""

    per_picture: Annotated[
        int,
        Option(
            "--per-picture",
            metavar="N",
            min=0,
            help="Objects beside the true boxes, and as many of background, at most (12).",
            rich_help_panel=CHOICE,
        ),
    ] = 12
    background: Annotated[
        float,
        Option(
            "--background",
            metavar="RATIO",
            min=0,
            help="Crops of background for each of the largest class (3).",
            rich_help_panel=CHOICE,
        ),
    ] = 3.0
    strategy: Annotated[
        Strategy,
        Option("--strategy", metavar="NAME", help="Of the proposals: fast or quality.", rich_help_panel=CHOICE),
    ] = "fast"
    clip: Annotated[
        bool, Option("--clip", help="Cut boxes that reach beyond their pictures; without it, they are refused.")
    ] = False
    seed: Annotated[int, Option("--seed", metavar="N", help="Another seed, other crops (0).")] = 0


@verb("regions")
def regions(screen: Screen, source: Source, choice: Choice, common: Common) -> None:
    """Cut pictures with known boxes into a dataset of objects and background, to train a detector of the old school.

    Parts of a picture that overlap a true box by 0.7 show its object; by 0.3 and less, background; by 0.2 to 0.5,
    background that is hard to tell. The crops of one picture never part in `imgtool split` and `imgtool train`.
    """
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.regions import Cutting
    from imgtool.pipeline.regions import regions as carry_out

    cutting = Cutting(choice.per_picture, choice.background, choice.seed, choice.strategy, choice.clip)
    with Bar(screen, "Cutting") as bar:
        made = carry_out(source.data, source.boxes, source.out, cutting, watch=bar, steps=bar.step)
    screen.result(_facts(made, source), lambda: _drawing(screen, made))
    for text in _faults(screen, made, every=bool(common.verbose)):
        screen.warn(text)
    for text in _remarks(made):
        screen.note(text, "dim")


def _facts(made: Cropped, source: Source) -> dict[str, object]:
    return {
        "dataset": str(made.root),
        "data": source.data,
        "format": made.form,
        "boxes": made.boxes,
        "pictures": made.parents,
        "counts": made.counts,
        "dropped": dict(made.dropped),
        "faults": [{"place": each.place, "picture": each.picture, "why": each.why} for each in made.faults],
        "refused": {path: f"{each.reason} {each.detail}".strip() for path, each in made.refused.items()},
        "before": made.before,
    }


def _drawing(screen: Screen, made: Cropped) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from curate.cuts.nouns import KINDS
    from imgtool.cli.tables import grid

    table = grid("class", *KINDS, "all", right=frozenset({*KINDS, "all"}))
    for label, counts in made.counts.items():
        row = [counts.get(kind, 0) for kind in KINDS]
        table.add_row(screen.safe(label), *(str(count or "–") for count in row), str(sum(row)))
    total = sum(sum(counts.values()) for counts in made.counts.values())
    last = f"\n{many(total, 'crop')} of {many(made.parents, 'picture')} in {screen.safe(made.root)}."
    return Group(table, Text(last, style="green"))


def _faults(screen: Screen, made: Cropped, *, every: bool) -> list[str]:
    """What could not be used, by name."""
    told = [str(fault) for fault in made.faults]
    told += [f"{path}: {each.reason.replace('_', ' ')} {each.detail}".rstrip() for path, each in made.refused.items()]
    shown = told if every else told[:SHOWN]
    more = [f"… and {len(told) - len(shown)} more; -v shows all."] if len(told) > len(shown) else []
    head = [f"{_boxes(len(made.faults))} of {made.form.upper()} could not be used:"]
    return [*(head if made.faults else []), *map(screen.safe, shown), *more]


def _boxes(count: int) -> str:
    return f"{count:,} box{'' if count == 1 else 'es'}"


def _remarks(made: Cropped) -> list[str]:
    """What was left out, and what comes next."""
    said = [f"{many(made.before, 'picture')} had been cut before."] if made.before else []
    said += [f"{many(count, 'crop')} left out: {why}." for why, count in made.dropped.items() if count]
    root = str(made.root)
    return [*said, f"{line('split', root)} and {line('train', root, '--head', 'svm')} are next."]
