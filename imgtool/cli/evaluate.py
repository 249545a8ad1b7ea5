"""`imgtool evaluate`: what a model file is worth on a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option

from imgtool.cli.given import line
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb


@dataclass(frozen=True, slots=True)
class Exam:
    """What is asked, and about what."""

    model: Annotated[str, Argument(metavar="MODEL", help="The model's file.")] = "model.keras"
    data: Annotated[str, Argument(metavar="DATA", help="A dataset, or any folder of class folders.")] = "data"
    split: Annotated[
        Literal["", "train", "val", "test", "all"],
        Option(
            "--split",
            metavar="NAME",
            help="test, val, train or all (test; all where the set is in no splits).",
            show_default=False,
        ),
    ] = ""
    report: Annotated[
        str,
        Option("--report", metavar="FOLDER", help="Write a page with the pictures there.", rich_help_panel=OUTPUT),
    ] = ""


@verb("evaluate")
def evaluate(screen: Screen, exam: Exam, common: Common) -> None:
    """Ask a model about pictures whose class is known: how many it names right, what that proves, what it confuses.

    The classes may be fewer than it knows, but none that it does not know.
    """
    from imgtool.cli.bar import Bar
    from imgtool.cli.scored import drawing, facts
    from imgtool.pipeline.evaluate import evaluate as carry_out

    with Bar(screen, "Asking") as bar:
        report = carry_out(Path(exam.model).expanduser(), exam.data, exam.split, watch=bar, steps=bar.step)
        if exam.report:
            from imgtool.web import learned

            bar.say("Writing the report")
            learned.write(report, Path(exam.report).expanduser())
    screen.result(facts(report) | {"report": exam.report or None}, lambda: drawing(screen, report, common.verbose))
    place = Path(exam.report) / "index.html"
    wish = line("evaluate", exam.model, exam.data, "--report", "report")
    screen.note(f"The page: {place}" if exam.report else f"{wish} shows the pictures.", "dim")
