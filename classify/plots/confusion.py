"""The confusion as a picture: rows are the labels, columns what it was called, shades the share of the row."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS = 7  # points, in a cell
CELL, EDGE = 0.42, 2.2  # inches: a cell, and what is around the table
SMALLEST, LARGEST = 4.0, 24.0  # inches
NUMBERED = 30  # classes up to which a cell has its count and share in it
NAMED = 100  # classes up to which rows have names
LONGEST = 24  # letters of a name
SHARP = 160  # dots an inch
SCRIPTS = ("DejaVu Sans", "Noto Sans", "Noto Sans CJK JP", "Noto Sans Arabic", "Arial Unicode MS", "Microsoft YaHei")


def confusion_png(counts: Sequence[Sequence[int]], labels: Sequence[str]) -> bytes:
    """The table as a PNG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    side = min(max(EDGE + CELL * len(labels), SMALLEST), LARGEST)
    fonts = installed()
    with mpl.rc_context({"font.sans-serif": list(fonts), "font.size": 9}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support", category=UserWarning)
        figure = Figure(figsize=(side, side), layout="constrained", facecolor="white")
        table(figure.add_subplot(), np.array(counts), drawable(labels, fonts))
        file = io.BytesIO()
        figure.savefig(file, dpi=SHARP, metadata={"Software": None})
    return file.getvalue()


def table(axes: Axes, counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]], names: Sequence[str]) -> None:
    """Shades, counts and names."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xlabel("called")
    axes.set_ylabel("label")
    places = range(len(names)) if len(names) <= NAMED else ()
    axes.set_xticks(places, [names[place] for place in places], rotation=90, parse_math=False)
    axes.set_yticks(places, [names[place] for place in places], parse_math=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if len(names) <= NUMBERED:
        for row, column in np.argwhere(counts > 0):
            ink = "white" if shares[row, column] > 0.5 else "black"
            told = f"{counts[row, column]:,}\n{shares[row, column] * 100:.0f} %"
            axes.text(column, row, told, ha="center", va="center", color=ink, size=LETTERS)


def installed() -> dict[str, Path]:
    """Fonts that this machine has, with their files, the usual one first."""
    from matplotlib import font_manager

    known = {font.name: Path(font.fname) for font in font_manager.fontManager.ttflist if font.style == "normal"}
    return {name: known[name] for name in SCRIPTS if name in known}


def drawable(labels: Sequence[str], fonts: dict[str, Path]) -> list[str]:
    """Names as these fonts can write them; a class by its number, as the CSV has it, where they cannot."""
    from matplotlib.ft2font import FT2Font

    faces = [FT2Font(str(file)) for file in fonts.values()]

    def known(name: str) -> bool:
        return all(char.isprintable() and any(face.get_char_index(ord(char)) for face in faces) for char in name)

    cut = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in labels]
    return [name if known(name) else f"class {number}" for number, name in enumerate(cut, 1)]
