"""A folder that appears whole or not at all: built beside its place, flushed, renamed.

While it is built it is called `.NAME.part`, and its builder holds a lock on it, which the kernel frees when the
process dies: what a killed export left is swept by the next one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imgtool.errors import DatasetBusy, StorageError, UsageError

MARK = "imgtool.lock.json"  # what every export has; no folder without it is ever replaced


@contextmanager
def building(target: Path, *, replace: bool) -> Iterator[Path]:
    """An empty folder to build in, which becomes `target` when the block ends well and vanishes otherwise."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = beside(target, "part")
        with held(part, target):
            try:
                mend(target)
                free(target, replace=replace)
                yield part
                flush(part)
                settle(part, target)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise storage(error, target) from error


def free(target: Path, *, replace: bool) -> None:
    """UsageError unless the place is empty, or an earlier export that may be replaced."""
    if not target.is_symlink() and (not target.exists() or (target.is_dir() and not any(target.iterdir()))):
        return
    if not (target / MARK).is_file() or target.is_symlink():
        raise UsageError(f"{target} is there already and no export of ours.", hint="Choose another place with --out.")
    if not replace:
        raise UsageError(f"{target} has an export already.", hint="Replace it with --replace, or choose another place.")


@contextmanager
def held(part: Path, target: Path) -> Iterator[None]:
    """The folder to build in, empty and ours alone."""
    file = locked(part, target)
    try:
        for path in part.iterdir():  # a killed builder's
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        yield
    finally:
        os.close(file)


def locked(part: Path, target: Path) -> int:
    """The folder's lock. A folder that was renamed while we waited for its lock is no longer the one we want."""
    while True:
        part.mkdir(exist_ok=True)
        file = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(file)
            raise DatasetBusy(f"Another process is exporting to {target}.", hint="Wait for it to end.") from error
        if part.exists() and os.path.samestat(os.fstat(file), part.stat()):
            return file
        os.close(file)


def mend(target: Path) -> None:
    """An export that a killed builder had moved aside comes back."""
    old = beside(target, "old")
    if old.exists() and not (target / MARK).exists():
        if target.exists():
            target.rmdir()
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def settle(part: Path, target: Path) -> None:
    """The built folder in its place; an earlier one is gone only when this one is there."""
    old = beside(target, "old")
    if target.exists():
        target.rename(old)
    part.rename(target)
    flush_folder(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def beside(target: Path, what: str) -> Path:
    """A hidden name beside the place."""
    return target.with_name(f".{target.name}.{what}")


def flush(folder: Path) -> None:
    """Every file and every name on the disk."""
    for place, _, files in os.walk(folder):
        for name in files:
            sync(os.path.join(place, name), os.O_RDONLY)
        flush_folder(Path(place))


def flush_folder(folder: Path) -> None:
    """A folder's names on the disk."""
    sync(os.fspath(folder), os.O_RDONLY | os.O_DIRECTORY)


def sync(path: str, flags: int) -> None:
    """A file or folder on the disk."""
    file = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def storage(error: OSError, target: Path) -> StorageError:
    """What a disk's complaint means."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    hint = "Nothing was left half-made. " + ("Make room" if full else "Make the folder writable")
    return StorageError(
        f"{target} cannot be written: {error.strerror or error}.", hint=f"{hint}, or choose another place."
    )
