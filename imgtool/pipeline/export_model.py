"""`export-model`: a model in a form that other programs run."""

from __future__ import annotations

from pathlib import Path

from classify.exporters import Exported, export, exporter, vacant
from classify.file import Classifier
from classify.nouns import Step, Watch, unwatched


def export_model(
    model: str | Path,
    to: str,
    out: str | Path = "",
    *,
    quantise: bool = False,
    force: bool = False,
    watch: Watch = unwatched,
) -> Exported:
    """The model of a .keras file as onnx, tflite, savedmodel or h5; beside it unless `out` is named.

    Before it is written it answers 32 pictures as the model does, or is not written.
    """
    form = exporter(to, quantise=quantise)
    place = Path(model)
    target = Path(out) if out else place.with_name(place.stem + form.ending)
    vacant(target, force=force)
    known = Classifier.load(place)
    watch(Step(f"Writing {target.name}, and asking it"))
    return export(known, form, target)
