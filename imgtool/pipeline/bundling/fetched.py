"""The wheels of other packages, fetched by pip from the index that is configured here."""

from __future__ import annotations

import subprocess
import venv
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from imgtool.errors import ImgtoolError, UsageError

# What is installed here runs here, whatever it says of Pythons: a package that LiteRT asks for says 3.10 at most.
PIP = ("-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--ignore-requires-python")
WHEELS = ("--only-binary", ":all:")
HINT = "With --no-wheels they are fetched where the bundle is first started."


def fetch(needs: Mapping[str, str], folder: Path) -> None:
    """The wheels of exactly these versions, for this kind of machine, into that folder."""
    with TemporaryDirectory(prefix="imgtool-") as room:
        python = interpreter(Path(room, "venv"))
        asked = [f"{name}=={version}" for name, version in needs.items()]
        words = [str(python), *PIP, *WHEELS, "--dest", str(folder), *asked]
        ran = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  # the pip made above
    if ran.returncode:
        said = [line for line in ran.stderr.splitlines() if line.startswith("ERROR:")] or ["it says nothing"]
        raise ImgtoolError(f"pip did not get the wheels: {said[-1].removeprefix('ERROR: ')}", hint=HINT)


def interpreter(place: Path) -> Path:
    """A Python of this version with a pip of its own: not every environment has one."""
    try:
        venv.create(place, with_pip=True)
    except subprocess.CalledProcessError as error:
        hint = "On Debian and Ubuntu: `apt install python3-venv`."
        raise UsageError("This Python makes no virtual environments with pip.", hint=hint) from error
    return place / "bin" / "python"
