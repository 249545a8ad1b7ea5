"""WebDataset: tar shards, three members a picture: KEY.jpg (or .png), KEY.cls, KEY.json.

webdataset.WebDataset("export/train-{00000..00003}-of-00004.tar", shardshuffle=False).decode("rgb")
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

from curate.export.plan import Brief
from curate.export.shards import shards
from curate.export.studio import Print, Studio
from curate.export.tree import EXTENSIONS


def write(folder: Path, brief: Brief, studio: Studio) -> None:
    """Shards in which the order of members and every header are the same each time."""
    for shard in shards(brief, studio):
        with tarfile.open(folder / shard.name("tar"), "w", format=tarfile.USTAR_FORMAT) as tar:
            for made in shard.prints:
                for name, data in members(made, brief):
                    tar.addfile(head(name, len(data)), io.BytesIO(data))


def members(made: Print, brief: Brief) -> Iterator[tuple[str, bytes]]:
    """A picture's files, next to each other, as readers group them."""
    key, unit = made.item.key, made.unit
    told = {"id": key, "label": unit.entry.label, "number": unit.number} | brief.claims(unit)
    yield f"{key}.{EXTENSIONS[made.shot.kind]}", made.shot.data
    yield f"{key}.cls", str(unit.number).encode()
    yield f"{key}.json", json.dumps(told).encode()


def head(name: str, size: int) -> tarfile.TarInfo:
    """A member's header: nobody's, of 1970, readable by all."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o644
    return info
