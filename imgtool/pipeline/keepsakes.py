"""Some training pictures kept small beside a model, to show later what a picture is like.

Not in the model's file: whoever is given the model is not given the pictures it learnt from.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classify.file import arrays as npz
from classify.file.whole import written
from classify.nouns import Features
from curate.pixels.small import small_jpeg
from curate.team import processors
from imgtool.pipeline.material import TRAIN, Material
from imgtool.pipeline.near import place, unit
from imgtool.pipeline.numerals import Numerals
from imgtool.pipeline.routes import Answered
from imgtool.records import Entry, Refusal

MOST = 600  # pictures: 2 MB; of cats and dogs, 85 of 100 neighbours among 400 were of the right class
SIDE = 96  # px
LARGER, QUALITY = 3, 90  # of digits: 84 px, their pixels to be seen


@dataclass(frozen=True, slots=True)
class Keepsakes:
    """Pictures, and what a network sees in them."""

    labels: Sequence[str]
    paths: Sequence[str]
    thumbs: Sequence[bytes]  # JPEG
    features: Features  # a row for each


def kept(model: Path, found: Material, said: Answered) -> Path:
    """Some of what the model in that file learnt from, written down beside it; `said`: what it made of all of it."""
    entries = said.entries[TRAIN]
    return keep(model, found.root, entries, said.answers[TRAIN].features, found.units_of(entries))


def keep(model: Path, root: Path, entries: Sequence[Entry], features: Features, units: Sequence[Hashable]) -> Path:
    """The same number of each class, of twins one. `features`: a row for each entry, as the model itself gives them."""
    some = chosen(entries, units)
    with ThreadPoolExecutor(processors()) as pool:
        thumbs = list(pool.map(lambda n: thumb(root / entries[n].path), some))
    held = [n for n, small in zip(some, thumbs, strict=True) if small]
    labels, paths = [entries[n].label for n in held], [entries[n].path for n in held]
    taken = Keepsakes(labels, paths, [small for small in thumbs if small], features[held])
    return put(model, taken, features.mean(axis=0, dtype=np.float64).astype(np.float32))


def kept_digits(model: Path, some: Numerals, labels: Sequence[str]) -> Path:
    """Digits that the model in that file learnt from, written down beside it."""
    from curate.pixels.encode import jpeg
    from imgtool.pipeline.predict import load

    thumbs = [jpeg(digit.repeat(LARGER, 0).repeat(LARGER, 1), QUALITY) for digit in some.digits]
    features = load(model).answers(list(some.digits)).features
    taken = Keepsakes([labels[target] for target in some.targets], some.names, thumbs, features)
    return put(model, taken, features.mean(axis=0))


def put(model: Path, taken: Keepsakes, middle: Features) -> Path:
    """Beside the model, whole or not at all."""
    arrays = {
        "model": np.array(digest(model)),
        "middle": middle,
        "features": unit(taken.features - middle).astype(np.float16),
        "labels": np.array(taken.labels, dtype=np.str_),
        "paths": np.array(taken.paths, dtype=np.str_),
        "thumbs": np.frombuffer(b"".join(taken.thumbs), np.uint8),
        "ends": np.cumsum([len(each) for each in taken.thumbs], dtype=np.int64),
    }
    with written(place(model)) as part:
        part.write_bytes(npz.encode(arrays))
    return place(model)


def chosen(entries: Sequence[Entry], units: Sequence[Hashable], most: int = MOST) -> list[int]:
    """Which: one of each class in turn, in an order that nobody made, and of pictures that belong together one."""
    seen: set[Hashable] = set()
    turns: Counter[str] = Counter()
    ranked = []
    for n in sorted(range(len(entries)), key=lambda n: entries[n].picture.sha256):
        if units[n] not in seen:
            seen.add(units[n])
            turns[entries[n].label] += 1
            ranked.append((turns[entries[n].label], entries[n].label, n))
    return [n for _, _, n in sorted(ranked)[:most]]


def of_each(some: Numerals, most: int = MOST) -> Numerals:
    """So many digits, the same number of each kind as far as there are."""
    turns: Counter[int] = Counter()
    ranked = []
    for n, target in enumerate(some.targets.tolist()):
        turns[target] += 1
        ranked.append((turns[target], target, n))
    return some[np.array([n for _, _, n in sorted(ranked)[:most]], np.int64)]


def thumb(file: Path) -> bytes:
    """The picture, small; b"" for one that cannot be shown any more."""
    try:
        small = small_jpeg(file.read_bytes(), SIDE)
    except OSError:
        return b""
    return b"" if isinstance(small, Refusal) else small


def digest(file: Path) -> str:
    """What names a model: the sha256 of its file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
