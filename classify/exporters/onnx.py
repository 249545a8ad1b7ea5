"""ONNX: one file, run by ONNX Runtime, OpenVINO and others. Pictures of the network's own size, its labels within."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classify import runtime
from classify.exporters.form import Form
from classify.file.assemble import PIXELS, PROBABILITIES
from classify.nouns import Pixels

if TYPE_CHECKING:
    import onnx


def write(form: Form, path: Path) -> None:
    """The model as ONNX."""
    import onnx

    side, channels = form.card.size, form.network.input_shape[-1]
    spec = runtime.keras().InputSpec(shape=(None, side, side, channels), dtype="uint8", name=PIXELS)
    with runtime.quiet():
        still = form.still()
        still(np.zeros((1, side, side, channels), np.uint8))  # the exporter wants a network that was called
        still.export(path, format="onnx", verbose=False, input_signature=[spec])
        proto = onnx.load(path)
        renamed(proto)
        onnx.helper.set_model_props(proto, {"labels": json.dumps(form.card.labels), "size": str(side)})
        onnx.checker.check_model(proto)
        onnx.save(proto, path)


def renamed(proto: onnx.ModelProto) -> None:
    """Its output by the name that it has in Keras."""
    old = proto.graph.output[0].name
    proto.graph.output[0].name = PROBABILITIES
    for node in proto.graph.node:
        for place, name in enumerate(node.output):
            node.output[place] = PROBABILITIES if name == old else name


def answering(path: Path) -> Callable[[Pixels], NDArray[np.float32]]:
    """ONNX Runtime with that file."""
    with runtime.quiet():
        import onnxruntime

        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def answer(pixels: Pixels) -> NDArray[np.float32]:
        said: NDArray[np.float32] = session.run([PROBABILITIES], {PIXELS: pixels})[0]
        return said

    return answer
