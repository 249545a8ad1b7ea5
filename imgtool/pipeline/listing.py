"""A report's tables as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from classify.calibrate import probabilities
from classify.nouns import Epoch
from curate.cells import safe
from imgtool.pipeline.report import Report

SAID = ("path", "label", "said", "probability", "right", "sure", "why", "strangeness")
LEARNT = ("epoch", "stage", "loss", "accuracy", "val_loss", "val_accuracy", "rate", "seconds")


def confusion_csv(report: Report) -> str:
    """A row for each true class, a column for each it was called; then the same as shares of the row."""
    scores = report.scores
    rows = (
        (label, *counts, *(round(share, 6) for share in shares))
        for label, counts, shares in zip(scores.labels, scores.counts, scores.shares, strict=True)
    )
    return table(("label / called", *scores.labels, *(f"share({label})" for label in scores.labels)), rows)


def predictions_csv(report: Report) -> str:
    """A row for each picture, with the probability of every class."""
    labels, tested = report.card.labels, report.tested
    shares = probabilities(tested.answers.logits, report.card.temperature)
    rows = (
        (
            tested.paths[n],
            labels[int(tested.targets[n])],
            said.label,
            round(said.probability, 6),
            int(said.label == labels[int(tested.targets[n])]),
            int(said.sure),
            said.why,
            round(said.strangeness, 6),
            *(round(float(share), 6) for share in shares[n]),
        )
        for n, said in enumerate(tested.judgements)
    )
    return table((*SAID, *(f"p({label})" for label in labels)), rows)


def history_csv(epochs: Iterable[Epoch]) -> str:
    """A row for each epoch."""
    rows = ((e.number, e.stage, e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.rate, e.seconds) for e in epochs)
    return table(LEARNT, rows)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows of cells; foreign text is no formula."""
    file = io.StringIO()
    lines = csv.writer(file, lineterminator="\r\n")
    lines.writerow([safe(cell) for cell in head])
    lines.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return file.getvalue()
