"""`imgtool locate`: where in pictures the things are that a model knows."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated

from typer import Option

from imgtool.cli.predict import Which, chosen
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb
from imgtool.cli.wanted import Pictures, Private, words
from imgtool.errors import UsageError

HOW = "How it looks"


@dataclass(frozen=True, slots=True)
class Sought:
    """The pictures, and how they are searched."""

    pictures: Pictures = field(default_factory=list)
    quick: Annotated[
        bool, Option("--quick", help="By the heat of the whole picture: rougher, in a moment.", rich_help_panel=HOW)
    ] = False
    threshold: Annotated[
        list[str],
        Option(
            "--threshold",
            metavar="SHARE",
            show_default=False,
            rich_help_panel=HOW,
            help="The probability that makes a find (0.5, or as the card says); NAME=SHARE for one class; repeat it.",
        ),
    ] = field(default_factory=list)
    overlap: Annotated[
        float,
        Option("--overlap", metavar="SHARE", rich_help_panel=HOW, help="From here on two boxes are one thing (0.3)."),
    ] = 0.3
    most: Annotated[
        int, Option("--most", metavar="N", min=0, rich_help_panel=HOW, help="Finds in a picture; 0 = all.")
    ] = 0
    out: Annotated[
        str,
        Option(
            "--out",
            "-o",
            metavar="PATH",
            rich_help_panel=OUTPUT,
            help="A folder for the drawings, or a .png; else beside the photos, and none with --json.",
        ),
    ] = ""
    allow_private: Private = None


@verb("locate")
def locate(screen: Screen, which: Which, sought: Sought, common: Common) -> None:
    """Find where things are in pictures: boxes with names, drawn beside each photo or told with --json.

    The model is asked about the parts of a picture that look like things; one that knows the class "background", as
    `imgtool regions` makes it, finds best. A drawing is PHOTO-located.png; no file of yours is ever written over.
    """
    from imgtool.cli.located import Teller
    from imgtool.cli.settle import settle
    from imgtool.pipeline.easel import Easel
    from imgtool.pipeline.finding import Locating
    from imgtool.pipeline.locate import located
    from imgtool.pipeline.pictures import alone
    from imgtool.pipeline.plan import limits_of
    from imgtool.pipeline.predict import load

    file, pictures = chosen(which.model, sought.pictures)
    what = words(pictures)
    usual, single = thresholds(sought.threshold)
    how = Locating(sought.quick, usual, single, sought.overlap, sought.most)
    out = Path(sought.out).expanduser() if sought.out else None
    easel = Easel(out, alone=alone(what)) if out or not common.json else None
    settings = settle(screen, common, {"allow_private": sought.allow_private}).settings
    model, teller = load(file), Teller(screen, quick=sought.quick)
    with closing(located(what, model, how, limits_of(settings))) as answers:
        for said, one in answers:
            teller.tell(replace(easel.saved(said, one.pick) if easel else said, pixels=None))
    teller.end({"model": str(model.path), "labels": model.labels, "how": asdict(how)})


def thresholds(given: list[str]) -> tuple[float | None, Mapping[str, float]]:
    """The probability for all classes, if one was said, and those for single ones."""
    single: dict[str, float] = {}
    usual: float | None = None
    for text in given:
        name, _, number = text.rpartition("=")
        try:
            share = float(number)
        except ValueError:
            hint = "A probability: --threshold 0.6; for one class: --threshold cat=0.8."
            raise UsageError(f"{text!r} is no threshold.", hint=hint) from None
        if name:
            single[name] = share
        else:
            usual = share
    return usual, single
