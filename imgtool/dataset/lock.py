"""One writer a dataset: who holds it, said by name. The kernel frees the lock of a process that dies."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from imgtool.errors import DatasetBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the dataset for writing, or say who does."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatasetBusy(
                f"Another process is writing to {path.parent.parent}: {_holder(fd)}.",
                hint="Wait for it, or stop it; a dead process holds nothing.",
            ) from None
        _sign(fd)
        yield
    finally:
        os.close(fd)


def _sign(fd: int) -> None:
    card = {
        "pid": os.getpid(),
        "command": " ".join(sys.argv)[:200],
        "since": datetime.now(UTC).isoformat("T", "seconds"),
    }
    os.ftruncate(fd, 0)
    os.pwrite(fd, json.dumps(card).encode(), 0)


def _holder(fd: int) -> str:
    try:
        card = json.loads(os.pread(fd, 4096, 0))
        return f"process {card['pid']} ({card['command']}, since {card['since']})"
    except (ValueError, KeyError, TypeError):
        return "one that has not signed yet"
