"""A fast start: the network's LiteRT form, kept in the cache by the model file's digest and proven before it is used.

TensorFlow takes seconds to import, and a person waits for one picture's name. The form is made once, when the model
has been trained or is first used on a machine, and only kept when it gives the same answers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.file.assemble import speaking
from classify.file.lite import Lite, Unfit, converted
from classify.nouns import Features, Logits
from imgtool.settings.places import cache_folder

if TYPE_CHECKING:
    import keras

Shown: TypeAlias = NDArray[np.float32]  # pictures of the network's own size
Runner: TypeAlias = Callable[[Shown], tuple[Logits, Features]]

VERSION = 1  # of what is kept; a new number when it is made otherwise
NAMES = ("logits", "features")
SAME = 1e-4  # of probabilities, and of features against the largest: 32-bit sums in another order
PROOF = 8  # pictures of each kind that it is proven on
MOST = 16  # models are kept; the one that was not used for longest goes first


def kept(digest: str) -> bool:
    """Is this model's quick form there?"""
    return place(digest).is_file()


def place(digest: str) -> Path:
    """Where a model's quick form lies."""
    return cache_folder(os.environ) / "models" / f"{digest}-{VERSION}.tflite"


def quick(digest: str) -> Runner | None:
    """The quick form that is there; None when it is not, or is damaged, and then it goes."""
    path = place(digest)
    if not path.is_file():
        return None
    try:
        runner = answering(Lite(path))
    except (ValueError, RuntimeError):  # a machine that lost its power while it was written
        path.unlink(missing_ok=True)
        return None
    with suppress(OSError):  # a cache that we may only read
        os.utime(path)
    return runner


def prepared(network: keras.Model, digest: str, shown: Shown) -> Runner:
    """The network's quick form, made, proven on `shown` and kept; Keras itself where it cannot be had."""
    slow = patient(network)
    try:
        data = converted(speaking(network), shown.shape[1], NAMES)
        fast = answering(Lite(data))
    except Unfit:
        return slow
    pictures = np.concatenate([shown[:PROOF], drawn(shown.shape[1:])])
    if not agree(slow(pictures), fast(pictures)):
        return slow
    with suppress(OSError):  # without a cache the next process starts slowly, and that is all
        keep(place(digest), data)
    return fast


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
