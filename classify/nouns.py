"""The nouns of learning: a name for everything that goes from one part of `classify` to the next.

    pixels ──backbone──▶ features ──head──▶ logits ──temperature──▶ probabilities ──doubt──▶ Judgement
             (Recipe)                        (Answers)                                (Card)

Pictures come in as arrays of uint8, rows × columns × RGB, upright and already of the size that the recipe names:
this room never opens a picture file. NumPy and the standard library alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]  # rows × columns × RGB; a batch has one axis more, in front
Features: TypeAlias = NDArray[np.float32]  # pictures × numbers
Logits: TypeAlias = NDArray[np.float32]  # pictures × classes, before temperature and softmax
Targets: TypeAlias = NDArray[np.int64]  # the number of each picture's class
Vary: TypeAlias = Callable[[Pixels, str, int], Pixels]  # a picture, its sha256 and a copy's number in, a variant out

Network: TypeAlias = Any  # keras.Model: Keras itself comes late

FEATURES = "features"  # the layer of every network whose output is the picture's features


@dataclass(frozen=True, slots=True)
class Recipe:
    """How pixels become features: the same recipe and the same weights give the same numbers."""

    backbone: str = "vgg16"
    alpha: float = 1.0  # the width of a mobilenet
    weights: str = "imagenet"  # "imagenet", "none", or the path of a file
    size: int = 0  # px, both sides; 0 = the backbone's own


@dataclass(frozen=True, slots=True)
class Learning:
    """What `train` is asked for."""

    recipe: Recipe = Recipe()
    route: str = "frozen"  # frozen finetune scratch
    head: str = "dense"  # dense logistic svm knn
    net: str = "modern"  # small modern: the network of the route "scratch"
    augment: str = "light"  # a preset of `curate.presets`, or "none"
    quick: bool = True  # eight bits for features to learn from, where that is proven to see the same
    no_flip: frozenset[str] = frozenset()  # classes that are never mirrored
    views: int = 0  # augmented copies of each training picture whose features are learnt from too
    epochs: int = 0  # 0 = the route's own
    batch: int = 32
    rate: float = 0.0  # the learning rate; 0 = the route's own
    patience: int = 0  # epochs without getting better before it ends; 0 = the route's own
    balance: bool = True  # rarer classes weigh more
    seed: int = 0
    kfold: int = 0  # also the accuracy over so many folds


@dataclass(frozen=True, slots=True)
class Course:
    """Pictures to learn from, in memory or mapped from a file."""

    pixels: Pixels  # pictures × rows × columns × RGB
    targets: Targets
    keys: tuple[str, ...]  # the sha256 of each

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the training pictures."""

    number: int  # from 1
    stage: str  # "head", "last block", "scratch" …
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    rate: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Answers:
    """What a network says of pictures, before anybody decides."""

    logits: Logits
    features: Features

    def __len__(self) -> int:
        return len(self.logits)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one picture."""

    ranked: tuple[tuple[str, float], ...]  # names and probabilities, the likeliest first
    sure: bool
    why: str = ""  # when not sure: "unlike anything it learnt", "cat or dog"
    strangeness: float = 0.0  # about 0 = as usual, may be below; the card's `strange` is where doubt begins

    @property
    def label(self) -> str:
        """The likeliest name."""
        return self.ranked[0][0]

    @property
    def probability(self) -> float:
        """Of the likeliest."""
        return self.ranked[0][1]


@dataclass(frozen=True, slots=True)
class Card:
    """What a model file says of itself; read without loading the network."""

    labels: tuple[str, ...]
    kind: str = "pictures"  # pictures digits
    size: int = 224  # px, both sides: what its pictures are brought to
    route: str = "frozen"
    backbone: str = ""  # "" for a network made from scratch
    alpha: float = 1.0
    weights: str = ""  # sha256 of the backbone's weights
    head: str = ""
    temperature: float = 1.0
    sure: float = 0.0  # probabilities below are "not sure"
    strange: float = float("inf")  # strangeness above is "not sure"
    dataset: str = ""  # the digest of what it learnt from
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # split → class → pictures
    metrics: Mapping[str, float] = field(default_factory=dict)  # accuracy, low, high, tested, ece …
    learning: Mapping[str, object] = field(default_factory=dict)  # seed, epochs, head's parameters …
    versions: Mapping[str, str] = field(default_factory=dict)  # imgtool, keras, tensorflow, numpy
    created: str = ""  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Step:
    """How far something long has come."""

    what: str  # "Reading pictures", "Epoch 3 of 20"
    done: int = 0
    total: int = 0  # 0 = nobody knows
    note: str = ""  # "loss 0.21, validation 0.93"
    epochs: tuple[Epoch, ...] = ()  # those so far, when one has just ended


Watch: TypeAlias = Callable[[Step], None]


def unwatched(_: Step) -> None:
    """Nobody looks on."""
