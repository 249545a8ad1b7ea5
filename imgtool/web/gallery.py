"""The pictures that a report shows, and the cells of its confusion that lead to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imgtool.pipeline.report import Report
from imgtool.web.album import plain

WRONG, RIGHT = 24, 8  # pictures of one cell that are shown
MOST = 500  # pictures on the page: about 4 MB
UNSURE = 24  # pictures it was not sure of


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
