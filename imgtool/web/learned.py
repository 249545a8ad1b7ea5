"""What a model is worth, as one page with its pictures inside, and the tables and the picture beside it.

write(report, Path("model.report"))   # index.html confusion.png confusion.csv history.csv predictions.csv
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classify.file.whole import written
from classify.nouns import Epoch
from classify.plots import accuracy, confusion_png, losses, reliable, speaking
from imgtool.errors import StorageError
from imgtool.pipeline import wording
from imgtool.pipeline.listing import confusion_csv, history_csv, predictions_csv
from imgtool.pipeline.report import Report
from imgtool.pipeline.thumbs import thumbnails
from imgtool.web.album import plain
from imgtool.web.page import TEMPLATES

PAGE = "index.html"
SIDE = 176  # px: two beside each other on a phone
WRONG, RIGHT = 24, 8  # pictures of one cell that are shown
FIRST = 12  # mistakes before anybody asks for more
MOST = 500  # pictures on the page: about 4 MB
UNSURE = 24  # pictures it was not sure of
MATRIX = 30  # classes whose confusion is a table one can read; of more, the pairs are listed
FEW, SHORT = 4, 10  # classes, and letters of their names, whose columns are headed by names written level
PAIRS = 40  # of these, so many


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture with what was said of it."""

    path: str
    picture: str  # a data URL; "" when it cannot be shown
    truth: str
    said: str
    probability: float
    cell: str  # "0-1": of class 0, called class 1
    why: str  # what made it not sure

    @property
    def right(self) -> bool:
        """Was that it?"""
        truth, _, said = self.cell.partition("-")
        return truth == said


@dataclass(frozen=True, slots=True)
class Cell:
    """Pictures of one class that were called another, or rightly the same."""

    key: str
    truth: str
    said: str
    count: int
    share: float  # of the true class
    shown: int  # of them, on the page

    @property
    def right(self) -> bool:
        """Is it on the diagonal?"""
        truth, _, said = self.key.partition("-")
        return truth == said


def write(report: Report, folder: Path) -> Path:
    """The page and what lies beside it; the page's place."""
    ready(folder)
    put(folder / "confusion.png", confusion_png(report.scores.counts, report.scores.labels))
    put(folder / "confusion.csv", confusion_csv(report))
    put(folder / "predictions.csv", predictions_csv(report))
    if report.epochs:
        put(folder / "history.csv", history_csv(report.epochs))
    put(folder / PAGE, page(report))
    return folder / PAGE


def live(folder: Path, title: str, says: str, epochs: Sequence[Epoch]) -> Path:
    """The page while it still learns: its curves so far; a browser that shows it asks again by itself."""
    ready(folder)
    curves = [accuracy(epochs), losses(epochs)] if epochs else []
    put(folder / PAGE, _rendered("live.html", title=title, says=says, curves=curves, epochs=epochs))
    return folder / PAGE


def page(report: Report) -> str:
    """All of it."""
    chosen = gallery(report)
    unsure = doubtful(report)
    pictures = thumbnails(report.root, [report.tested.paths[n] for n in {*chosen, *unsure}], side=SIDE)
    full, labels = cells(report, chosen), report.card.labels
    wrong = sorted((cell for cell in full if not cell.right), key=lambda cell: (-cell.count, -cell.share))
    return _rendered(
        "page.html",
        report=report,
        headline=wording.headline(report),
        meaning=wording.meaning(report),
        seen=[seen(report, n, pictures) for n in chosen],
        unsure=[seen(report, n, pictures) for n in unsure],
        first=FIRST,
        full=full,
        matrix=matrix(full, len(labels)) if len(labels) <= MATRIX else [],
        narrow=len(labels) > FEW or max(map(len, labels)) > SHORT,
        pairs=wrong[:PAIRS],
        hardest=sorted(report.scores.classes, key=lambda each: (each.f1 is None, each.f1)),
        charts=charts(report),
    )


def gallery(report: Report) -> list[int]:
    """Which pictures are shown: mistakes, the surest first; then of each class those it was just right about."""
    kept: dict[tuple[int, int], int] = defaultdict(int)
    wrong = [(each.index, (each.truth, each.said), WRONG) for each in report.scores.mistakes]
    places = {label: number for number, label in enumerate(report.card.labels)}
    judged = sorted(enumerate(report.tested.judgements), key=lambda pair: pair[1].probability)
    ranked = [(n, places[judgement.label], int(report.tested.targets[n])) for n, judgement in judged]
    right = [(n, (said, said), RIGHT) for n, said, truth in ranked if said == truth]
    chosen: list[int] = []
    for index, key, most in (*wrong, *right):
        kept[key] += 1
        if kept[key] <= most and len(chosen) < MOST:
            chosen.append(index)
    return chosen


def doubtful(report: Report) -> list[int]:
    """Pictures it was not sure of, the least probable first."""
    judged = [(judgement.probability, n) for n, judgement in enumerate(report.tested.judgements) if not judgement.sure]
    return [n for _, n in sorted(judged)[:UNSURE]]


def seen(report: Report, number: int, pictures: Mapping[str, str]) -> Seen:
    """One of the pictures it was asked about."""
    path, judgement = report.tested.paths[number], report.tested.judgements[number]
    truth = int(report.tested.targets[number])
    said = report.card.labels.index(judgement.label)
    names = plain(report.card.labels[truth]), plain(judgement.label)
    why = "" if judgement.sure else plain(judgement.why)
    return Seen(plain(path), pictures[path], *names, judgement.probability, f"{truth}-{said}", why)


def cells(report: Report, chosen: Sequence[int]) -> list[Cell]:
    """The confusion's cells that have pictures, row by row."""
    labels = [plain(label) for label in report.scores.labels]
    shown: dict[tuple[int, int], int] = defaultdict(int)
    for n in chosen:
        said = report.card.labels.index(report.tested.judgements[n].label)
        shown[int(report.tested.targets[n]), said] += 1
    return [
        Cell(f"{i}-{j}", labels[i], labels[j], count, count / sum(row), shown[i, j])
        for i, row in enumerate(report.scores.counts)
        for j, count in enumerate(row)
        if count
    ]


def matrix(full: Sequence[Cell], classes: int) -> list[list[Cell | None]]:
    """The same as a table; nothing where a cell has no pictures."""
    by_key = {cell.key: cell for cell in full}
    return [[by_key.get(f"{i}-{j}") for j in range(classes)] for i in range(classes)]


def charts(report: Report) -> dict[str, str]:
    """The charts there is something to draw in."""
    drawn = {"reliable": reliable(report.calibration.raw, report.calibration.bins), "speaking": speaking(report.bars)}
    if len(report.epochs) > 1:
        drawn |= {"accuracy": accuracy(report.epochs, report.best), "losses": losses(report.epochs, report.best)}
    return drawn


def ready(folder: Path) -> None:
    """The folder, there to be written into; StorageError when it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The report {folder} cannot be written: {error.strerror}."
        raise StorageError(message, hint="Name another place with --report.") from error


def put(file: Path, content: str | bytes) -> None:
    """A file, whole or not at all."""
    body = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    with written(file) as part:
        part.write_bytes(body)


def clock(seconds: float) -> str:
    """A duration as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def percent(share: float | None, digits: int = 0) -> str:
    """A share in hundredths; a dash where there is none. What rounds to all or none says so only when it is."""
    if share is None or math.isnan(share):
        return "–"
    while digits < 4 and 0 < share < 1 and round(share * 100, digits) in (0, 100):
        digits += 1
    return f"{share * 100:.{digits}f} %"


def _rendered(name: str, **values: object) -> str:
    from markupsafe import Markup

    helpers = {
        "plain": plain,
        "percent": percent,
        "clock": clock,
        "often": wording.often,
        "svg": Markup,
        "inf": math.inf,
    }
    return TEMPLATES.get_template(f"learned/{name}").render(values | helpers)
