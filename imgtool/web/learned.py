"""What a model is worth, as one page with its pictures inside, and the tables and the picture beside it.

write(report, Path("model.report"))   # index.html, tables, and told.json for those who read it back
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from classify.file.whole import written
from classify.nouns import Epoch
from classify.plots import HANDFUL, accuracy, confusion_png, growing, losses, reliable, speaking
from imgtool.errors import StorageError
from imgtool.pipeline import wording
from imgtool.pipeline.listing import confusion_csv, history_csv, predictions_csv
from imgtool.pipeline.report import Report
from imgtool.pipeline.reported import FACTS, facts_json
from imgtool.pipeline.thumbs import thumbnails
from imgtool.web.album import plain
from imgtool.web.figures import clock, lessons, percent
from imgtool.web.gallery import cells, doubtful, gallery, matrix, seen
from imgtool.web.page import TEMPLATES

PAGE = "index.html"
SIDE = 176  # px: two beside each other on a phone
FIRST = 12  # mistakes before anybody asks for more
MATRIX = 30  # classes whose confusion is a table one can read; of more, the pairs are listed
FEW, SHORT, SHORTEST = 4, 10, 4  # letters of names that head columns level: of few classes, and of more
PAIRS = 40  # of these, so many


def write(report: Report, folder: Path) -> Path:
    """The page and what lies beside it; the page's place."""
    ready(folder)
    put(folder / "confusion.png", confusion_png(report.scores.counts, report.scores.labels))
    put(folder / "confusion.csv", confusion_csv(report))
    put(folder / "predictions.csv", predictions_csv(report))
    put(folder / FACTS, facts_json(report))
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
        narrow=max(map(len, labels)) > (SHORT if len(labels) <= FEW else SHORTEST),
        pairs=wrong[:PAIRS],
        hardest=sorted(report.scores.classes, key=lambda each: (each.f1 is None, each.f1)),
        lessons=lessons(report.card),
        charts=charts(report),
    )


def charts(report: Report) -> dict[str, str]:
    """The charts there is something to draw in."""
    told, drawn = report.calibration, {}
    if report.scores.mistakes:
        drawn["speaking"] = speaking(report.bars)
    if sum(step.count >= HANDFUL for step in told.bins) > 1:
        drawn["reliable"] = reliable(told.raw, told.bins)
    if len(report.epochs) > 1:
        drawn |= {"accuracy": accuracy(report.epochs, report.best), "losses": losses(report.epochs, report.best)}
    return drawn | ({"growing": growing(report.worth)} if report.worth else {})


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


def _rendered(name: str, **values: object) -> str:
    from markupsafe import Markup

    helpers = {
        "plain": plain,
        "percent": percent,
        "clock": clock,
        "svg": Markup,
        "inf": math.inf,
    }
    return TEMPLATES.get_template(f"learned/{name}").render(values | helpers)
