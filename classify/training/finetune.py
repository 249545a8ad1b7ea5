"""The last block of a backbone, slowly, behind a head that is already fitted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from classify.backbones import BACKBONES
from classify.nets.regimen import Regimen
from classify.nouns import Watch, unwatched
from classify.training.loop import teach
from classify.training.pupil import Pupil
from classify.training.task import Task, Taught, checked
from classify.training.trunk import parted, shelved, views
from imgtool.errors import UsageError

if TYPE_CHECKING:
    import keras

    from classify.backbones import Built
    from classify.heads import Head

STAGE = "last block"
# Five times the rate undid in one epoch what MobileNet knew of cats and dogs: its batch norms cannot follow
REGIMEN = Regimen(epochs=16, rate=2e-4, warm=1, patience=6, wane=0.01, smooth=0.05, mix=0.1, average=3)


def finetune(built: Built, head: Head, task: Task, work: Path, watch: Watch = unwatched) -> Taught:
    """Backbone and head as one network whose last block learns; as it was where that makes nothing better."""
    checked(task)
    pupil = joined(built, head, task)
    trunk, tail = parted(pupil.network, next(layer for layer in leaves(pupil.network) if layer.trainable))
    count = views(trunk, task, work)
    if not count:
        return teach(pupil, task, work, watch, base=True)
    lighter = shelved(trunk, task, count, work, watch)
    return replace(teach(replace(pupil, network=tail), lighter, work, watch, base=True), network=pupil.network)


def joined(built: Built, head: Head, task: Task) -> Pupil:
    """The head behind the backbone, and all frozen that is not to learn."""
    from classify.runtime import keras, seeded

    seeded(task.learning.seed)
    network = keras().Model(built.network.input, head.attach(built.network.output), name="network")
    freeze(network, BACKBONES[built.recipe.backbone].last_block)
    return Pupil(network, REGIMEN.asked(task.learning), STAGE)


def freeze(network: keras.Model, last_block: str) -> None:
    """Everything before the block stays as it is, and every batch norm: its averages belong to millions of pictures."""
    from classify.runtime import keras

    layers = list(leaves(network))
    begins = next((turn for turn, layer in enumerate(layers) if layer.name.startswith(last_block)), None)
    if begins is None:
        hint = "Weights that cover only the first layers cannot be fine-tuned past their end: leave out --finetune."
        raise UsageError(f"The backbone has no layer {last_block}* to fine-tune.", hint=hint)
    for turn, layer in enumerate(layers):
        layer.trainable = turn >= begins and not isinstance(layer, keras().layers.BatchNormalization)


def leaves(model: keras.Model) -> Iterator[keras.Layer]:
    """The layers themselves, in their order, whatever model they are in."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from leaves(layer)
        else:
            yield layer
