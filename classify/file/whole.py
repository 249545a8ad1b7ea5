"""Files and folders that appear whole or not at all: made beside their place, flushed, renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imgtool.dataset.store import make_durable, make_folder_durable
from imgtool.errors import MACHINE, machine_error


@contextmanager
def written(target: Path) -> Iterator[Path]:
    """A file to write, which becomes `target` when the block ends well and vanishes otherwise."""
    part = target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")
    with told(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            yield part
            make_durable(part)
            os.replace(part, target)
            make_folder_durable(target.parent)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def built(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target`, in the place of an earlier one, when the block ends well."""
    part = target.with_name(f".{target.name}.{os.getpid()}")
    old = part.with_name(f"{part.name}.old")
    with told(target):
        try:
            part.mkdir(parents=True)
            yield part
            durable(part)
            if target.exists():
                target.rename(old)
            part.rename(target)
            make_folder_durable(target.parent)
        finally:
            if old.exists() and not target.exists():
                old.rename(target)
            shutil.rmtree(part, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)


def durable(folder: Path) -> None:
    """Every file and every name of a folder on the disk."""
    for place, _, files in os.walk(folder):
        for name in files:
            make_durable(Path(place, name))
        make_folder_durable(Path(place))


@contextmanager
def told(target: Path) -> Iterator[None]:
    """What the disk says, with the place that it is about."""
    try:
        yield
    except OSError as error:
        if error.errno not in MACHINE and not isinstance(error, (NotADirectoryError, IsADirectoryError)):
            raise
        raise machine_error(error, f"{target} cannot be written") from error
