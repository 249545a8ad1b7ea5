"""A model into one file: whole or not at all, and an earlier one stays until the new one is on the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.file import arrays as npz
from classify.file import card as cards
from classify.file.archive import ARRAYS, CARD
from classify.file.classifier import examined
from classify.file.whole import written
from classify.nouns import Card
from imgtool.errors import ImgtoolError, UsageError

if TYPE_CHECKING:
    import keras

SUFFIX = ".keras"


def save(path: str | Path, network: keras.Model, card: Card, arrays: Mapping[str, NDArray[Any]]) -> None:
    """`network` (raw size × size pictures → logits), its card and what belongs to it, as `path`."""
    from classify.file.assemble import assemble

    target = Path(path)
    if target.suffix != SUFFIX:
        raise UsageError(f"{target} is no name for a model.", hint=f"It ends in {SUFFIX}: model{SUFFIX}")
    sound(network, card)
    with written(target) as part:
        with runtime.quiet():
            assemble(network, card.temperature, card.size).save(part)
        with zipfile.ZipFile(part, "a") as archive:
            archive.writestr(zipfile.ZipInfo(CARD), cards.encode(card))
            archive.writestr(zipfile.ZipInfo(ARRAYS), npz.encode(arrays))
        examined(part.read_bytes(), str(target))  # what we would refuse to open is not written


def sound(network: keras.Model, card: Card) -> None:
    """An error for a network that nobody could use: of another number of labels, or with NaN in it."""
    width = network.output_shape[-1]
    if width != len(card.labels):
        raise UsageError(f"The network tells {width} classes apart, its card names {len(card.labels)}.")
    if network.input_shape[1] not in (card.size, None):
        raise UsageError(f"The network takes pictures of {network.input_shape[1]} px, its card says {card.size}.")
    for weight in network.weights:
        if not np.isfinite(np.asarray(weight)).all():
            hint = "A smaller learning rate (--rate) keeps them finite."
            raise ImgtoolError(f"The network's weights have NaN or infinity in them ({weight.path}).", hint=hint)
