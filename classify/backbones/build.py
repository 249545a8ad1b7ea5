"""A recipe in, a network out: raw pixels to features, in Keras's own layers alone, so that any Keras opens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from classify.backbones.located import digest, located
from classify.backbones.small import small
from classify.backbones.table import BACKBONES, filled
from classify.backbones.weights import BGR, load, weighty
from classify.nouns import FEATURES, Recipe
from classify.runtime import keras, quiet, seeded
from imgtool.errors import UsageError

Tensor: TypeAlias = Any  # keras.KerasTensor: Keras comes late
Network: TypeAlias = Any  # keras.Model
Layer: TypeAlias = Any  # keras.Layer

MEANS = (103.939, 116.779, 123.68)  # ImageNet's blue, green and red, as Caffe's VGG subtracted them


@dataclass(frozen=True, slots=True)
class Built:
    """A backbone that is ready to look at pictures."""

    network: Network  # size × size × RGB, 0 to 255, to features
    recipe: Recipe  # nothing left open
    digest: str  # what names its features
    width: int  # of the features
    note: str = ""  # what a person should know of it


def build(recipe: Recipe) -> Built:
    """The network of a recipe, its weights loaded. A file that has only the first layers gives a shorter network."""
    recipe = filled(recipe)
    name, place = digest(recipe), located(recipe)
    if place is None:
        seeded(0)  # the same chance weights every time, or the digest would lie
    body = published(recipe, PIXELS[BACKBONES[recipe.backbone].pixels])
    layers = weighty(body)
    count = load(layers, place, lambda: published(recipe, as_they_are)) if place else len(layers)
    whole = count == len(layers)
    network = pooled(body, body.output if whole else cut(body, layers[:count]))
    note = "" if whole else f"The weights are of the first {count} of {len(layers)} layers: the features are theirs."
    return Built(network, recipe, name, int(network.output.shape[-1]), note)


def published(recipe: Recipe, prepared: Callable[[Tensor], Tensor]) -> Network:
    """The network as its makers published it, less its top, with what prepares its pixels in front."""
    row, shape = BACKBONES[recipe.backbone], (recipe.size, recipe.size, 3)
    pixels = keras().Input(shape, name="pixels")
    if not row.application:
        return small(pixels)
    options: dict[str, object] = {"alpha": recipe.alpha} if len(row.alphas) > 1 else {}
    options |= {"pooling": "avg"} if row.pooled else {}
    with quiet():  # it warns of sizes for which there are no weights
        make = getattr(keras().applications, row.application)
        return make(include_top=False, weights=None, input_shape=shape, input_tensor=prepared(pixels), **options)


def as_they_are(pixels: Tensor) -> Tensor:
    """Nothing to prepare."""
    return pixels


def symmetric(pixels: Tensor) -> Tensor:
    """From -1 to 1."""
    return keras().layers.Rescaling(1 / 127.5, offset=-1, name="symmetric")(pixels)


def caffe(pixels: Tensor) -> Tensor:
    """Blue, green, red, each less its mean. A convolution, since no layer of Keras's own turns channels round."""
    turn = keras().layers.Conv2D(3, 1, trainable=False, name=BGR)
    turned = turn(pixels)
    turn.set_weights([np.eye(3, dtype=np.float32)[::-1].reshape(1, 1, 3, 3), -np.array(MEANS, np.float32)])
    return turned


PIXELS: Mapping[str, Callable[[Tensor], Tensor]] = MappingProxyType(
    {"caffe": caffe, "symmetric": symmetric, "own": as_they_are}
)


def cut(body: Network, have: Sequence[Layer]) -> Tensor:
    """The output of the last layer that needs no weights but those we have; UsageError where none stands alone."""
    names = {layer.name for layer in have} | {BGR}
    first = next(place for place, layer in enumerate(body.layers) if layer.weights and layer.name not in names)
    end = body.layers[first - 1].output
    reached = {layer.name for layer in keras().Model(body.inputs[0], end).layers if layer.weights}
    if reached | {BGR} != names:
        hint = "Use a file with all of its layers."
        raise UsageError(f"The weights end at {have[-1].name}, where {body.name} has branches.", hint=hint)
    return end


def pooled(body: Network, end: Tensor) -> Network:
    """Pixels to features: the mean over what is left of rows and columns."""
    layers = keras().layers
    last = layers.GlobalAveragePooling2D(name=FEATURES) if len(end.shape) == 4 else layers.Identity(name=FEATURES)
    return keras().Model(body.inputs[0], last(end), name=body.name)
