"""Parquet in Hugging Face's shape: an image column of {bytes, path}, the label as a ClassLabel.

datasets.load_dataset("export")
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from curate.export.plan import Brief
from curate.export.shards import Shard, shards
from curate.export.studio import Print, Studio
from curate.export.tree import file_name

DATA = "data"
GROUP = 100  # rows read at once: Hugging Face's own size for pictures
CLAIMS = ("title", "creator", "licence", "licence_url", "page_url", "url", "engine", "sha256")


def write(folder: Path, brief: Brief, studio: Studio) -> None:
    """One file a shard, in `data`."""
    (folder / DATA).mkdir()
    for shard in shards(brief, studio):
        one(folder / DATA / shard.name("parquet"), shard, brief)


def one(path: Path, shard: Shard, brief: Brief) -> None:
    """A shard, some rows at a time."""
    shape = schema(brief.plan.labels)
    # pictures are compressed already: a second time costs and gains nothing
    with pq.ParquetWriter(path, shape, compression="none") as file:
        for rows in grouped(shard, brief):
            file.write_table(pa.Table.from_pylist(rows, schema=shape), row_group_size=GROUP)


def grouped(shard: Shard, brief: Brief) -> Iterator[list[dict[str, Any]]]:
    """The shard's rows by the group."""
    while rows := [row(made, brief) for made in islice(shard.prints, GROUP)]:
        yield rows


def row(made: Print, brief: Brief) -> dict[str, Any]:
    """A picture's row."""
    image = {"bytes": made.shot.data, "path": file_name(made.item.key, made.shot)}
    return {"image": image, "label": made.unit.number, "id": made.item.key} | brief.claims(made.unit)


def schema(labels: tuple[str, ...]) -> pa.Schema:
    """The columns, and for `datasets` what they mean."""
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    texts = [(name, pa.string()) for name in ("id", *CLAIMS)]
    meaning = {"image": {"_type": "Image"}, "label": {"names": list(labels), "_type": "ClassLabel"}}
    features = meaning | {name: {"dtype": "string", "_type": "Value"} for name, _ in texts}
    told = {"huggingface": json.dumps({"info": {"features": features}})}
    return pa.schema([("image", image), ("label", pa.int64()), *texts], metadata=told)
