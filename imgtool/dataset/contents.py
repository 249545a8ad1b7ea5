"""Files of a dataset, reached step by step: no link is followed on the way."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe put in its place must not hold us


def contents(root: Path, path: str, size: int, mtime_ns: int) -> bytes | None:
    """The bytes at a path of the catalogue; None if they are gone, changed, or behind a link."""
    try:
        fd = _descend(root, PurePosixPath(path).parts)
    except OSError:
        return None
    with open(fd, "rb") as file:
        seen = os.fstat(fd)
        if not stat.S_ISREG(seen.st_mode) or (seen.st_size, seen.st_mtime_ns) != (size, mtime_ns):
            return None
        return file.read(size)


@contextmanager
def folder_of(root: Path, path: str) -> Iterator[tuple[int, str]]:
    """The folder of a file, open, and the file's name in it; OSError where the way there leads through a link."""
    place = PurePosixPath(path)
    fd = _folder(root, place.parts[:-1])
    try:
        yield fd, place.name
    finally:
        os.close(fd)


def _descend(root: Path, parts: tuple[str, ...]) -> int:
    here = _folder(root, parts[:-1])
    try:
        return os.open(parts[-1], FILE, dir_fd=here)
    finally:
        os.close(here)


def _folder(root: Path, parts: tuple[str, ...]) -> int:
    """Step by step, each below the one before: what is swapped for a link meanwhile is not followed."""
    if ".." in parts:
        raise PermissionError("upwards")
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in parts:
        try:
            below = os.open(part, FOLDER, dir_fd=here)
        finally:
            os.close(here)
        here = below
    return here
