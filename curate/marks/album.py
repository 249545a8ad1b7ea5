"""The pictures that annotations are about: found by the names that annotations give them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TypeAlias

Parts: TypeAlias = tuple[str, ...]

SUFFIXES = frozenset(["jpg", "jpeg", "jpe", "png", "webp", "gif", "avif", "bmp", "tif", "tiff", "heic", "heif"])


class Album:
    """Pictures by name."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._files: defaultdict[str, list[Parts]] = defaultdict(list)  # by the last part, with and without its suffix
        for path in paths:
            parts = PurePosixPath(path).parts
            self._files[parts[-1]].append(parts)
            self._files[PurePosixPath(parts[-1]).stem].append(parts)

    @classmethod
    def of(cls, root: Path) -> Album:
        """The pictures in a folder and the folders in it; what is hidden, and links, are left out."""
        return cls(sorted(pictures(root)))

    def find(self, name: str) -> tuple[str, str]:
        """Path, and why there is none. A name may say more folders than there are here, or fewer; never others."""
        wanted = tuple(part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in {"/", "."})
        if not wanted:
            return "", f"there is no picture {name!r}"
        near = [parts for parts in self._files.get(wanted[-1], ()) if tails(wanted[:-1], parts[:-1])]
        most = max((shared(wanted, parts) for parts in near), default=0)
        best = [parts for parts in near if shared(wanted, parts) == most]
        if len(best) == 1:
            return "/".join(best[0]), ""
        if best:
            return "", f"{name!r} may be {' or '.join('/'.join(parts) for parts in best[:2])}: say its folder"
        return "", f"there is no picture {name!r}"


def pictures(root: Path) -> Iterable[str]:
    """The paths of all files that are named as pictures."""
    for here, folders, files in os.walk(root):
        folders[:] = [folder for folder in folders if not folder.startswith(".")]
        place = Path(here)
        for file in files:
            if file.rpartition(".")[2].casefold() in SUFFIXES and not file.startswith("."):
                path = place / file
                if not path.is_symlink():
                    yield path.relative_to(root).as_posix()


def tails(one: Parts, other: Parts) -> bool:
    """Is the shorter the end of the longer?"""
    short = min(len(one), len(other))
    return one[len(one) - short :] == other[len(other) - short :]


def shared(one: Parts, other: Parts) -> int:
    """How many folders both say."""
    return min(len(one), len(other))
