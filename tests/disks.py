"""A disk of a test's own: as small as it says, full when it is, and nobody else's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Disk:
    """A file system of its own, in memory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def mount(self, options: str) -> None:
        again = "remount," if os.path.ismount(self.root) else ""
        line = ["mount", "-t", "tmpfs", "-o", f"{again}{options}", "tmpfs", str(self.root)]
        subprocess.run(line, check=True, capture_output=True)


@contextmanager
def mounted(root: Path, size: str) -> Iterator[Disk]:
    """A disk of that size there; whoever may not mount skips."""
    root.mkdir()
    made = Disk(root)
    try:
        made.mount(f"size={size}")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a disk of one's own needs the right to mount")
    try:
        yield made
    finally:
        subprocess.run(["umount", str(root)], check=True)
