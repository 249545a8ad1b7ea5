"""Hugging Face's `imagefolder`: pictures and one metadata.jsonl a split, the label in its rows.

datasets.load_dataset("export")                           # labels as ClassLabel, by the card's YAML
datasets.load_dataset("imagefolder", data_dir="export")   # labels as text
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from curate.export.plan import Brief
from curate.export.studio import Studio
from curate.export.tree import file_name

METADATA = "metadata.jsonl"


def write(folder: Path, brief: Brief, studio: Studio) -> None:
    """Pictures beside their metadata. A label that is only a folder's name is dropped once there is metadata."""
    with ExitStack() as files:
        tables = {split: files.enter_context(table(folder / split)) for split in brief.plan.splits}
        for made in studio.prints(brief.plan.units):
            name, split = file_name(made.item.key, made.shot), made.unit.split
            (folder / split / name).write_bytes(made.shot.data)
            row = {"file_name": name, "label": made.unit.entry.label, "id": made.item.key} | brief.claims(made.unit)
            tables[split].write(json.dumps(row) + "\n")


def table(folder: Path) -> TextIO:
    """A split's metadata, to be written."""
    folder.mkdir()
    return (folder / METADATA).open("w", encoding="ascii", newline="\n")
