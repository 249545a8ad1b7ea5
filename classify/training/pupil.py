"""A network that is being taught: how it is prepared, what of it changes, what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from classify.nets.regimen import Regimen
from classify.nouns import Course, Logits
from classify.training.batches import parts
from classify.training.state import Arrays
from imgtool.errors import UsageError

if TYPE_CHECKING:
    import keras

SEED = "uint32"  # the type of what dropout draws from
UNWANED = ["bias", "gamma", "beta", "norm"]  # weight decay is for kernels
# Keras's name and what is given to it besides rate and average
OPTIMIZERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "adamw": ("AdamW", {}),
    "rmsprop": ("RMSprop", {}),
    "sgd": ("SGD", {"momentum": 0.9, "nesterov": True}),
}


@dataclass(frozen=True, slots=True)
class Pupil:
    """A network and the way in which it is taught."""

    network: keras.Model
    regimen: Regimen
    stage: str


def prepare(pupil: Pupil, steps: int) -> None:
    """The network with its loss and its optimizer, for so many steps an epoch.

    XLA where there is a GPU: on a CPU it costs half as much again.
    """
    from classify.runtime import keras

    regimen = pupil.regimen
    loss = keras().losses.CategoricalCrossentropy(from_logits=True, label_smoothing=regimen.smooth)
    pupil.network.compile(optimizer(regimen, steps), loss, metrics=["accuracy"], jit_compile="auto")
    pupil.network.optimizer.build(pupil.network.trainable_variables)


def optimizer(regimen: Regimen, steps: int) -> keras.optimizers.Optimizer:
    """The optimizer that the regimen names."""
    from classify.runtime import keras

    if regimen.optimizer not in OPTIMIZERS:
        raise UsageError(f"No optimizer is called {regimen.optimizer!r}.", hint=f"Known: {', '.join(OPTIMIZERS)}.")
    name, options = OPTIMIZERS[regimen.optimizer]
    average = {"use_ema": True, "ema_momentum": regimen.memory(steps)} if regimen.average else {}
    made = getattr(keras().optimizers, name)(regimen.rate, weight_decay=regimen.wane or None, **options, **average)
    if regimen.wane:
        made.exclude_from_weight_decay(var_names=UNWANED)
    return made


def living(model: keras.Model) -> list[keras.Variable]:
    """What learning changes: the variables of layers that are not frozen, and every layer's chance."""
    found: list[keras.Variable] = []
    for layer in model.layers:
        if hasattr(layer, "layers"):
            found += living(layer)
        else:
            found += [each for each in layer.variables if layer.trainable or each.dtype == SEED]
    return found


def values(variables: list[keras.Variable]) -> Arrays:
    """What they are now."""
    return tuple(variable.numpy() for variable in variables)


def assign(variables: list[keras.Variable], arrays: Arrays) -> None:
    """They become that again."""
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def logits(network: keras.Model, course: Course, batch: int) -> Logits:
    """What it says of pictures as they are."""
    said = [np.asarray(network.predict_on_batch(part)) for part in parts(course, batch)]
    return np.concatenate(said).astype(np.float32)
