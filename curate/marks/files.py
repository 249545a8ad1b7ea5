"""Files of annotations as text: bounded, in UTF-8, of any line ends."""

from __future__ import annotations

from pathlib import Path

from curate.admit import contents
from imgtool.errors import UsageError
from imgtool.records import Refusal

MOST = 1 << 29  # bytes of one file: COCO's own, of 118,000 pictures, is 448 MB
SMALL = 1 << 22  # bytes of a picture's own file: 40,000 boxes


def text(path: Path, most: int = MOST) -> str:
    """What is in the file; UsageError when it cannot be had."""
    data = contents(path, most)
    if isinstance(data, Refusal):
        raise UsageError(f"{path} is no file of boxes: {data.reason.replace('_', ' ')} {data.detail}".rstrip() + ".")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not in UTF-8: {error.reason} at byte {error.start}.") from None


def below(folder: Path, suffix: str) -> list[Path]:
    """The files of that ending in a folder and the folders in it, by name; what is hidden is left alone."""
    found = (path for path in folder.rglob(f"*{suffix}") if path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def number(word: str) -> float:
    """The number that a word says; NaN if none."""
    try:
        return float(word)
    except ValueError:
        return float("nan")


def digits(value: float) -> str:
    """A number as people write it, and read it again to the last bit."""
    return str(int(value)) if value.is_integer() else repr(value)
