"""A network for LiteRT, which starts in a tenth of a second where TensorFlow needs many."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from imgtool.errors import ImgtoolError

if TYPE_CHECKING:
    import keras

GIVEN = "pixels"
ANSWERS = "serving_default"  # the name of what a network says, among what its form can do
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Unfit(ImgtoolError):
    """This network cannot be had in that form."""


def converted(
    network: keras.Model,
    side: int,
    names: tuple[str, ...],
    *,
    quantise: bool = False,
    more: Mapping[str, Any] = NOTHING,
) -> bytes:
    """The network, for pictures of that side, as a .tflite of 32-bit floats, or of 8-bit weights.

    Its outputs get those names. `more`: other functions of the same weights, by the names of their signatures.
    """
    tf, kinds = runtime.tensorflow(), failures()
    with tempfile.TemporaryDirectory() as folder, runtime.quiet():
        try:
            signed(network, side, names, folder, more)
            converter = tf.lite.TFLiteConverter.from_saved_model(folder)
            converter.optimizations = [tf.lite.Optimize.DEFAULT] if quantise else []
            return bytes(converter.convert())
        except kinds as error:
            first = str(error).partition("\n")[0]
            raise Unfit(f"LiteRT cannot run this network: {first:.200}") from error


def signed(network: keras.Model, side: int, names: tuple[str, ...], folder: str, more: Mapping[str, Any]) -> None:
    """A SavedModel whose inputs and outputs have names."""
    tf = runtime.tensorflow()
    given = tf.TensorSpec((None, side, side, network.input_shape[-1]), network.inputs[0].dtype, name=GIVEN)

    def call(pixels: Any) -> dict[str, Any]:
        said = network(pixels, training=False)
        return dict(zip(names, said if isinstance(said, (list, tuple)) else (said,), strict=True))

    module = tf.Module()
    module.held = [variable.value for variable in network.variables]
    module.call = tf.function(call, input_signature=[given])
    module.more = dict(more)
    plain = tf.saved_model.SaveOptions(experimental_custom_gradients=False)  # what `more` made of them is in it
    tf.saved_model.save(module, folder, {ANSWERS: module.call, **more}, plain)


def failures() -> tuple[type[Exception], ...]:
    """How TensorFlow says no."""
    from tensorflow.lite.python.convert import ConverterError

    return (ConverterError, runtime.tensorflow().errors.OpError, LookupError, RuntimeError, ValueError)


class Lite:
    """A .tflite that answers, or does something else that it has a signature for; one thread at a time."""

    def __init__(self, source: bytes | Path, sign: str = ANSWERS) -> None:
        with runtime.quiet():
            from ai_edge_litert.interpreter import Interpreter

            held = {"model_content": source} if isinstance(source, bytes) else {"model_path": str(source)}
            self._interpreter = Interpreter(**held, num_threads=runtime.threads())
            self.signs = frozenset(self._interpreter.get_signature_list())
            self._sign = self._interpreter.get_signature_runner(sign)
        self._lock = threading.Lock()
        self._heard = False

    def __call__(self, pixels: NDArray[Any], **more: NDArray[Any]) -> Mapping[str, NDArray[np.float32]]:
        """The outputs by their names."""
        with self._lock:
            if self._heard:
                return dict(self._sign(**{GIVEN: pixels}, **more))
            with runtime.quiet():  # the first call says which delegate it made
                self._heard = True
                return dict(self._sign(**{GIVEN: pixels}, **more))
