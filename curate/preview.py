"""What augmentation would do, before anything is written: originals and their variants side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from curate.admit import contents
from curate.darkroom.render import LENIENT, Source, finished, least
from curate.darkroom.treatment import Treatment
from curate.pixels import Pixels
from curate.pixels.canvas import scaled, squared
from curate.pixels.sheet import sheet
from curate.pixels.whole import whole
from imgtool.records import Entry, Refusal

SIDE = 160  # px: ten fit beside each other on a usual screen
ROWS, COPIES = 8, 6


def preview(
    entries: Iterable[Entry], root: Path, how: Treatment, no_flip: frozenset[str] = frozenset(), copies: int = COPIES
) -> bytes:
    """A contact sheet as a PNG: the first entries that can be read, each with variants as an export makes them."""
    bounded = replace(how, size=how.size or 2 * SIDE, colour="rgb")
    made = (row(entry, root, bounded, entry.label not in no_flip, copies) for entry in entries)
    return sheet(list(islice((cells for cells in made if cells), ROWS)), SIDE)


def row(entry: Entry, root: Path, how: Treatment, flip: bool, copies: int) -> list[tuple[Pixels, str]]:
    """An original and its variants; nothing for a picture that cannot be read."""
    data = contents(root / entry.path, LENIENT.max_bytes)
    if isinstance(data, Refusal):
        return []
    found = whole(data, LENIENT, least(how))
    if isinstance(found, Refusal):
        return []
    source = Source(data, entry.picture.sha256, tuple(range(copies + 1)), flip)
    shown = scaled(found.pixels, how.size, how.fit)
    words = (entry.label, *(f"{how.augment} {copy}" for copy in range(1, copies + 1)))
    made = (finished(shown, source, copy, how) for copy in source.copies)
    return [(small(pixels), text) for pixels, text in zip(made, words, strict=True)]


def small(pixels: Pixels) -> Pixels:
    """As it fits the sheet."""
    return squared(scaled(pixels, SIDE, "pad"), SIDE, "pad")
