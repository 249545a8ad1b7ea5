"""Plant noise in a clean set, look for it with `imgtool noise`, take it out, and see what a model learns from each.

    python benchmarks/planted_noise.py ../shared/data                     # about 5 minutes on two cores
    python benchmarks/planted_noise.py ../shared/data --worlds 1 --only 0.25

Of caltech101_subset 16 pictures of each class are put aside: the test, clean and never looked at. In a copy of the rest
20 % get another class's label, 10 % are strangers (cats, dogs, bears, small pictures of cars and ships), and 5 % are
there twice, smaller and compressed again. Then what a user would do: dedupe, noise --apply.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from download import machine
from PIL import Image

import imgtool
from classify.heads import fit
from classify.nouns import Recipe
from imgtool.dataset import Dataset
from imgtool.pipeline.embedded import embedded
from imgtool.pipeline.noise import Doubted, noise
from imgtool.pipeline.shown import Look, views
from imgtool.records import Entry

RESULT = Path(__file__).parent / "results" / "planted_noise.md"
WEIGHTS = {
    "0.25": Recipe("mobilenet", 0.25, "weights/mobilenet_2_5_224_tf_no_top.h5"),
    "1.0": Recipe("mobilenet", 1.0, "weights/mobilenet_1_0_224_tf_upto_conv_dw_13_relu.h5"),
}
STRANGE = ("cats_dogs", "bears_raw", "cifar10_jpg")
ASIDE = 16  # of 80 pictures of a class, for the test
WRONG, STRANGERS, TWICE = 0.2, 0.1, 0.05


@dataclass
class World:
    """A noisy set, a clean one and a test, and what was planted, by the bytes of each file."""

    root: Path
    truth: dict[str, str] = field(default_factory=dict)  # sha256 → its class; "" for a stranger
    kind: dict[str, str] = field(default_factory=dict)  # sha256 → clean wrong stranger twin

    def put(self, part: str, label: str, name: str, data: bytes) -> None:
        place = self.root / part / label / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def plant(self, label: str, name: str, data: bytes, truth: str, kind: str) -> None:
        self.put("noisy", label, name, data)
        digest = sha256(data).hexdigest()
        self.truth[digest], self.kind[digest] = truth, kind


def world(root: Path, data: Path, seed: int) -> World:
    """It, made anew from the shared pictures."""
    chance, made = random.Random(seed), World(root)
    known = sorted((data / "caltech101_subset").glob("*/*.jpg"))
    labels = sorted({file.parent.name for file in known})
    kept = []
    for label in labels:
        files = [file for file in known if file.parent.name == label]
        chance.shuffle(files)
        for file in files[:ASIDE]:
            made.put("test", label, file.name, file.read_bytes())
        kept += files[ASIDE:]
    chance.shuffle(kept)
    wrong = round(WRONG * len(kept))
    for place, file in enumerate(kept):
        truth, body = file.parent.name, file.read_bytes()
        label = chance.choice([each for each in labels if each != truth]) if place < wrong else truth
        made.put("clean", truth, file.name, body)
        made.plant(label, f"{truth}-{file.name}", body, truth, "wrong" if place < wrong else "clean")
    for place, file in enumerate(chance.sample(strange(data), round(STRANGERS * len(kept)))):
        made.plant(chance.choice(labels), f"stranger-{place}{file.suffix}", file.read_bytes(), "", "stranger")
    for file in kept[wrong : wrong + round(TWICE * len(kept))]:
        made.plant(file.parent.name, f"{file.stem}-again.jpg", again(file, root), file.parent.name, "twin")
    return made


def strange(data: Path) -> list[Path]:
    """Pictures of other things, as many of each set."""
    sets = [sorted(file for file in (data / name).rglob("*.jpg")) for name in STRANGE]
    least = min(map(len, sets))
    return [file for files in sets for file in files[:: len(files) // least][:least]]


def again(file: Path, room: Path) -> bytes:
    """The picture as somebody else would have it."""
    with Image.open(file) as picture:
        small = picture.convert("RGB").resize((picture.width * 4 // 5, picture.height * 4 // 5))
    small.save(room / "again.jpg", quality=75)
    return (room / "again.jpg").read_bytes()


def entries(root: Path) -> tuple[Entry, ...]:
    with Dataset.open(root) as dataset:
        return tuple(dataset.entries())


def accuracy(made: World, part: str, recipe: Recipe) -> float:
    """Of a logistic regression that learns from a part, on the clean test."""
    both = []
    for name in (part, "test"):
        seen = embedded(made.root / name, views(entries(made.root / name)), recipe, Look(0))
        both.append((seen.features, [view.entry.label for view in seen.views]))
    labels = sorted(set(both[1][1]))
    (taught, mine), (asked, theirs) = ((f, np.array([labels.index(label) for label in y])) for f, y in both)
    head = fit("logistic", taught, mine, len(labels))
    return float((head.logits(asked).argmax(axis=1) == theirs).mean())


def shares(made: World, found: Doubted) -> dict[str, float]:
    """What of each kind was found, and what else."""
    digests = {entry.path: entry.picture.sha256 for entry in entries(made.root / "noisy")}
    flags: dict[str, set[str]] = {"label": set(), "stranger": set(), "shortcut": set()}
    for finding in found.findings:
        flags[finding.check].add(digests[finding.path])
    here = {kind: {d for d in digests.values() if made.kind[d] == kind} for kind in ("clean", "wrong", "stranger")}
    doubted = flags["label"] | flags["stranger"]
    return {
        "wrong labels found": part(doubted, here["wrong"]),
        "as such": part(flags["label"], here["wrong"]),
        "their class right": right(made, found, digests),
        "strangers found": part(doubted, here["stranger"]),
        "as strangers": part(flags["stranger"], here["stranger"]),
        "false alarms": part(doubted, here["clean"]),
    }


def part(flags: set[str], of: set[str]) -> float:
    return len(flags & of) / max(len(of), 1)


def right(made: World, found: Doubted, digests: Mapping[str, str]) -> float:
    """Of the wrong labels found as such, those for which the true class is named."""
    moves = [(made.truth[digests[wish.path]], wish) for wish in found.wishes if wish.reason == "label"]
    known = [(truth, wish) for truth, wish in moves if truth and made.kind[digests[wish.path]] == "wrong"]
    return sum(getattr(wish, "label", "") == truth for truth, wish in known) / max(len(known), 1)


def turn(data: Path, recipe: Recipe, seed: int) -> dict[str, float]:
    """One world, cleaned."""
    with tempfile.TemporaryDirectory(prefix="planted-") as room:
        made = world(Path(room), data, seed)
        noisy = str(made.root / "noisy")
        for name in ("noisy", "clean", "test"):
            imgtool.check(str(made.root / name))
        said = {f"accuracy, {name}": accuracy(made, name, recipe) for name in ("clean", "noisy")}
        twins = {digest for digest, kind in made.kind.items() if kind == "twin"}
        said["leaks across the split"] = float(len(imgtool.split(noisy).leaks))
        before = {entry.picture.sha256 for entry in entries(made.root / "noisy")}
        imgtool.dedupe(noisy, keep="largest")
        gone = before - {entry.picture.sha256 for entry in entries(made.root / "noisy")}
        said["duplicates found"] = part(gone, twins)
        found = noise(noisy, recipe=recipe)
        measured = shares(made, found)
        started = time.monotonic()
        noise(noisy, recipe=recipe, apply=True)
        took = time.monotonic() - started
        cleaned = accuracy(made, "noisy", recipe)
        return {**said, "accuracy, cleaned": cleaned, **measured, "seconds, features known": took}


def table(rows: Mapping[str, list[dict[str, float]]]) -> Iterator[str]:
    """The results, a column for each network."""
    yield f"| | {' | '.join(f'MobileNet {name}' for name in rows)} |"
    yield f"|---|{'---|' * len(rows)}"
    for fact in next(iter(rows.values()))[0]:
        cells = [[turn[fact] for turn in turns] for turns in rows.values()]
        yield f"| {fact} | {' | '.join(f'{statistics.mean(c):.3f} ({min(c):.3f} - {max(c):.3f})' for c in cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--worlds", type=int, default=3)
    parser.add_argument("--only", choices=list(WEIGHTS))
    asked = parser.parse_args()
    rows: dict[str, list[dict[str, float]]] = {}
    for name, row in WEIGHTS.items():
        if asked.only in (None, name):
            recipe = Recipe(row.backbone, row.alpha, str(asked.data.resolve() / row.weights))
            for seed in range(asked.worlds):
                rows.setdefault(name, []).append(turn(asked.data, recipe, seed))
                print(name, seed, {fact: round(value, 3) for fact, value in rows[name][-1].items()}, flush=True)
    lines = [
        "# Planted noise: 512 pictures of eight classes, 20 % wrong labels, 10 % strangers, 5 % twice",
        "",
        f"`python benchmarks/planted_noise.py DATA --worlds {asked.worlds}`; {machine()};",
        f"means of {asked.worlds} worlds (least - most). Found: named by any check. Accuracies are of a logistic",
        "regression on the same 128 clean pictures, which nobody looked at before.",
        "",
        *table(rows),
        "",
    ]
    if not asked.only:
        RESULT.write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
