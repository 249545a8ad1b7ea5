"""The files of a dataset: temporary, waiting, kept, removed. Nothing half-written ever has a final name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from imgtool.errors import MACHINE, StorageError, machine_error

HIDDEN = ".imgtool"
TMP, WAITING, REMOVED, TAUGHT = (f"{HIDDEN}/{part}" for part in ("tmp", "waiting", "removed", "taught"))
EXTENSIONS = {
    "jpeg": "jpg",
    "png": "png",
    "webp": "webp",
    "gif": "gif",
    "avif": "avif",
    "bmp": "bmp",
    "tiff": "tif",
    "heif": "heic",
}
# What people's file managers leave in folders; neither counted nor touched.
LITTER = {".ds_store", "thumbs.db", "desktop.ini", ".directory", "icon\r"}


def prepare(root: Path) -> None:
    """The folders a dataset needs."""
    try:
        for part in (TMP, WAITING, REMOVED):
            (root / part).mkdir(parents=True, exist_ok=True)
    except NotADirectoryError as error:
        message = f"{error.filename} is a file; a dataset is a folder."
        raise StorageError(message, hint="Choose another place with --out.") from error
    except OSError as error:
        raise machine_error(error, f"{root} cannot be written") from error


def file_name(sha256: str, kind: str) -> str:
    """Names come from the bytes alone: stable, free of collisions, no word of the web inside."""
    return f"{sha256[:16]}.{EXTENSIONS[kind]}"


def waiting_name(sha256: str, kind: str, url: str) -> str:
    """One file an address: two addresses of the same bytes wait side by side, and neither takes the other's away."""
    mark = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{sha256[:16]}-{mark}.{EXTENSIONS[kind]}"


def make_durable(path: Path) -> int:
    """Flush the file to disk; its modification time."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
        return os.fstat(fd).st_mtime_ns
    finally:
        os.close(fd)


def make_folder_durable(path: Path) -> None:
    """Flush a folder's names to disk."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def free_name(target: Path) -> Path:
    """`target`, or the next name beside it that nobody has: a file of the user's is never overwritten."""
    if not target.exists():
        return target
    tries = (target.with_stem(f"{target.stem}-{n}") for n in range(2, 10_000))
    return next(name for name in tries if not name.exists())


def sweep(root: Path) -> int:
    """Delete what a killed run left half-made; how many files."""
    left = [entry.path for entry in os.scandir(root / TMP) if entry.is_file(follow_symlinks=False)]
    for path in left:
        os.unlink(path)
    return len(left)


@contextmanager
def cleared(root: Path) -> Iterator[None]:
    """No half-made file before the block, none after it; what the disk says of the dataset meanwhile, by its name."""
    try:
        sweep(root)
        yield
    except OSError as error:
        if error.errno in MACHINE and _inside(root, error):
            raise machine_error(error, f"{root} cannot be written") from error
        raise
    finally:
        with suppress(OSError):  # a full disk gets its space back; a failing one has said so already
            sweep(root)


def _inside(root: Path, error: OSError) -> bool:
    """Is it about a file of the dataset? A write that fails does not say; only pictures are written here."""
    return not error.filename or root in Path(os.fsdecode(error.filename)).parents


def files_of(root: Path, folder: str) -> Iterator[os.DirEntry[str]]:
    """The files of a class folder, links and litter left out, in the order of their names."""
    place = root / folder
    if not place.is_dir():
        return
    with os.scandir(place) as entries:
        plain = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
    yield from sorted((e for e in plain if not litter(e.name)), key=lambda entry: entry.name)


def class_folders(root: Path) -> list[str]:
    """The folders that are classes: real folders with plain names, directly in the dataset."""
    with os.scandir(root) as entries:
        return sorted(e.name for e in entries if e.is_dir(follow_symlinks=False) and not e.name.startswith("."))


def litter(name: str) -> bool:
    """Does a file manager rather than a person own this file?"""
    return name.casefold() in LITTER or name.startswith(".")
