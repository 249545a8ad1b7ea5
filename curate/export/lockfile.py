"""imgtool.lock.json: what an export was made of and what it is: enough to make it again, or to see it whole."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from curate.export.options import ExportOptions
from curate.export.place import MARK
from curate.export.plan import Brief
from curate.presets import preset
from curate.team import processors
from imgtool.version import __version__

LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "pyarrow", "simplejpeg")  # whose versions may turn a byte
PLACES = ("workers", "memory", "replace")  # options that turn none


def write(folder: Path, brief: Brief) -> str:
    """The lock file, last of all; its sha256."""
    plan = brief.plan
    value = {
        "imgtool": __version__,
        "libraries": {name: version(name) for name in LIBRARIES},
        "transform": transform(brief.options),
        "classes": dict(zip(plan.folders, plan.labels, strict=True)),
        "pictures": [
            {
                "id": item.key,
                "copy": item.copy,
                "split": unit.split,
                "label": unit.entry.label,
                "path": unit.entry.path,
                "sha256": unit.entry.picture.sha256,
            }
            for unit, item in plan.rows()
        ],
        "files": files(folder),
    }
    data = json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogateescape") + b"\n"
    (folder / MARK).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def transform(options: ExportOptions) -> dict[str, object]:
    """The options that decide over bytes."""
    values = {name: value for name, value in asdict(options).items() if name not in PLACES}
    return values | {"no_flip": sorted(options.no_flip), "preset": asdict(preset(options.augment))}


def files(folder: Path) -> dict[str, str]:
    """Path → sha256 of every file, read by all cores."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in paths]
    with ThreadPoolExecutor(processors()) as pool:
        return dict(zip(names, pool.map(sha256, paths), strict=True))


def sha256(path: Path) -> str:
    """A file's."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
