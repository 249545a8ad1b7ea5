"""The packages of a bundle: imgtool's own wheel, the others if they are wanted, and the list that is installed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from imgtool.pipeline.bundling.fetched import fetch
from imgtool.pipeline.bundling.pins import plain
from imgtool.pipeline.bundling.wheel import NAME, VERSION, own_wheel


def packages(folder: Path, needs: Mapping[str, str], *, whole: bool) -> str:
    """Fill the folder, and say what is to be installed: requirements.txt, with digests where the files are at hand."""
    folder.mkdir()
    if whole:
        fetch(needs, folder)
    own_wheel(folder, needs)
    marks = digests(folder) if whole else {}
    lines = [f"{name}=={version}{marks.get(name, '')}" for name, version in {NAME: VERSION, **needs}.items()]
    return "\n".join([*lines, ""])


def digests(folder: Path) -> dict[str, str]:
    """What stands behind the version of each package, by its name."""
    wheels = {plain(file.name.partition("-")[0]): file.read_bytes() for file in folder.glob("*.whl")}
    return {name: f" --hash=sha256:{hashlib.sha256(data).hexdigest()}" for name, data in wheels.items()}
