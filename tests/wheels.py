"""The packages that are installed here as wheels in a folder: an index for pip that needs no network."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from imgtool.pipeline.bundling.wheel import digest

LATER = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"}  # the installer's


def shelf(folder: Path, names: Iterable[str]) -> Path:
    """The folder, with a wheel of each."""
    folder.mkdir()
    for name in names:
        wheel(folder, metadata.distribution(name))
    return folder


def wheel(folder: Path, package: metadata.Distribution) -> None:
    """One package, of the files that its RECORD names."""
    files = [each for each in package.files or () if each.parts[0] != ".." and each.suffix != ".pyc"]
    info = next(each.parts[0] for each in files if each.parts[0].endswith(".dist-info"))
    tag = next(line for line in reversed((package.read_text("WHEEL") or "").splitlines()) if line.startswith("Tag: "))
    rows = []
    with zipfile.ZipFile(folder / f"{info.removesuffix('.dist-info')}-{tag[5:]}.whl", "w") as archive:
        for file in files:
            if file.parts[0] != info or file.name not in LATER:
                data = file.read_binary()
                archive.writestr(zipfile.ZipInfo(str(file)), data)
                rows.append(f"{file},sha256={digest(data)},{len(data)}")
        archive.writestr(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,", ""]))
