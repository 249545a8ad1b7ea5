"""A report read back from the folder beside its model, without trust: its tables, and the pictures of its page.

predictions.csv ──▶ Report     index.html ──▶ pictures, by path     told.json ──▶ what no table holds
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from classify.file.card import table, text, whole
from classify.nouns import Answers, Card, Judgement
from classify.scores.score import LEAST
from curate.cells import safe
from imgtool.errors import StorageError
from imgtool.pipeline.listing import SAID
from imgtool.pipeline.report import Report, Tested, told

PREDICTIONS, PAGE, FACTS = "predictions.csv", "index.html", "told.json"
LARGEST = 64 << 20  # bytes of a file of it; the page of 500 pictures has 5 MB
MOST = 1000  # notes, sites and the like that are read; what `train` writes has some dozen
FIGURE, PATH = '<figure class="card', '<bdi class="quiet">'
URL = re.compile(r'[^">]*">\s*<div class="frame"><img src="(data:image/jpeg;base64,[A-Za-z0-9+/=]+)"')


def reported(folder: Path, model: str, card: Card) -> Report | None:
    """What was written there of the model; None if nothing was. StorageError when it makes no sense."""
    lines = read(folder / PREDICTIONS)
    if lines is None:
        return None
    try:
        tested = tested_of(list(csv.reader(lines.splitlines())), card)
        known = facts(read(folder / FACTS), card)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, csv.Error, RecursionError) as error:
        raise StorageError(f"The report {folder} cannot be read: {error}.") from error
    split = str(known.pop("split", guessed(tested, card)))
    tested = replace(tested, split=split, learnt=bool(known.pop("learnt", split != "test")))
    return replace(told(folder, model, card, tested), **known)


def pictures(folder: Path) -> dict[str, str]:
    """The pictures of its page as data URLs, by the paths that stand below them."""
    figures = (read(folder / PAGE) or "").split(FIGURE)[1:]
    found = ((URL.match(figure), figure.rpartition(PATH)[2].partition("<")[0]) for figure in figures)
    return {html.unescape(path): url[1] for url, path in found if url}


def read(file: Path) -> str | None:
    """A file's text; None where there is none, and of one that is too large."""
    try:
        return file.read_text("utf-8", "replace") if file.stat().st_size <= LARGEST else None
    except OSError:
        return None


def tested_of(rows: Sequence[Sequence[str]], card: Card) -> Tested:
    """The pictures, and what was said of them; ValueError unless the table is of this model."""
    names = [safe(label) for label in card.labels]
    if not rows or list(rows[0]) != [*SAID, *(safe(f"p({label})") for label in card.labels)]:
        raise ValueError("it is of another model")
    body = [row for row in rows[1:] if row]
    shares = np.array([[float(each) for each in row[len(SAID) :]] for row in body], np.float32)
    if not body or shares.shape != (len(body), len(names)) or not np.isfinite(shares).all():
        raise ValueError("a probability is missing")
    logits = np.log(np.maximum(shares, LEAST)) * np.float32(card.temperature)
    return Tested(
        tuple(row[0] for row in body),
        np.array([names.index(row[1]) for row in body], np.int64),
        Answers(logits.astype(np.float32), np.zeros((len(body), 0), np.float32)),
        tuple(judgements(body, shares, card)),
    )


def judgements(body: Sequence[Sequence[str]], shares: np.ndarray[Any, Any], card: Card) -> Iterator[Judgement]:
    """What was said of each picture."""
    for row, line in zip(body, shares, strict=True):
        ranked = tuple((card.labels[n], float(line[n])) for n in np.argsort(-line, kind="stable"))
        yield Judgement(ranked, row[5] == "1", row[6], float(row[7]))


def guessed(tested: Tested, card: Card) -> str:
    """Which pictures they were, where nobody wrote it down."""
    sizes = {name: sum(counts.values()) for name, counts in card.counts.items()}
    likely = [name for name in ("test", "val") if sizes.get(name) == len(tested) + len(tested.refused)]
    return likely[0] if likely else "test"


def facts(body: str | None, card: Card) -> dict[str, Any]:
    """What no table holds; nothing of it when it was written of another model."""
    said = json.loads(body) if body else {}
    if not said or said["model"] != [card.dataset, card.created]:
        return {}
    came = dict(list(table(table(whole))(said["came"]).items())[:MOST])  # type: ignore[attr-defined]
    notes = tuple(text(each) for each in said["notes"][:MOST])
    return {"split": text(said["split"]), "learnt": said["learnt"] is True, "came": came, "notes": notes}


def facts_json(report: Report) -> str:
    """What `facts` reads."""
    card, tested = report.card, report.tested
    said = {
        "model": [card.dataset, card.created],
        "split": tested.split,
        "learnt": tested.learnt,
        "came": report.came,
        "notes": report.notes,
    }
    return json.dumps(said, ensure_ascii=False, indent=1, default=dict) + "\n"
