"""Croissant 1.1: one Parquet file a split, and croissant.json, which tells any reader what is in them.

mlcroissant.Dataset("export/croissant.json").records("train")
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from curate.export import parquet
from curate.export.card import common_licence, described
from curate.export.lockfile import sha256
from curate.export.plan import Brief
from curate.export.studio import Studio

FILE = "croissant.json"
SPEC = "http://mlcommons.org/croissant/1.1"
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def write(folder: Path, brief: Brief, studio: Studio) -> None:
    """The Parquet files, then what they are."""
    whole = replace(brief, options=replace(brief.options, shard=1 << 62))
    parquet.write(folder, whole, studio)
    text = json.dumps(described_set(folder, brief), indent=1, ensure_ascii=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8", errors="replace")


def described_set(folder: Path, brief: Brief) -> dict[str, Any]:
    """The JSON-LD of the set."""
    files = {split: f"{parquet.DATA}/{split}-00000-of-00001.parquet" for split in brief.plan.splits}
    told = {"datePublished": brief.facts.published, "url": brief.facts.url}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": SPEC,
        "name": brief.facts.name,
        "description": described(brief),
        "version": brief.facts.version,
        "license": common_licence(brief).url or "See ATTRIBUTION.csv",
        **{key: value for key, value in told.items() if value},
        "distribution": [file(split, path, folder) for split, path in files.items()],
        "recordSet": [classes(brief.plan.labels), *(records(split) for split in files)],
    }


def file(split: str, path: str, folder: Path) -> dict[str, Any]:
    """A Parquet file as a FileObject."""
    return {
        "@type": "cr:FileObject",
        "@id": f"{split}-file",
        "name": f"{split}-file",
        "contentUrl": path,
        "encodingFormat": "application/x-parquet",
        "sha256": sha256(folder / path),
    }


def classes(labels: tuple[str, ...]) -> dict[str, Any]:
    """The classes by number."""
    rows = [{"classes/number": number, "classes/name": name} for number, name in enumerate(labels)]
    fields = [plain("classes/number", "sc:Integer"), plain("classes/name", "sc:Text")]
    key = {"@id": "classes/number"}
    return {
        "@type": "cr:RecordSet", "@id": "classes", "name": "classes", "dataType": "sc:Enumeration", "key": key,
        "field": fields, "data": rows,
    }  # fmt: skip


def records(split: str) -> dict[str, Any]:
    """A split's pictures."""
    image = drawn(split, "image", "sc:ImageObject")
    image["source"]["transform"] = {"jsonPath": "bytes"}
    label = drawn(split, "label", "sc:Integer") | {"references": {"field": {"@id": "classes/number"}}}
    texts = [drawn(split, name, "sc:Text") for name in ("id", *parquet.CLAIMS)]
    return {"@type": "cr:RecordSet", "@id": split, "name": split, "field": [image, label, *texts]}


def plain(name: str, kind: str) -> dict[str, Any]:
    """A field."""
    return {"@type": "cr:Field", "@id": name, "name": name, "dataType": kind}


def drawn(split: str, column: str, kind: str) -> dict[str, Any]:
    """A field that is a column of the split's file."""
    source = {"fileObject": {"@id": f"{split}-file"}, "extract": {"column": column}}
    return plain(f"{split}/{column}", kind) | {"source": source}
