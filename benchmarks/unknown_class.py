"""Leave a class out, and see how well strangeness tells its pictures from pictures of the classes that were learnt.

    python benchmarks/unknown_class.py ../shared/data                     # about 2 minutes on two cores

Each class of caltech101_subset is in turn the unknown one. Of the others 48 pictures each are learnt from, 16 choose
where doubt begins, 16 are the known pictures of the test; the unknown are all 80 of the class left out, which nothing
has seen, the thresholds neither. Beside it what others take: how sure the answer is (largest probability, energy), and
the cosine to the ten nearest pictures learnt from.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from download import machine
from numpy.typing import NDArray
from planted_noise import WEIGHTS, entries

import imgtool
from classify.calibrate import probabilities, temperature
from classify.doubt import Doubt, Strangeness, auroc, thresholds
from classify.heads import Head, fit
from classify.nouns import Answers, Features, Recipe, Targets
from imgtool.pipeline.embedded import embedded
from imgtool.pipeline.shown import Look, views

RESULT = Path(__file__).parent / "results" / "unknown_class.md"
LEARNT, CHOSEN = 48, 16  # pictures of each known class; the other 16 are asked about
NEAREST = 10
METHODS = ("strangeness", "largest probability", "energy", "ten nearest")


@dataclass
class Part:
    """Pictures as features."""

    features: Features
    targets: Targets

    def __getitem__(self, which: NDArray[np.bool_]) -> Part:
        return Part(self.features[which], self.targets[which])


@dataclass
class Turn:
    """One class left out."""

    label: str
    told: Mapping[str, float]  # method → AUROC
    accuracy: float  # of the known pictures
    refused: float  # share of known pictures that are answered with "not sure"
    caught: float  # and of the unknown


def seen(data: Path, recipe: Recipe) -> tuple[Part, list[str]]:
    """The whole set as features."""
    with tempfile.TemporaryDirectory(prefix="unknown-") as room:
        root = Path(room) / "set"
        for folder in sorted(place for place in (data / "caltech101_subset").iterdir() if place.is_dir()):
            shutil.copytree(folder, root / folder.name)
        imgtool.check(str(root))
        found = embedded(root, views(entries(root)), recipe, Look(0))
    labels = sorted({view.entry.label for view in found.views})
    return Part(found.features, np.array([labels.index(view.entry.label) for view in found.views])), labels


def parted(every: Part, unknown: int, seed: int) -> tuple[Part, Part, Part, Part]:
    """What is learnt, what chooses, what is asked of known classes, and of the unknown one."""
    chance, rank = random.Random(seed), np.zeros(len(every.targets), int)
    for target in np.unique(every.targets):
        places = list(np.flatnonzero(every.targets == target))
        chance.shuffle(places)
        rank[places] = np.arange(len(places))
    known = every.targets != unknown
    # a gap in the numbers of the classes would be a class without a picture
    closed = Part(every.features, every.targets - (every.targets > unknown))
    learnt, chosen = known & (rank < LEARNT), known & (rank >= LEARNT) & (rank < LEARNT + CHOSEN)
    return closed[learnt], closed[chosen], closed[known & (rank >= LEARNT + CHOSEN)], closed[~known]


def turn(every: Part, labels: Sequence[str], unknown: int, seed: int) -> Turn:
    """One class left out, by every method."""
    learnt, chosen, known, strange = parted(every, unknown, seed)
    strangeness = Strangeness.fit(learnt.features, learnt.targets)
    head = fit("logistic", learnt.features, learnt.targets, len(labels) - 1)
    warmth = temperature(head.logits(chosen.features), chosen.targets)
    answers = Answers(head.logits(chosen.features), chosen.features)
    doubt = thresholds(answers, chosen.targets, strangeness, temperature=warmth)
    measures = dict(zip(METHODS, methods(strangeness, head, learnt), strict=True))
    told = {name: auroc(measure(known.features), measure(strange.features)) for name, measure in measures.items()}
    right = head.logits(known.features).argmax(axis=1) == known.targets
    refused, caught = (silent(part, doubt, strangeness, head, warmth) for part in (known, strange))
    return Turn(labels[unknown], told, float(right.mean()), refused, caught)


def methods(strangeness: Strangeness, head: Head, learnt: Part) -> Iterator[Callable[[Features], NDArray[np.floating]]]:
    """What is measured of pictures, the stranger the more."""
    yield strangeness.score
    yield lambda features: -probabilities(head.logits(features)).max(axis=1)
    yield lambda features: -np.log(np.exp(head.logits(features).astype(float)).sum(axis=1))
    yield lambda features: -np.sort(unit(features) @ unit(learnt.features).T, axis=1)[:, -NEAREST:].mean(axis=1)


def unit(features: Features) -> Features:
    length: Features = features / np.linalg.norm(features, axis=1, keepdims=True)
    return length


def silent(part: Part, doubt: Doubt, strangeness: Strangeness, head: Head, warmth: float) -> float:
    """The share of pictures that get "not sure"."""
    sure = probabilities(head.logits(part.features), warmth).max(axis=1) >= doubt.sure
    return float((~sure | (strangeness.score(part.features) > doubt.strange)).mean())


def table(name: str, turns: Sequence[Turn]) -> Iterator[str]:
    """A network's rows."""
    labels = sorted({each.label for each in turns})
    yield f"## MobileNet {name}"
    yield ""
    yield f"| left out | {' | '.join(METHODS)} | accuracy | refused, known | refused, unknown |"
    yield f"|---|{'---|' * (len(METHODS) + 3)}"
    for label in [*labels, "mean"]:
        mine = [each for each in turns if label in (each.label, "mean")]
        cells = [statistics.mean(each.told[method] for each in mine) for method in METHODS]
        cells += [statistics.mean(getattr(each, fact) for each in mine) for fact in ("accuracy", "refused", "caught")]
        yield f"| {label} | {' | '.join(f'{cell:.3f}' for cell in cells)} |"
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", choices=list(WEIGHTS))
    asked = parser.parse_args()
    lines = [
        "# Unknown class: each of eight classes left out",
        "",
        f"`python benchmarks/unknown_class.py DATA --seeds {asked.seeds}`; {machine()};",
        f"means of {asked.seeds} divisions. AUROC: how often an unknown picture is stranger than a known one.",
        "Refused: answered with `not sure`, the line drawn by pictures of known classes alone.",
        "",
    ]
    for name, row in WEIGHTS.items():
        if asked.only in (None, name):
            recipe = Recipe(row.backbone, row.alpha, str(asked.data.resolve() / row.weights))
            every, labels = seen(asked.data, recipe)
            turns = [turn(every, labels, n, seed) for seed in range(asked.seeds) for n in range(len(labels))]
            lines += table(name, turns)
    if not asked.only:
        RESULT.write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
