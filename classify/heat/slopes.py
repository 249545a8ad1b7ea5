"""What each place adds, by TensorFlow's own slopes: the reference, and what LiteRT's form is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.heat.seam import listed, parted

if TYPE_CHECKING:
    import keras

Shown: TypeAlias = NDArray[np.float32]  # one picture, with an axis in front
# A picture and what each logit is to count in, how much each place adds out: rows × columns, above or below zero
Heat: TypeAlias = Callable[[Shown, NDArray[np.float32]], NDArray[np.float32]]

HEAT, WANTED = "heat", "wanted"
GATED = "ImgtoolGated"  # a slope for what is cut off below zero, of words that LiteRT knows


def patient(network: keras.Model) -> Heat | None:
    """By Keras itself; None for a network that knows no places."""
    parts = parted(network)
    if parts is None:
        return None
    tf = runtime.tensorflow()

    def heat(shown: Shown, wanted: NDArray[np.float32]) -> NDArray[np.float32]:
        maps = parts.trunk(shown, training=False)
        with tf.GradientTape() as tape:
            tape.watch(maps)
            said = tf.reduce_sum(parts.tail(maps, training=False) * wanted)
        return np.asarray(
            added(listed(maps), listed(tape.gradient(said, maps, unconnected_gradients="zero")))[0], np.float32
        )

    return heat


def traced(network: keras.Model, side: int) -> Any:
    """The same as a function that can be converted; None for a network that knows no places."""
    parts = parted(network)
    if parts is None:
        return None
    tf = runtime.tensorflow()
    channels, classes = network.input_shape[-1], network.output_shape[-1]
    given = tf.TensorSpec((1, side, side, channels), tf.float32, name="pixels")
    counted = tf.TensorSpec((1, classes), tf.float32, name=WANTED)
    gated()

    @tf.function(input_signature=[given, counted])  # type: ignore[untyped-decorator]
    def heat(pixels: Any, wanted: Any) -> dict[str, Any]:
        maps = parts.trunk(pixels, training=False)
        with tf.compat.v1.get_default_graph().gradient_override_map({"Relu": GATED}):
            said = parts.tail(maps, training=False)
        return {HEAT: added(listed(maps), tf.gradients(said, listed(maps), wanted, unconnected_gradients="zero"))}

    return heat


@cache
def gated() -> None:
    """Teach TensorFlow that slope, once."""

    @runtime.tensorflow().RegisterGradient(GATED)  # type: ignore[untyped-decorator]
    def slope(operation: Any, after: Any) -> Any:
        tf = runtime.tensorflow()
        return after * tf.cast(operation.outputs[0] > 0, after.dtype)


def added(maps: Sequence[Any], slopes: Sequence[Any]) -> Any:
    """What each place adds, maps of several sizes as one of the largest.

    A coarse map's place is a larger part of the picture: what it adds is spread over it.
    """
    tf = runtime.tensorflow()
    shape = max((tuple(each.shape[1:3]) for each in maps), key=lambda each: each[0] * each[1])
    each_adds = [
        tf.reduce_sum(one * slope, axis=-1, keepdims=True) * float(one.shape[1] * one.shape[2])
        for one, slope in zip(maps, slopes, strict=True)
    ]
    level = [one if tuple(one.shape[1:3]) == shape else tf.image.resize(one, shape) for one in each_adds]
    return tf.squeeze(tf.add_n(level), axis=-1)
