"""What is found in a picture, as values: names with boxes, or what came nearest to a find."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from curate.caption import percent
from imgtool.records import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.boxes import Boxes
    from curate.pixels import Pixels

BACKGROUND = "background"  # the class that is never found, and takes away from others
QUALITY = 85  # of a notebook's pictures
SMALL = 480  # px: a picture's longer side, at least, when boxes are drawn on it


@dataclass(frozen=True, slots=True)
class Find:
    """One thing in a picture."""

    label: str
    probability: float
    box: tuple[int, int, int, int]  # left, top, right, bottom in pixels of the file, upright

    @property
    def text(self) -> str:
        """What stands at its box."""
        return f"{self.label} {percent(self.probability)}"


@dataclass(frozen=True, slots=True)
class Located:
    """What is found in one picture."""

    picture: str  # as it was pointed at: a path, an address; "" for an array
    finds: tuple[Find, ...] = ()  # the likeliest first
    nearest: Find | None = None  # when nothing is found: what came nearest to its class's threshold
    width: int = 0  # of the file, upright
    height: int = 0
    looked: int = 0  # boxes that the model was asked about
    refusal: Refusal | None = None  # why nothing was looked at
    saved: str = ""  # the file with the boxes drawn
    pixels: Pixels | None = field(default=None, repr=False, compare=False)  # to be drawn on

    @property
    def boxes(self) -> Boxes:
        """The boxes of its finds, as rows."""
        return np.array([find.box for find in self.finds], np.float64).reshape(-1, 4)

    def drawn(self) -> Pixels:
        """The picture with boxes and names."""
        from curate.pixels.boxed import Tag, boxed
        from curate.pixels.canvas import resized

        assert self.pixels is not None
        rows, columns = self.pixels.shape[:2]
        more = max(1.0, SMALL / max(rows, columns))
        across, down = max(1, round(columns * more)), max(1, round(rows * more))
        scale = across / max(1, self.width), down / max(1, self.height)
        numbers = {label: number for number, label in enumerate(dict.fromkeys(find.label for find in self.finds))}
        tags = [Tag(scaled(find.box, scale), find.text, numbers[find.label]) for find in self.finds]
        return boxed(resized(self.pixels, across, down), tags)

    def _repr_html_(self) -> str:
        title = f"<p><b>{escape(self.picture)}</b> {escape(self.words)}</p>"
        if self.pixels is None:
            return title
        from curate.pixels.encode import jpeg

        data = base64.b64encode(jpeg(self.drawn(), QUALITY)).decode()
        return f'{title}<img src="data:image/jpeg;base64,{data}" alt="">'

    @property
    def words(self) -> str:
        """The same in a line."""
        if self.refusal:
            return self.refusal.detail or self.refusal.reason
        if self.finds:
            return ", ".join(find.text for find in self.finds)
        return f"nothing found; the nearest to it: {self.nearest.text}" if self.nearest else "nothing found"


def scaled(box: Sequence[float], by: tuple[float, float]) -> tuple[float, float, float, float]:
    """A box in a picture of another size."""
    left, top, right, bottom = box
    return left * by[0], top * by[1], right * by[0], bottom * by[1]
