"""`imgtool train`: a dataset in, one model file and its report out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from imgtool.cli.given import line
from imgtool.cli.learning import Manner, Net, learning
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from classify.nouns import Learning, Step
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.train import Trained


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt, and where it goes."""

    data: Annotated[str, Argument(metavar="DATA", help="A dataset, or any folder of class folders.")] = "data"
    digits: Annotated[
        str,
        Option("--digits", metavar="PATH", help="Learn handwritten digits: MNIST's idx files, or folders 0 to 9."),
    ] = ""
    sweep: Annotated[
        Literal["", "lr"],
        Option("--sweep", metavar="lr", help="Only try learning rates: a plot and a table.", show_default=False),
    ] = ""
    out: Annotated[str, Option("--out", "-o", metavar="FILE", help="The model's file.", rich_help_panel=OUTPUT)] = (
        "model.keras"
    )
    report: Annotated[
        str,
        Option("--report", metavar="FOLDER", help="Where its report goes (MODEL-report).", rich_help_panel=OUTPUT),
    ] = ""


@verb("train")
def train(screen: Screen, lesson: Lesson, net: Net, manner: Manner, common: Common) -> None:
    """Learn a dataset's classes; leaves one model file and a report to read.

    Frozen features and a small head by default: minutes on a laptop. Pictures in no split yet are split first, twins
    together; the test pictures are asked once, at the end. Run it again after a kill: it goes on.
    """
    from imgtool.cli.bar import Bar
    from imgtool.cli.scored import drawing
    from imgtool.web import learned

    asked = learning(net, manner)
    if lesson.sweep:
        _sweep(screen, lesson, asked)
        return
    with Bar(screen, "Learning") as bar:
        made = _made(lesson, asked, bar)
        bar.say("Writing the report")
        page = learned.write(made.report, folder(lesson))
        made.tidy()
    screen.result(facts(made, page), lambda: drawing(screen, made.report, common.verbose))
    for text in remarks(made, page):
        screen.note(text, "dim")


def _made(lesson: Lesson, asked: Learning, bar: Bar) -> Trained:
    """The model, its curves drawn while they grow."""
    from imgtool.pipeline.train import train as carry_out
    from imgtool.pipeline.train import train_digits
    from imgtool.web import learned

    def watch(step: Step) -> None:
        bar.step(step)
        if step.epochs and asked.route != "frozen":
            learned.live(folder(lesson), Path(lesson.out).name, step.what, step.epochs)

    if lesson.digits:
        return train_digits(lesson.digits, asked, lesson.out, steps=watch)
    return carry_out(lesson.data, asked, lesson.out, watch=bar, steps=watch)


def _sweep(screen: Screen, lesson: Lesson, asked: Learning) -> None:
    """Learning rates tried, nothing trained."""
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.sweep import sweep

    with Bar(screen, "Trying learning rates") as bar:
        found = sweep(lesson.data, asked, folder(lesson), watch=bar, steps=bar.step)
    data = {"suggested": found.suggested, "table": str(found.table), "plot": str(found.plot)}
    screen.result(data, lambda: f"{found.suggested:.2g} is a rate at which it learns quickly and surely.")
    screen.note(f"The plot: {found.plot}. Use it with --rate {found.suggested:.2g}.", "dim")


def folder(lesson: Lesson) -> Path:
    """Where the report goes."""
    from imgtool.pipeline.beside import report_of

    return Path(lesson.report) if lesson.report else report_of(Path(lesson.out))


def facts(made: Trained, page: Path) -> dict[str, object]:
    """The result for machines."""
    from imgtool.cli.scored import facts as scored

    return scored(made.report) | {
        "file": str(made.file),
        "before": None if made.before is None else str(made.before),
        "report": str(page),
        "card": made.card,
        "seconds": made.report.timings,
    }


def remarks(made: Trained, page: Path) -> list[str]:
    """Where everything is, and what a person may want to do now."""
    from imgtool.pipeline.located import BACKGROUND

    said = [f"The model: {made.file}. The report: {page}"]
    if made.before:
        said.append(f"The model that was there before is {made.before} now.")
    place = [] if str(made.file) == "model.keras" else ["--model", str(made.file)]
    said.append(f"{line('predict', 'photo.jpg', *place)} names a picture.")
    if made.card.kind == "digits":
        return said
    if BACKGROUND in made.card.labels:
        said.append(f"{line('locate', 'photo.jpg', *place)} finds where it is.")
    return [*said, f"{line('noise', str(made.report.root))} looks for wrong labels."]
