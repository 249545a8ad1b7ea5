"""Pictures with their boxes drawn, as files beside the photos; nothing of a user's is ever written over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from imgtool.errors import UsageError, machine_error
from imgtool.pipeline.captions import called, put
from imgtool.pipeline.located import Located
from imgtool.pipeline.pictures import Pick

MARK = "-located"  # in every name, so that no drawing takes the place of a photo
SUFFIX = ".png"
LARGEST = 64 * 1024 * 1024  # bytes: no drawing of ours is so large


class Easel:
    """Where the drawings of one run go: beside the photos, into a folder, or into the one file that was named."""

    def __init__(self, out: Path | None = None, *, alone: bool = True) -> None:
        self._file = out if out and out.suffix.lower() == SUFFIX and not out.is_dir() else None
        self._folder = None if self._file else out
        self._taken: set[Path] = set()
        if self._file and not alone:
            raise UsageError(f"{self._file} is one file, for one picture.", hint="Name a folder with --out.")
        if self._folder and self._folder.exists() and not self._folder.is_dir():
            raise UsageError(f"{self._folder} is no folder and no {SUFFIX} file.", hint=f"Drawings are {SUFFIX} files.")

    def saved(self, said: Located, pick: Pick) -> Located:
        """What was found, with the file that shows it; where nothing was, there is none."""
        if not said.finds or said.pixels is None:
            return said
        from curate.pixels.signed import signed

        name = str(Path(pick.path).absolute()) if pick.path else pick.name
        target = self._free(pick, name)
        self._taken.add(target)
        put(target, signed(said.drawn(), name))
        return replace(said, saved=str(target))

    def _free(self, pick: Pick, name: str) -> Path:
        if self._file:
            if not self._may(self._file, name):
                raise UsageError(f"{self._file} is there, and not a drawing of ours.", hint="Name another file.")
            return self._file
        return next(place for place in self._places(pick) if self._may(place, name))

    def _places(self, pick: Pick) -> Iterator[Path]:
        if self._folder:
            first = self._folder / called(pick)
        else:
            first = Path(pick.path).with_suffix("") if pick.path and not pick.url else Path(called(pick))
        yield first.with_name(f"{first.name}{MARK}{SUFFIX}")
        yield from (first.with_name(f"{first.name}{MARK}-{number}{SUFFIX}") for number in count(2))

    def _may(self, place: Path, name: str) -> bool:
        """Is nothing there but what an earlier run has drawn of the same picture?"""
        from curate.pixels.signed import ours

        if place in self._taken:
            return False
        try:
            if not place.is_symlink() and not place.exists():
                return True
            return place.is_file() and place.stat().st_size <= LARGEST and ours(place.read_bytes(), name)
        except OSError as error:
            raise machine_error(error, f"{place} cannot be written") from error
