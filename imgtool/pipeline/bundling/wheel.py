"""imgtool itself as a wheel, made of the files that are running: what is served elsewhere is what was tried here.

Its version says that it is cut for serving: `0.1.0+serve` asks for no TensorFlow.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from imgtool.errors import UsageError
from imgtool.version import __version__

NAME = "imgtool-datasets"
VERSION = f"{__version__}+serve"
ROOMS = ("imgtool", "scraper", "curate", "classify")
STEM = f"{NAME.replace('-', '_')}-{VERSION}"
INFO = f"{STEM}.dist-info"
FILE = f"{STEM}-py3-none-any.whl"
WHEEL = "Wheel-Version: 1.0\nGenerator: imgtool\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
OURS = ("Version:", "Requires-Dist:", "Provides-Extra:", "Description-Content-Type:")  # lines that are said anew, or go
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files make the same wheel


def own_wheel(folder: Path, needs: Mapping[str, str]) -> Path:
    """The wheel, in that folder; it asks for exactly these versions."""
    held = {**dict(sources()), **dict(described(package(), needs))}
    held[f"{INFO}/RECORD"] = recorded(held).encode()
    place = folder / FILE
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)
    return place


def package() -> metadata.Distribution:
    """What is installed of us."""
    try:
        return metadata.distribution(NAME)
    except metadata.PackageNotFoundError as error:
        hint = "Install it (`pip install .` in its folder), and run the command again."
        raise UsageError("imgtool is not installed here, and goes into a bundle as a package.", hint=hint) from error


def sources() -> Iterator[tuple[str, bytes]]:
    """Our own files by the names that they have in a wheel."""
    for room in ROOMS:
        spec = find_spec(room)
        assert spec is not None
        assert spec.origin is not None
        root = Path(spec.origin).parent
        for file in sorted(root.rglob("*")):
            inside = file.relative_to(root)
            if file.is_file() and "__pycache__" not in inside.parts and not file.name.startswith("."):
                yield f"{room}/{inside.as_posix()}", file.read_bytes()


def described(installed: metadata.Distribution, needs: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """What the wheel says of itself."""
    head = (installed.read_text("METADATA") or "").partition("\n\n")[0].splitlines()
    lines = [line for line in head if not line.startswith(OURS)]
    lines += [f"Version: {VERSION}", *(f"Requires-Dist: {name}=={version}" for name, version in needs.items())]
    yield f"{INFO}/METADATA", "\n".join([*lines, ""]).encode()
    yield f"{INFO}/WHEEL", WHEEL.encode()
    for file in installed.files or ():
        if file.name == "entry_points.txt" or "licenses" in file.parts:
            yield f"{INFO}/{'/'.join(file.parts[1:])}", file.read_binary()


def recorded(held: Mapping[str, bytes]) -> str:
    """Every file with its digest and size, as installers check them."""
    rows = [f"{name},sha256={digest(data)},{len(data)}" for name, data in held.items()]
    return "\n".join([*rows, f"{INFO}/RECORD,,", ""])


def digest(data: bytes) -> str:
    """sha256 as wheels write it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
