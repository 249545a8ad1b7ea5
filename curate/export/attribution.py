"""ATTRIBUTION.csv: title, author, source and licence of every picture, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from curate.cells import safe
from curate.export.plan import Brief

FILE = "ATTRIBUTION.csv"
FIELDS = ("id", "split", "label", "title", "creator", "licence", "licence_url", "page_url", "url", "engine", "sha256")


def write(folder: Path, brief: Brief) -> None:
    """One row a picture; variants share their original's."""
    with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow(FIELDS)
        table.writerows([safe(cell) for cell in row] for row in rows(brief))


def rows(brief: Brief) -> Iterator[tuple[str, ...]]:
    """The cells as they are."""
    for unit, item in brief.plan.rows():
        if item.copy == 0:
            yield (item.key, unit.split, unit.entry.label, *brief.claims(unit).values())
