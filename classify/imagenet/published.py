"""Keras's own networks with their thousand outputs: MobileNetV2 as Keras has it, or a file of weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.backbones import BACKBONES
from classify.backbones.build import PIXELS
from classify.backbones.located import wordless
from classify.backbones.weights import load, named, unpacked, weighty
from classify.file.weights import examine
from classify.imagenet.names import INDEX
from classify.nouns import Pixels
from classify.runtime import keras, quiet
from imgtool.errors import UsageError

THOUSAND = 1000
USUAL = "mobilenet_v2"  # 14 MB; the right name is among its first five nine times in ten: keras.io/api/applications
# Both as in keras/src/applications/imagenet_utils.py
ORIGIN = "https://storage.googleapis.com/download.tensorflow.org/data/"
INDEX_MD5 = "c2c37ea517e94d9795004a39431a14cb"
WAYS_OUT = "Name a file: --weights mobilenet_v2.tflite --names labels.txt, or an .h5 that Keras published."


@dataclass(frozen=True, slots=True)
class Sign:
    """How a file of weights is known to be of a network."""

    layer: str  # that only this network has
    channels: int  # of that layer at width 1; 0 = it comes in one width


# A network's own sign; the first that fits holds.
SIGNS: Mapping[str, Sign] = MappingProxyType(
    {
        "vgg19": Sign("block5_conv4", 0),
        "vgg16": Sign("block5_conv3", 0),
        "resnet50": Sign("conv5_block3_3_conv", 0),
        "mobilenet_v2": Sign("block_16_project", 320),
        "mobilenet": Sign("conv_pw_13", 1024),
    }
)


class KerasNamer:
    """Pictures in, the shares of all names out."""

    outputs = THOUSAND

    def __init__(self, weights: str) -> None:
        self._network = filed(Path(weights).expanduser()) if weights else fetched()
        self.size = int(self._network.input_shape[1])

    def __call__(self, pixels: Pixels) -> NDArray[np.float32]:
        """Of a batch."""
        return np.asarray(self._network(pixels.astype(np.float32), training=False), np.float32)


def fetched() -> Any:
    """The usual network with the weights that Keras fetches and checks; UsageError when they cannot be had."""
    try:
        with quiet(), wordless():
            network = whole(USUAL, 1.0, "imagenet")
            keras().utils.get_file(INDEX, origin=f"{ORIGIN}{INDEX}", cache_subdir="models", file_hash=INDEX_MD5)
            return network
    except Exception as error:  # Keras gives a failed download no better name
        why = str(error).rpartition(" -- ")[2].strip().rstrip(".") or type(error).__name__
        message = f"The ImageNet weights are not on this machine, and cannot be fetched: {why:.200}."
        raise UsageError(message, hint=WAYS_OUT) from error


def filed(place: Path) -> Any:
    """The network whose weights a file has; UsageError when it is none of ours, or has no top."""
    kind, alpha = known(place)
    network = whole(kind, alpha, None)
    layers = weighty(network)
    if load(layers, place, lambda: network) < len(layers):
        message = f"{place.name} has the weights of a {kind} without its top: nothing that tells names."
        raise UsageError(message, hint=f"Take the file without `notop` in its name. {WAYS_OUT}")
    return network


def whole(kind: str, alpha: float, weights: str | None) -> Any:
    """Raw pixels to a thousand shares."""
    row = BACKBONES[kind]
    pixels = keras().Input((row.size, row.size, 3), name="pixels")
    options = {"alpha": alpha} if len(row.alphas) > 1 else {}
    with quiet():
        make = getattr(keras().applications, row.application)
        body = make(include_top=True, weights=weights, input_tensor=PIXELS[row.pixels](pixels), **options)
    return keras().Model(body.inputs[0], body.outputs[0])


def known(place: Path) -> tuple[str, float]:
    """Which network a file's weights are of, and its width."""
    shapes = layers_of(place)
    for kind, sign in SIGNS.items():
        if sign.layer in shapes:
            return kind, round(shapes[sign.layer] / sign.channels, 2) if sign.channels else 1.0
    raise UsageError(f"{place.name} has weights of a network that is not known here.", hint=WAYS_OUT)


def layers_of(place: Path) -> dict[str, int]:
    """The layers that a file of Keras's published layout has, with the channels that each gives."""
    if not place.is_file():
        raise UsageError(f"There is no file of weights {str(place)!r}.", hint=WAYS_OUT)
    data = unpacked(place)
    examine(data, place.name)
    return {held.name: held.arrays[0].shape[-1] for held in named(data, place.name)}
