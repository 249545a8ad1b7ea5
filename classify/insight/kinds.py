"""What each kind of layer does, in a sentence, and the lesson that builds it from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson of `examples/lessons`."""

    number: int
    title: str
    file: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of layer."""

    name: str  # as one says it
    does: str
    lesson: int = 0  # 0 = none is about it


LESSONS: Mapping[int, Lesson] = MappingProxyType(
    {
        number: Lesson(number, title, f"examples/lessons/lesson{number}_{word}.py")
        for number, word, title in (
            (1, "pixels", "A picture is a block of numbers"),
            (2, "convolution", "Convolution"),
            (3, "layers", "The other layers, forward and backward"),
            (4, "sigmoid", "One sigmoid layer"),
            (5, "network", "A network"),
            (6, "vgg", "Large networks"),
        )
    }
)

CONVOLUTION = "slides small filters over the picture; a filter answers where it finds what it looks for"
RELU = "keeps what is above zero and forgets the rest"
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "InputLayer": Kind("pixels", "takes the picture as rows × columns × colours of numbers from 0 to 255", 1),
        "Rescaling": Kind("rescaling", "brings the pixels from 0…255 to a smaller range about zero", 1),
        "Normalization": Kind("normalisation", "takes the average colour away and evens out contrast", 1),
        "Conv2D": Kind("convolution", CONVOLUTION, 2),
        "DepthwiseConv2D": Kind("depthwise convolution", "slides a filter over each map by itself: cheap", 2),
        "SeparableConv2D": Kind("separable convolution", "filters each map by itself, then mixes the maps", 2),
        "ZeroPadding2D": Kind("padding", "adds a border of zeros, so that filters reach the edge", 2),
        "BatchNormalization": Kind("batch normalisation", "brings each map to an even strength, as learnt in training"),
        "LayerNormalization": Kind("layer normalisation", "brings the answers at each place to an even strength"),
        "UnitNormalization": Kind("unit normalisation", "brings the answers at each place to length one"),
        "ReLU": Kind("ReLU", RELU, 3),
        "Activation": Kind("activation", "bends each number by a fixed curve", 3),
        "MaxPooling2D": Kind("max pooling", "keeps the strongest of neighbouring answers and makes maps smaller", 3),
        "AveragePooling2D": Kind("average pooling", "takes the mean of neighbouring answers and makes maps smaller", 3),
        "GlobalAveragePooling2D": Kind("mean of each map", "says of each map only how strong it is over all places", 3),
        "GlobalMaxPooling2D": Kind("peak of each map", "says of each map only its strongest place", 3),
        "Flatten": Kind("flattening", "lays all places of all maps in one row of numbers", 3),
        "Dense": Kind("dense layer", "weighs all numbers against each other and adds them up", 3),
        "Dropout": Kind("dropout", "leaves out numbers by chance while learning; does nothing afterwards", 5),
        "Add": Kind("sum", "adds a way round the block to what the block says", 5),
        "Concatenate": Kind("joining", "puts the answers of several ways side by side", 5),
        "Multiply": Kind("gate", "lets more or less of each map through", 5),
        "Reshape": Kind("reshaping", "puts the same numbers in another order"),
        "LayerScale": Kind("scaling", "lets each map count for as much as it learnt to"),
        "Sequential": Kind("step of several layers", "is a few layers in a row"),
        "Softmax": Kind("softmax", "turns numbers into probabilities that add up to one", 3),
    }
)
BENDS: Mapping[str, str] = MappingProxyType(
    {
        "relu": RELU,
        "sigmoid": "squeezes each number between 0 and 1",
        "softmax": "turns the numbers into probabilities",
    }
)


def kind_of(name: str) -> Kind:
    """What is known of a kind of layer; its bare name of one that the table lacks."""
    return KINDS.get(name) or Kind(name, "reckons with what comes in")
