"""A network for LiteRT, which starts in a tenth of a second where TensorFlow needs many."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from imgtool.errors import ImgtoolError

if TYPE_CHECKING:
    import keras

GIVEN = "pixels"


class Unfit(ImgtoolError):
    """This network cannot be had in that form."""


def converted(network: keras.Model, side: int, names: tuple[str, ...], *, quantise: bool = False) -> bytes:
    """The network, for pictures of that side, as a .tflite of 32-bit floats, or of 8-bit weights.

    Its outputs get those names.
    """
    tf, kinds = runtime.tensorflow(), failures()
    with tempfile.TemporaryDirectory() as folder, runtime.quiet():
        try:
            signed(network, side, names, folder)
            converter = tf.lite.TFLiteConverter.from_saved_model(folder)
            converter.optimizations = [tf.lite.Optimize.DEFAULT] if quantise else []
            return bytes(converter.convert())
        except kinds as error:
            first = str(error).partition("\n")[0]
            raise Unfit(f"LiteRT cannot run this network: {first:.200}") from error


def signed(network: keras.Model, side: int, names: tuple[str, ...], folder: str) -> None:
    """A SavedModel whose inputs and outputs have names."""
    tf = runtime.tensorflow()
    given = tf.TensorSpec((None, side, side, network.input_shape[-1]), network.inputs[0].dtype, name=GIVEN)

    def call(pixels: Any) -> dict[str, Any]:
        said = network(pixels, training=False)
        return dict(zip(names, said if isinstance(said, (list, tuple)) else (said,), strict=True))

    module = tf.Module()
    module.held = [variable.value for variable in network.variables]
    module.call = tf.function(call, input_signature=[given])
    tf.saved_model.save(module, folder, signatures={"serving_default": module.call})


def failures() -> tuple[type[Exception], ...]:
    """How TensorFlow says no."""
    from tensorflow.lite.python.convert import ConverterError

    return (ConverterError, runtime.tensorflow().errors.OpError, RuntimeError, ValueError)


class Lite:
    """A .tflite that answers; one thread at a time."""

    def __init__(self, source: bytes | Path) -> None:
        with runtime.quiet():
            from ai_edge_litert.interpreter import Interpreter

            held = {"model_content": source} if isinstance(source, bytes) else {"model_path": str(source)}
            self._interpreter = Interpreter(**held, num_threads=runtime.threads())
            self._sign = self._interpreter.get_signature_runner()
        self._lock = threading.Lock()
        self._heard = False

    def __call__(self, pixels: NDArray[Any]) -> Mapping[str, NDArray[np.float32]]:
        """The outputs by their names."""
        with self._lock:
            if self._heard:
                return dict(self._sign(**{GIVEN: pixels}))
            with runtime.quiet():  # the first call says which delegate it made
                self._heard = True
                return dict(self._sign(**{GIVEN: pixels}))
