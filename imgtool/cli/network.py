"""Who says the thousand names: the options of `what`, and of `serve --imagenet`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from typer import Option


@dataclass(frozen=True, slots=True)
class Network:
    """A published network, and what its outputs are called."""

    weights: Annotated[
        str,
        Option(
            "--weights",
            metavar="FILE",
            help="For ImageNet: a .tflite, or an .h5 that Keras published; else MobileNetV2, which Keras fetches.",
            show_default=False,
        ),
    ] = ""
    names: Annotated[
        str,
        Option(
            "--names",
            metavar="FILE",
            help="What its outputs are called, a line for each; else a list beside the weights.",
            show_default=False,
        ),
    ] = ""
