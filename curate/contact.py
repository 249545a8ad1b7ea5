"""A contact sheet: some pictures, each with its first variants beside it, as an export would make them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from curate.darkroom.render import Source, arrays
from curate.darkroom.treatment import Treatment
from curate.pixels import Pixels
from curate.pixels.encode import png
from imgtool.records import Refusal

GAP = 4  # px between pictures
PAPER = 255  # white


def sheet(sources: Sequence[Source], how: Treatment) -> bytes:
    """A PNG: a row for each source, a column for each of its copies. What cannot be read leaves its row empty."""
    columns = max((len(source.copies) for source in sources), default=0)
    step = how.size + GAP
    paper = np.full((len(sources) * step + GAP, columns * step + GAP, 3), PAPER, np.uint8)
    for row, source in enumerate(sources):
        made = arrays(source, how)
        for column, pixels in enumerate([] if isinstance(made, Refusal) else made):
            laid(paper, pixels, GAP + row * step, GAP + column * step)
    return png(paper)


def laid(paper: Pixels, pixels: Pixels, top: int, left: int) -> None:
    """Put a picture on the paper."""
    height, width = pixels.shape[:2]
    paper[top : top + height, left : left + width] = pixels if pixels.ndim == 3 else pixels[:, :, None]
