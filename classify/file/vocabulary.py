"""The words that a network's config may use. What is not among them is not opened, whatever it would do.

Keras's own safe mode forbids lambdas. This goes further: no module but Keras's, no class but layers that calculate,
nothing registered, so that no code which happens to be installed here is called by a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from classify.file.archive import refused
from classify.file.card import damaged

LAYERS = frozenset(
    str.split("""
    Activation Add Average AveragePooling2D BatchNormalization CenterCrop Concatenate Conv2D Cropping2D Dense
    DepthwiseConv2D Dot Dropout ELU EinsumDense Embedding Flatten GlobalAveragePooling2D GlobalMaxPooling2D
    GroupNormalization Identity InputLayer LayerNormalization LeakyReLU MaxPooling2D Maximum Minimum Multiply
    Normalization PReLU Permute RMSNormalization ReLU RepeatVector Rescaling Reshape Resizing SeparableConv2D
    Softmax SpatialDropout2D Subtract UnitNormalization UpSampling2D ZeroPadding2D
    """)
)
MODELS = frozenset({"Functional", "Sequential"})
INITIALIZERS = frozenset(
    str.split("""
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones Orthogonal
    RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros
    """)
)
CLASSES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "keras": frozenset({"DTypePolicy", "Sequential"}),
        "keras.layers": LAYERS,
        "keras.initializers": INITIALIZERS,
        "keras.regularizers": frozenset({"L1", "L1L2", "L2"}),
        "keras.constraints": frozenset({"MaxNorm", "NonNeg", "UnitNorm"}),
        "keras.src.models.functional": frozenset({"Functional"}),
        "keras.src.applications.convnext": frozenset({"LayerScale", "StochasticDepth"}),
        "keras.src.ops.core": frozenset({"Cast"}),
        "keras.src.ops.math": frozenset({"TopK"}),
        "keras.src.ops.nn": frozenset({"LogSoftmax", "OneHot", "Relu", "Sigmoid", "Softmax", "Softplus"}),
    }
)
ARITHMETIC = "keras.src.ops.numpy"  # every class there is a sum, a product, a comparison: none takes a function
FUNCTIONS = frozenset(
    str.split("""
    elu exponential gelu hard_sigmoid hard_silu hard_swish leaky_relu linear log_softmax mish relu relu6 selu sigmoid
    silu softmax softplus softsign swish tanh
    """)
)
VALUES = frozenset({"__keras_tensor__", "__tensor__", "__numpy__", "__slice__", "__ellipsis__"})  # numbers, no code
CONSTANT = 1_000_000  # characters of a tensor in a config; weights belong among the weights


def examine(data: bytes, name: str) -> None:
    """Refused for the first word of a config that is not in the vocabulary."""
    try:
        config = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise damaged(name, f"its config cannot be read: {error}") from error
    if not isinstance(config, dict) or config.get("class_name") not in MODELS:
        raise damaged(name, "its config is of no network")
    for each in objects(config):
        if why := foreign(each):
            raise refused(name, why)


def objects(config: object) -> Iterator[dict[str, Any]]:
    """Everything in a config that names a class, however deep."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "class_name" in value or "registered_name" in value or "module" in value:
                yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def foreign(value: Mapping[str, Any]) -> str:
    """Why an object may not be made; "" = it may."""
    kind, module, registered = value.get("class_name"), value.get("module"), value.get("registered_name")
    shown = f"{module}.{kind}" if module else f"{kind}"
    if not isinstance(kind, str):
        return f"it is made of {shown!r:.120}, which no network of ours has"
    if kind in VALUES:
        return "a constant of its config is very long" if len(str(value.get("config"))) > CONSTANT else ""
    if kind in {"Lambda", "__lambda__"}:
        return f"{shown!r:.120} runs code that comes with the file"
    if kind == "function":
        return "" if plain(value) else f"it calls {str(value.get('config'))!r:.120}, which is no function of ours"
    if not isinstance(module, str) or not named(module, kind):
        return f"it is made of {shown!r:.120}, which no network of ours has"
    # Keras looks a registered name up among whatever is installed before it looks among its own.
    if registered not in (None, kind):
        return f"it is registered as {str(registered)!r:.120}, which may be anybody's code"
    return ""


def named(module: str, kind: str) -> bool:
    """Is it a class of ours?"""
    return kind in CLASSES.get(module, frozenset()) or (module == ARITHMETIC and kind.isidentifier())


def plain(value: Mapping[str, Any]) -> bool:
    """Is it an activation of Keras's own?"""
    name, registered, module = value.get("config"), value.get("registered_name"), value.get("module")
    known = isinstance(name, str) and name in FUNCTIONS and registered in ("function", None, name)
    return known and module in ("builtins", "keras.activations")
