"""What a model is worth, for people: one sentence, a small table of what it confuses, the worst mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from imgtool.cli.given import many
from imgtool.cli.plain import short
from imgtool.cli.screen import Screen
from imgtool.cli.tables import grid
from imgtool.pipeline import wording

if TYPE_CHECKING:
    from classify.scores import Silence
    from imgtool.pipeline.report import Report

WIDE = 80  # columns that a confusion fits into
NAME, HEAD, COUNT = 20, 7, 4  # characters of a class, of one above a column, and of a count
CORNER = "label \\ called"
FEW, MORE = 5, 50  # mistakes, and with --verbose
LISTED = 10  # classes, or pairs of them, in a list


def drawing(screen: Screen, report: Report, verbose: int = 0) -> RenderableType:
    """The whole answer."""
    parts: list[RenderableType] = [heading(report), Text()]
    parts.append(confusion(screen, report) if fits(report.scores.labels) else hardest(screen, report))
    if report.scores.mistakes:
        parts += [Text(), mistakes(screen, report, MORE if verbose else FEW)]
    return Group(*parts, *(Text(screen.safe(text), style=style) for text, style in remarks(report)))


def heading(report: Report) -> Text:
    """The sentence, and what it rests on."""
    text = Text(wording.headline(report), style="bold")
    return text.append(f"\n{wording.meaning(report)}", style="not bold dim")


def fits(labels: Sequence[str]) -> bool:
    """Is there room for a column for each?"""
    name = max(min(max(map(len, labels)), NAME), len(CORNER))
    return name + sum(2 + max(min(len(label), HEAD), COUNT) for label in labels) <= WIDE


def confusion(screen: Screen, report: Report) -> Table:
    """Rows are the labels, columns what it was called."""
    names = [screen.safe(label) for label in report.scores.labels]
    heads = [short(name, HEAD) for name in names]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    for _ in heads:
        table.add_column(justify="right")
    table.add_row(Text(CORNER, style="dim"), *(Text(head, style="dim") for head in heads))
    for row, counts in enumerate(report.scores.counts):
        cells = [Text(str(count), style=shade(row == column, count)) for column, count in enumerate(counts)]
        table.add_row(short(names[row], NAME), *cells)
    return table


def shade(right: bool, count: int) -> str:
    """The colour of a count."""
    return "dim" if not count else "green" if right else "red"


def hardest(screen: Screen, report: Report) -> Table:
    """Of many classes, those it knows least."""
    table = grid("the hardest", "right", "of", "F1", right=frozenset({"right", "of", "F1"}))
    known = [each for each in report.scores.classes if each.f1 is not None]
    for each in sorted(known, key=lambda each: each.f1 or 0.0)[:LISTED]:
        table.add_row(screen.safe(each.label), str(each.right), str(each.support), f"{each.f1:.3f}")
    return table


def mistakes(screen: Screen, report: Report, many: int) -> Table:
    """The most confident first."""
    table = grid("surest mistakes", "called", "label", "picture", right=frozenset({"surest mistakes"}))
    labels, paths = report.scores.labels, report.tested.paths
    for each in report.scores.mistakes[:many]:
        said, truth = screen.safe(labels[each.said]), screen.safe(labels[each.truth])
        table.add_row(f"{each.probability:.1%}", said, truth, screen.safe(paths[each.index]))
    return table


def remarks(report: Report) -> Iterator[tuple[str, str]]:
    """What else there is to say, and in what colour."""
    yield "", ""
    if report.scores.silence:
        yield sureness(report.scores.silence), ""
    told = report.calibration
    yield f"Its probabilities are off by {told.after:.1%} on average ({told.before:.1%} uncalibrated).", ""
    if refused := report.tested.refused:
        yield f"{many(len(refused), 'file')} could not be read, {refused[0][0]} ({refused[0][1]}) the first.", "yellow"
    for note in report.notes:
        yield note, "yellow"


def sureness(silence: Silence) -> str:
    """What "not sure" was worth."""
    kept, left = silence.answered, silence.open
    said = f"It is sure of {many(kept.total, 'picture')}"
    said += f", and right in {kept.share:.1%} of these" if kept.total else ""
    return (
        f"{said}; of the {left.total:,} others it would have named {left.share:.1%} right."
        if left.total
        else f"{said}."
    )


def facts(report: Report) -> dict[str, object]:
    """The same for machines."""
    scores, tested, told = report.scores, report.tested, report.calibration
    low, high = scores.accuracy.interval
    return {
        "model": report.model,
        "dataset": str(report.root),
        "split": tested.split,
        "learnt_from": tested.learnt,
        "pictures": scores.accuracy.total,
        "right": scores.accuracy.right,
        "accuracy": scores.accuracy.share,
        "low": low,
        "high": high,
        "most_frequent": scores.guess,
        "balanced_accuracy": scores.balanced,
        "f1": scores.f1,
        "loss": scores.loss,
        "classes": [
            {"label": c.label, "pictures": c.support, "precision": c.precision, "recall": c.recall, "f1": c.f1}
            for c in scores.classes
        ],
        "confusion": {"labels": scores.labels, "counts": scores.counts},
        "mistakes": [
            {
                "path": tested.paths[each.index],
                "label": scores.labels[each.truth],
                "said": scores.labels[each.said],
                "probability": each.probability,
            }
            for each in scores.mistakes
        ],
        "calibration": {"temperature": told.temperature, "before": told.before, "after": told.after},
        "sure": scores.silence,
        "refused": [{"path": path, "why": why} for path, why in tested.refused],
        "notes": report.notes,
    }
