"""A small dataset on disk for the tests of export: class folders of painted pictures, their entries and splits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curate.export import Exported, ExportOptions, Facts, export
from imgtool.records import Entry, ImageRef
from tests.made import picture, ref
from tests.painted import encoded, scene


@dataclass(frozen=True)
class Album:
    """A folder, its entries, their splits and sources."""

    root: Path
    entries: list[Entry] = field(default_factory=list)
    splits: dict[str, str] = field(default_factory=dict)
    sources: dict[str, ImageRef] = field(default_factory=dict)

    def add(self, path: str, data: bytes, split: str = "train", **claims: Any) -> Entry:
        """A file that the dataset has looked at."""
        label = path.partition("/")[0]
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(data)
        seen = picture(data, sha256=hashlib.sha256(data).hexdigest())
        self.entries.append(Entry(path, label, seen, "2026-11-21T00:00:00+00:00"))
        self.splits[path] = split
        self.sources[path] = ref(f"http://h/{path}", label, **claims)
        return self.entries[-1]

    def export(self, target: Path, to: str, **options: Any) -> Exported:
        """The album in that format."""
        facts = Facts("bears & cats", "Painted by a test.", steps=(("painted", len(self.entries)),))
        wish = ExportOptions(to, **({"workers": 1} | options))
        return export(self.entries, self.splits, self.root, target, wish, self.sources, facts)


def album(root: Path, each: int = 6) -> Album:
    """Two classes of JPEG, PNG and WebP pictures: half of each to train, the rest to validate and test."""
    made = Album(root)
    kinds = ("JPEG", "PNG", "WEBP")
    for number, label in enumerate(("bear", "cat")):
        for place in range(each):
            kind = kinds[place % 3]
            data = encoded(scene(64 + 8 * place, 48, seed=100 * number + place), kind)
            split = ("train", "train", "val", "test")[place % 4]
            made.add(f"{label}/{place}.{kind.lower()}", data, split, creator="Ann", licence="by 4.0")
    return made


def tree(folder: Path) -> Mapping[str, bytes]:
    """Every file of an export."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
