"""The packages that serving needs, with all that they need, at the versions that are installed here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import metadata

from imgtool.errors import UsageError

SERVING = (
    "ai-edge-litert",
    "aiohttp",
    "jinja2",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "prometheus-client",
    "protego",
    "python-multipart",
    "requests",
    "rich",
    "simplejpeg",
    "starlette",
    "typer",
    "uvicorn",
)
KERAS = (*SERVING, "tensorflow")  # for a model without a quick form: its network is built by Keras itself
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def pinned(wanted: tuple[str, ...]) -> Mapping[str, str]:
    """Versions by name: of these packages, and of those that they asked for when they were installed here."""
    found: dict[str, str] = {}
    todo = [plain(name) for name in wanted]
    while todo:
        name = todo.pop()
        if name in found or (package := installed(name)) is None:
            continue
        found[name] = package.version
        todo += required(package)
    if missing := set(wanted) - set(found):
        hint = "Install imgtool as its documentation says; a bundle is a copy of what runs here."
        raise UsageError(f"Not installed here: {', '.join(sorted(missing))}.", hint=hint)
    return dict(sorted(found.items()))


def installed(name: str) -> metadata.Distribution | None:
    """The package; None when it is not here: what names it meant another system, or another Python."""
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def required(package: metadata.Distribution) -> Iterator[str]:
    """The names that it asks for, those of its extras left out."""
    for line in package.requires or ():
        name, _, marker = line.partition(";")
        if "extra" not in marker and (found := NAME.match(name)):
            yield plain(found[0])


def plain(name: str) -> str:
    """A package's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()
