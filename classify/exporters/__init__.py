"""A model in forms that other programs run: each proves itself before it is written.

    exported = export(Classifier.load("model.keras"), "onnx", Path("model.onnx"))

onnx, tflite, savedmodel, h5     one module a form: how it is written, how it answers
proof                            the pictures that it is asked about, and how far it may be off
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from classify.exporters import h5, onnx, savedmodel, tflite
from classify.exporters.form import Form
from classify.exporters.proof import EXACT, Proof, asked, proven
from classify.file import Classifier
from classify.file.lite import Unfit, failures
from classify.file.whole import built, written
from classify.nouns import Pixels
from imgtool.errors import ImgtoolError, UsageError

__all__ = ["EXPORTERS", "Exported", "Exporter", "export"]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A form of a model."""

    ending: str  # what is put behind the model's name
    write: Callable[[Form, Path], None]
    answering: Callable[[Path], Callable[[Pixels], object]]  # what is written → pictures → probabilities
    folder: bool = False
    tolerance: float = EXACT


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and how it proved itself."""

    path: Path
    size: int  # bytes
    proof: Proof


EXPORTERS: Mapping[str, Exporter] = MappingProxyType(
    {
        "onnx": Exporter(".onnx", onnx.write, onnx.answering),
        "tflite": Exporter(".tflite", tflite.write, tflite.answering),
        "savedmodel": Exporter("-savedmodel", savedmodel.write, savedmodel.answering, folder=True),
        "h5": Exporter("-h5", h5.write, h5.answering, folder=True),
    }
)
SMALLER = Exporter("-int8.tflite", tflite.write_small, tflite.answering, tolerance=tflite.TOLERANCE)


def exporter(to: str, *, quantise: bool = False) -> Exporter:
    """The form of that name; UsageError when there is none."""
    if to not in EXPORTERS:
        raise UsageError(f"There is no form {to!r} of a model.", hint=f"Known: {', '.join(EXPORTERS)}.")
    if quantise and to != "tflite":
        raise UsageError(f"{to} has no quantised form here.", hint="`--to tflite --quantise` has.")
    return SMALLER if quantise else EXPORTERS[to]


def export(model: Classifier, to: Exporter, target: Path, pictures: Pixels | None = None) -> Exported:
    """The model in that form, asked about 32 pictures beforehand; nothing is written when it answers otherwise."""
    place: Callable[[Path], AbstractContextManager[Path]] = built if to.folder else written
    with place(target) as part:
        form = Form.of(model)
        shown = asked(form.card.size, form.network.input_shape[-1]) if pictures is None else pictures
        try:
            proof = proven(form.probabilities(shown), said(to, form, part, shown), to.tolerance)
        except Unfit as error:
            hint = "Other forms may do: onnx, tflite (without --quantise), savedmodel, h5."
            message = f"{target.name} would not answer as the model does: {error} Nothing was written."
            raise ImgtoolError(message, hint=hint) from error
    return Exported(target, weight(target), proof)


def said(to: Exporter, form: Form, part: Path, shown: Pixels) -> object:
    """What the form answers when it is written and read back; an error when it cannot be."""
    kinds: tuple[type[Exception], ...] = (*failures(), TypeError, KeyError, AttributeError)
    try:
        to.write(form, part)
        return to.answering(part)(shown)
    except kinds as error:
        first = str(error).partition("\n")[0]
        raise Unfit(f"its library says {first!r:.200}.") from error


def weight(path: Path) -> int:
    """The bytes of a file, or of all in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file())


def vacant(target: Path, *, force: bool) -> None:
    """UsageError for a place that is taken, unless it may be replaced."""
    if target.exists() and not force:
        raise UsageError(f"{target} is there already.", hint="Replace it with --force, or choose another --out.")
    if target.is_symlink():
        raise UsageError(f"{target} is a link.", hint="Choose another --out.")
