"""How well a model knows what it was never taught: each class held out in turn, and pictures of other sets.

    python benchmarks/strangers.py ../shared/data          # about 2 minutes on two cores, half of it features

Of caltech101_subset 30 pictures of each known class are learnt from and 10 draw the lines; the rest, and all of the
held out class, are asked. Of cats_dogs all training pictures are learnt from, half of the others draw the lines,
the other half is asked, with the pictures of three other sets.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from download import machine
from planted_noise import WEIGHTS, entries

import imgtool
from classify.calibrate import temperature
from classify.doubt import Strangeness, auroc, judge, thresholds
from classify.heads import fit
from classify.nouns import Answers, Card, Features, Recipe, Targets
from imgtool.pipeline.embedded import embedded
from imgtool.pipeline.shown import Look, views

RESULT = Path(__file__).parent / "results" / "strangers.md"
KNOWN, LINES = 30, 10


@dataclass
class Row:
    """What one task gave."""

    task: str
    auroc: float
    refused: float  # of known pictures not learnt from
    caught: float  # of strangers


@dataclass
class Set:
    """Features and classes of one folder."""

    features: Features
    targets: Targets
    labels: tuple[str, ...]


def seen(folder: Path, recipe: Recipe) -> Set:
    """A copy of a folder of classes, looked at: the original is not to be written into."""
    with tempfile.TemporaryDirectory(prefix="unknown-") as room:
        root = Path(shutil.copytree(folder, Path(room) / "set"))
        imgtool.check(str(root))
        found = embedded(root, views(entries(root)), recipe, Look(0))
        named = [view.entry.label for view in found.views]
        labels = tuple(sorted(set(named)))
        return Set(found.features, np.array([labels.index(name) for name in named]), labels)


def asked(task: str, taught: Set, lines: Set, known: Features, odd: Features) -> Row:
    """A model of what is taught, its doubt drawn by other pictures, asked about known and strange ones."""
    head = fit("logistic", taught.features, taught.targets, len(taught.labels))
    strangeness = Strangeness.fit(taught.features, taught.targets)

    def said(features: Features) -> Answers:
        return Answers(head.logits(features), features)

    t = temperature(said(lines.features).logits, lines.targets)
    doubt = thresholds(said(lines.features), lines.targets, strangeness, temperature=t)
    card = Card(taught.labels, temperature=t, sure=doubt.sure, strange=doubt.strange)
    refused, caught = (
        float(np.mean([not each.sure for each in judge(said(some), card, strangeness)])) for some in (known, odd)
    )
    return Row(task, auroc(strangeness.score(known), strangeness.score(odd)), refused, caught)


def held_out(whole: Set, seed: int = 0) -> Iterator[Row]:
    """Each class in turn is the one that nobody taught."""
    order = np.random.default_rng(seed).permutation(len(whole.targets))
    for stranger, name in enumerate(whole.labels):
        places = [order[whole.targets[order] == label] for label in range(len(whole.labels)) if label != stranger]
        rest = tuple(label for label in whole.labels if label != name)
        taught, lines = (
            Set(
                np.concatenate([whole.features[some[part]] for some in places]),
                np.repeat(np.arange(len(rest)), [len(some[part]) for some in places]),
                rest,
            )
            for part in (slice(KNOWN), slice(KNOWN, KNOWN + LINES))
        )
        known = np.concatenate([whole.features[some[KNOWN + LINES :]] for some in places])
        yield asked(name, taught, lines, known, whole.features[whole.targets == stranger])


def other_sets(data: Path, recipe: Recipe, strangers: dict[str, Set]) -> Iterator[Row]:
    """A model of cats and dogs, asked about other things."""
    taught, checked = (seen(data / "cats_dogs" / part, recipe) for part in ("train", "validation"))
    half = np.random.default_rng(0).permutation(len(checked.targets)) % 2 == 0
    lines = Set(checked.features[half], checked.targets[half], checked.labels)
    for name, odd in strangers.items():
        yield asked(f"cats_dogs, asked about {name}", taught, lines, checked.features[~half], odd.features)


def measured(data: Path, recipe: Recipe) -> list[Row]:
    """Every task with one backbone."""
    whole = seen(data / "caltech101_subset", recipe)
    rows = list(held_out(whole))
    means = [float(np.mean([getattr(row, what) for row in rows])) for what in ("auroc", "refused", "caught")]
    rows.append(Row("mean of the eight", *means))
    strangers = {"caltech101_subset": whole} | {
        name: seen(data / name, recipe) for name in ("bears_raw", "cifar10_jpg/test")
    }
    return rows + list(other_sets(data, recipe, strangers))


def page(found: dict[str, list[Row]]) -> str:
    """The result as Markdown."""
    parts = [f"# What nobody taught\n\n`python benchmarks/strangers.py DATA`; {machine()}\n"]
    for name, rows in found.items():
        table = [f"| {r.task} | {r.auroc:.4f} | {r.refused:.1%} | {r.caught:.1%} |" for r in rows]
        head = ["| the stranger | AUROC | known pictures refused | strangers refused |", "|---|---|---|---|"]
        parts.append("\n".join([f"## MobileNet {name}\n", *head, *table]) + "\n")
    return "\n".join(parts)


def main() -> None:
    """All of it, or one backbone."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", choices=list(WEIGHTS), action="append")
    given = parser.parse_args()
    found = {}
    for name in given.only or WEIGHTS:
        recipe = replace(WEIGHTS[name], weights=str(given.data / WEIGHTS[name].weights))
        found[name] = measured(given.data, recipe)
    RESULT.write_text(page(found))
    print(RESULT.read_text())


if __name__ == "__main__":
    main()
