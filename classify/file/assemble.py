"""A network made whole: raw pictures of any size in, probabilities out, of layers that plain Keras knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classify import runtime
from classify.nouns import FEATURES
from imgtool.errors import UsageError

if TYPE_CHECKING:
    import keras

NETWORK, PIXELS, PROBABILITIES = "network", "pixels", "probabilities"


def assemble(network: keras.Model, temperature: float, size: int) -> keras.Model:
    """uint8 pictures of any size → brought to `size` × `size` → `network` → temperature → softmax."""
    keras = runtime.keras()
    core = bare(network)
    given = keras.Input((None, None, core.input_shape[-1]), dtype="uint8", name=PIXELS)
    numbers = keras.layers.Rescaling(1.0, dtype="float32", name="numbers")(given)
    # Antialiased, as any good viewer makes a picture smaller; a picture of the right size stays as it is.
    resizing = keras.layers.Resizing(size, size, antialias=True, dtype="float32", name="resizing")
    # Not told, it takes its call for training, and `model(pixels)` would let batch norm follow the batch.
    shown = resizing(numbers, training=False)
    return keras.Model(given, probable(core(shown), temperature), name="classifier")


def still(network: keras.Model, temperature: float, size: int) -> keras.Model:
    """The same for uint8 pictures that are `size` × `size` already: what every runtime can do."""
    keras = runtime.keras()
    core = bare(network)
    given = keras.Input((size, size, core.input_shape[-1]), dtype="uint8", name=PIXELS)
    numbers = keras.layers.Rescaling(1.0, dtype="float32", name="numbers")(given)
    return keras.Model(given, probable(core(numbers), temperature), name="classifier")


def probable(logits: keras.KerasTensor, temperature: float) -> keras.KerasTensor:
    """Logits as calibrated probabilities."""
    layers = runtime.keras().layers
    mild = layers.Rescaling(1.0 / temperature, dtype="float32", name="temperature")(logits)
    return layers.Softmax(dtype="float32", name=PROBABILITIES)(mild)


def bare(network: keras.Model) -> keras.Model:
    """The network alone, under one name; what it was trained with would go into the file too."""
    if FEATURES not in {layer.name for layer in network.layers}:
        raise UsageError(f"The network has no layer named {FEATURES!r}.", hint="Name the layer before the last Dense.")
    return runtime.keras().Model(network.inputs[0], network.outputs[0], name=NETWORK)


def speaking(network: keras.Model) -> keras.Model:
    """The network with its features as a second answer: pictures → (logits, features)."""
    return runtime.keras().Model(network.inputs[0], [network.outputs[0], network.get_layer(FEATURES).output])
