"""Bytes that other processes can read by a path, and that no disk ever holds where the system has memory files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile

OWN = "/proc/self/fd"  # where a process's open files have names


@contextmanager
def memo(data: bytes) -> Iterator[str]:
    """A path that leads to these bytes, for processes of the same user, until it is left."""
    with _kept(data) if hasattr(os, "memfd_create") and os.path.isdir(OWN) else _filed(data) as path:
        yield path


@contextmanager
def _kept(data: bytes) -> Iterator[str]:
    with open(os.memfd_create("imgtool", os.MFD_CLOEXEC), "wb", buffering=0) as file:
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        yield f"/proc/{os.getpid()}/fd/{file.fileno()}"


@contextmanager
def _filed(data: bytes) -> Iterator[str]:
    with NamedTemporaryFile(prefix="imgtool-") as file:
        file.write(data)
        file.flush()
        yield file.name
