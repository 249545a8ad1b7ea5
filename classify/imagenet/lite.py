"""A .tflite classifier as others publish them: whole numbers or floats in and out, one picture at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.nouns import Pixels
from imgtool.errors import UsageError, machine_error

Shares = NDArray[np.float32]
HINT = "It takes one picture, rows × columns × RGB, and gives a share for each name: MobileNet is such a network."


class LiteNamer:
    """Pictures in, the shares of all names out."""

    def __init__(self, place: Path) -> None:
        self._interpreter = started(place)
        self._given, self._told = self._sides(place)
        self.size = int(self._given["shape"][1])
        self.outputs = int(self._told["shape"][-1])

    def __call__(self, pixels: Pixels) -> Shares:
        """Of a batch."""
        return np.stack([self._one(picture) for picture in pixels])

    def _one(self, picture: Pixels) -> Shares:
        with runtime.quiet():  # its first call says which delegate it made
            self._interpreter.set_tensor(self._given["index"], fed(picture, self._given)[None])
            self._interpreter.invoke()
        return shares(real(self._interpreter.get_tensor(self._told["index"])[0], self._told))

    def _sides(self, place: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        given, told = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        shape = list(given[0]["shape"]) if len(given) == 1 and len(told) == 1 else []
        if len(shape) != 4 or shape[0] != 1 or shape[1] != shape[2] or shape[3] != 3 or told[0]["shape"].size != 2:
            raise UsageError(f"{place} tells no names: its input is {shape or 'not one picture'}.", hint=HINT)
        return given[0], told[0]


def started(place: Path) -> Any:
    """LiteRT on that file; UsageError when it is none."""
    try:
        data = place.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"There is no network {str(place)!r}.", hint="--weights names a .tflite or an .h5.") from error
    except OSError as error:
        raise machine_error(error, str(place)) from error
    with runtime.quiet():
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(model_content=data, num_threads=runtime.threads())
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise UsageError(f"{place} is no network for LiteRT: {error!s:.120}", hint=HINT) from error
    return interpreter


def fed(picture: Pixels, side: dict[str, Any]) -> NDArray[Any]:
    """The picture as the input wants it: bytes as they are, signed bytes shifted, floats from -1 to 1."""
    if side["dtype"] is np.uint8:
        return picture
    if side["dtype"] is np.int8:
        return (picture.astype(np.int16) - 128).astype(np.int8)
    return (picture.astype(np.float32) / 127.5 - 1).astype(side["dtype"])


def real(raw: NDArray[Any], side: dict[str, Any]) -> Shares:
    """Whole numbers as the numbers that they stand for."""
    scale, zero = side["quantization"]
    return ((raw.astype(np.float32) - zero) * scale if scale else raw).astype(np.float32)


def shares(told: Shares) -> Shares:
    """Shares of one: as they are, or made of logits; a byte's steps may leave them a little off."""
    if told.min() >= 0 and 0.5 < told.sum() < 1.5:
        return np.asarray(told / told.sum(), np.float32)
    powers = np.exp(told - told.max())
    return np.asarray(powers / powers.sum(), np.float32)
