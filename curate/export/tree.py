"""split/class/file: what Keras's `image_dataset_from_directory` and torchvision's `ImageFolder` load, completely.

keras.utils.image_dataset_from_directory("export/train", image_size=(224, 224))
"""

from __future__ import annotations

from pathlib import Path

from curate.darkroom.render import Shot
from curate.export.plan import Brief
from curate.export.studio import Studio

EXTENSIONS = {"jpeg": "jpg", "png": "png"}  # both readers know no others that we write


def write(folder: Path, brief: Brief, studio: Studio) -> None:
    """Every picture in its place; an empty class is a folder all the same, so that every split has all classes."""
    plan = brief.plan
    for split in plan.splits:
        for name in plan.folders:
            (folder / split / name).mkdir(parents=True)
    for made in studio.prints(plan.units):
        name = plan.folders[made.unit.number]
        (folder / made.unit.split / name / file_name(made.item.key, made.shot)).write_bytes(made.shot.data)


def file_name(key: str, shot: Shot) -> str:
    """A picture's file."""
    return f"{key}.{EXTENSIONS[shot.kind]}"
