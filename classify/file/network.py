"""The network of a model file, built by plain Keras in its safe mode, after its words and weights were examined."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from classify import runtime
from classify.file.archive import NEEDED, member, opened
from classify.file.assemble import NETWORK, PROBABILITIES
from classify.file.card import damaged
from classify.nouns import FEATURES, Card

if TYPE_CHECKING:
    import keras


def build(data: bytes, card: Card, name: str) -> keras.Model:
    """The whole model: uint8 pictures of any size → probabilities. `network` is its heart."""
    saving = runtime.keras().saving
    try:
        with runtime.quiet(), tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "model.keras")
            place.write_bytes(alone(data, name))
            whole: keras.Model = saving.load_model(place, compile=False, safe_mode=True)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OSError) as error:
        first = str(error).partition("\n")[0]
        raise damaged(name, f"Keras cannot build its network: {first:.200}") from error
    fits(whole, card, name)
    return whole


def alone(data: bytes, name: str) -> bytes:
    """Keras's own members: what it does not know, it would unpack to the disk."""
    held = io.BytesIO()
    with opened(data, name) as archive, zipfile.ZipFile(held, "w") as plain:
        for what in NEEDED:
            plain.writestr(what, member(archive, what, name))
    return held.getvalue()


def fits(whole: keras.Model, card: Card, name: str) -> None:
    """StorageError unless the network is the one that the card speaks of."""
    layers = {layer.name: layer for layer in whole.layers}
    core = layers.get(NETWORK)
    if PROBABILITIES not in layers or core is None or FEATURES not in {each.name for each in core.layers}:
        raise damaged(name, "its network is of another make")
    width, labels = whole.output_shape[-1], len(card.labels)
    if width != labels:
        raise damaged(name, f"its network tells {width} classes apart, its card names {labels}")
    sides = core.input_shape[1:3]
    if sides not in ((card.size, card.size), (None, None)):  # some networks take any
        raise damaged(name, f"its network takes pictures of {sides[0]} × {sides[1]}, its card says {card.size}")


def heart(whole: keras.Model) -> keras.Model:
    """Raw pictures of the network's own size → logits."""
    core: keras.Model = whole.get_layer(NETWORK)
    return core
