"""The confusion of a report as a page shows it: its cells, and the pictures of the one that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imgtool.pipeline.report import Report
from imgtool.web.album import plain
from imgtool.web.gallery import Cell, Seen, cells, gallery, matrix, seen
from imgtool.web.learned import FIRST, MATRIX, PAIRS

SHADES = 9  # of a cell: a style sheet has no other numbers


@dataclass(frozen=True, slots=True)
class Told:
    """A report, and the pictures that its page shows."""

    report: Report | None
    pictures: Mapping[str, str]
    trouble: str = ""  # why it cannot be read


def confused(told: Told, asked: str) -> dict[str, object]:
    """Its confusion, and the pictures of one cell: of the surest mistakes, when none is asked for."""
    report = told.report
    assert report
    chosen = gallery(report)
    full = cells(report, chosen)
    wrong = sorted((cell for cell in full if not cell.right), key=lambda cell: (-cell.count, -cell.share))
    cell = next((each for each in full if each.key == asked), None)
    cards = pictured(told, chosen)
    picked = [one for one in cards if one.cell == cell.key] if cell else first(cards)
    return {
        "cell": cell.key if cell else "",
        "opened": cell,
        "full": full,
        "matrix": matrix(full, len(report.card.labels)) if len(report.card.labels) <= MATRIX else [],
        "pairs": wrong[:PAIRS],
        "gallery": picked,
        "more": (cell.count if cell else len(report.scores.mistakes) or len(picked)) - len(picked),
        "shade": shade,
    }


def pictured(told: Told, chosen: Sequence[int]) -> list[Seen]:
    """The pictures of the report's page, with what was said of each."""
    report = told.report
    assert report
    paths = [report.tested.paths[n] for n in chosen]
    found = {path: told.pictures.get(plain(path), "") for path in paths}
    return [seen(report, n, found) for n in chosen]


def first(cards: Sequence[Seen]) -> list[Seen]:
    """The surest mistakes; where there is none, what it was least sure of."""
    return ([one for one in cards if not one.right] or list(cards))[:FIRST]


def shade(cell: Cell) -> int:
    """How dark a cell is."""
    return round(cell.share * SHADES)
