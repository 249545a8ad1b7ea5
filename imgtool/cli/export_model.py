"""`imgtool export-model`: a model in a form that other programs run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option

from imgtool.cli.given import many
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from classify.exporters import Exported


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which model, in which form."""

    model: Annotated[str, Argument(metavar="MODEL", help="A .keras file of `imgtool train`.", show_default=False)]
    to: Annotated[
        Literal["onnx", "tflite", "savedmodel", "h5"],
        Option("--to", metavar="FORM", show_default=False, help="onnx, tflite, savedmodel or h5 (two files)."),
    ]
    quantise: Annotated[
        bool, Option("--quantise", "--quantize", help="Weights of 8 bits, a quarter of the size (tflite).")
    ] = False
    out: Annotated[
        str, Option("--out", "-o", metavar="PATH", help="Where it goes (beside the model).", rich_help_panel=OUTPUT)
    ] = ""
    force: Annotated[bool, Option("--force", "--replace", help="Replace what is there.", rich_help_panel=OUTPUT)] = (
        False
    )


@verb("export-model")
def export_model(screen: Screen, wanted: Wanted, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Write a model in a form that other programs run: ONNX, TensorFlow Lite, SavedModel, or two HDF5 files.

    Each form is asked about 32 pictures before it is written: the same names, and probabilities within 0.0001
    (with --quantise, within 0.1; the result says how far they were off).
    """
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.export_model import export_model as carry_out

    with Bar(screen, "Opening the model") as bar:
        made = carry_out(
            wanted.model, wanted.to, wanted.out, quantise=wanted.quantise, force=wanted.force, watch=bar.step
        )
    screen.result(_facts(made, wanted), lambda: _drawing(screen, made))


def _facts(made: Exported, wanted: Wanted) -> dict[str, object]:
    return {
        "model": wanted.model,
        "form": wanted.to,
        "quantised": wanted.quantise,
        "path": str(made.path),
        "bytes": made.size,
        "proof": {
            "pictures": made.proof.pictures,
            "same": made.proof.same,
            "difference": made.proof.far,
            "allowed": made.proof.tolerance,
        },
    }


def _drawing(screen: Screen, made: Exported) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.groups import kilobytes

    proof = made.proof
    said = f"{many(proof.pictures, 'picture')} asked: {proof.same} get the same name; "
    said += f"no probability is off by more than {proof.far:.2g} ({proof.tolerance:g} is allowed)."
    return Group(Text(f"{screen.safe(made.path)}, {kilobytes(made.size)}", style="green"), Text(said))
