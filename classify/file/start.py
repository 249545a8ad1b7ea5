"""A fast start: the network's LiteRT form, kept in the cache by the model file's digest and proven before it is used.

TensorFlow takes seconds to import, and a person waits for one picture's name. The form is made once, when the model
has been trained or is first used on a machine, and only kept when it gives the same answers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.file.assemble import speaking
from classify.file.lite import Lite, Unfit, converted
from classify.heat.quick import quick as hot
from classify.heat.slopes import HEAT, Heat, traced
from classify.heat.slopes import patient as feeling
from classify.nouns import Features, Logits
from imgtool.settings.places import cache_folder

if TYPE_CHECKING:
    import keras

Shown: TypeAlias = NDArray[np.float32]  # pictures of the network's own size
Runner: TypeAlias = Callable[[Shown], tuple[Logits, Features]]

VERSION = 2  # of what is kept; a new number when it is made otherwise
NAMES = ("logits", "features")
SAME = 1e-4  # of probabilities, and of features against the largest: 32-bit sums in another order
PROOF = 8  # pictures of each kind that it is proven on
FELT = 1e-3  # of heat, against the hottest place
MOST = 16  # models are kept; the one that was not used for longest goes first


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A network that runs."""

    answer: Runner
    heat: Heat | None  # None where it does not know places


def kept(digest: str) -> bool:
    """Is this model's quick form there?"""
    return place(digest).is_file()


def place(digest: str) -> Path:
    """Where a model's quick form lies."""
    return cache_folder(os.environ) / "models" / f"{digest}-{VERSION}.tflite"


def quick(digest: str) -> Form | None:
    """The quick form that is there; None when it is not, or is damaged, and then it goes."""
    path = place(digest)
    if not path.is_file():
        return None
    try:
        form = fast(path)
    except (ValueError, RuntimeError):  # a machine that lost its power while it was written
        path.unlink(missing_ok=True)
        return None
    with suppress(OSError):  # a cache that we may only read
        os.utime(path)
    return form


def prepared(network: keras.Model, digest: str, shown: Shown) -> Form:
    """The network's quick form, made, proven on `shown` and kept; Keras itself where it cannot be had."""
    slow, side = Form(patient(network), feeling(network)), shown.shape[1]
    heat = traced(network, side)
    for more in ({HEAT: heat}, {}) if heat else ({},):
        try:
            data = converted(speaking(network), side, NAMES, more=more)
            form = fast(data)
        except Unfit:
            continue
        if proven(slow, form, np.concatenate([shown[:PROOF], drawn(shown.shape[1:])])):
            with suppress(OSError):  # without a cache the next process starts slowly, and that is all
                keep(place(digest), data)
            return form
    return slow


def fast(source: bytes | Path) -> Form:
    """LiteRT with that form."""
    lite = Lite(source)
    return Form(answering(lite), hot(source) if HEAT in lite.signs else None)


def proven(slow: Form, form: Form, pictures: Shown) -> bool:
    """Does it do the same as Keras?"""
    said = slow.answer(pictures)
    return agree(said, form.answer(pictures)) and warm(slow.heat, form.heat, pictures, said[0].shape[1])


def warm(slow: Heat | None, quick: Heat | None, pictures: Shown, classes: int) -> bool:
    """Do both find the same places? One picture of each kind and a few names tell."""
    if slow is None or quick is None:
        return True
    rows = [
        (picture[None], row[None]) for picture in pictures[::PROOF] for row in np.eye(classes, dtype=np.float32)[:3]
    ]
    felt = [(slow(*row), quick(*row)) for row in rows]
    return all(np.abs(one - other).max() <= FELT * np.abs(one).max() for one, other in felt)


def answering(lite: Lite) -> Runner:
    """LiteRT, said as a runner."""

    def answer(shown: Shown) -> tuple[Logits, Features]:
        said = lite(shown)
        return said["logits"], said["features"]

    return answer


def patient(network: keras.Model) -> Runner:
    """Keras, said as a runner."""
    both = runtime.tensorflow().function(speaking(network), reduce_retracing=True)

    def answer(shown: Shown) -> tuple[Logits, Features]:
        logits, features = both(shown, training=False)
        return np.asarray(logits, np.float32), np.asarray(features, np.float32)

    return answer


def agree(one: tuple[Logits, Features], other: tuple[Logits, Features]) -> bool:
    """Do both say the same?"""
    from classify.calibrate import probabilities

    far = np.abs(probabilities(one[0]) - probabilities(other[0])).max()
    wide = np.abs(one[1] - other[1]).max() / max(1.0, float(np.abs(one[1]).max()))
    return bool(far <= SAME and wide <= SAME)


def drawn(shape: tuple[int, ...]) -> Shown:
    """Pictures of noise, from dark to bright and from flat to wild."""
    chance = np.random.default_rng(0)
    noise = chance.uniform(-1, 1, (PROOF, *shape))
    light = np.linspace(0, 255, PROOF).reshape(-1, 1, 1, 1)
    return np.clip(light + noise * light[::-1], 0, 255).astype(np.float32)


def keep(path: Path, data: bytes) -> None:
    """Into the cache, whole; the oldest leave."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    held = sorted(path.parent.glob("*.tflite"), key=lambda each: each.stat().st_mtime, reverse=True)
    for each in held[MOST:]:
        each.unlink(missing_ok=True)
