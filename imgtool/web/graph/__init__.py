"""A dataset's way and a model's layers as one SVG: no other file, no network, light or dark, read aloud too.

sheet    words, boxes and bars below each other
flow     a dataset's steps, what was lost at each, its classes
layers   a model's blocks, the picture's size and what learns
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from imgtool.web.graph.flow import told, way
from imgtool.web.graph.layers import blocks, summed
from imgtool.web.graph.sheet import MARK, Sheet

if TYPE_CHECKING:
    from imgtool.pipeline.graph import Graph

__all__ = ["MARK", "svg"]


def svg(drawn: Graph) -> str:
    """All of it, below each other."""
    sheet = Sheet()
    titles, words = [], []
    if drawn.flow is not None:
        way(sheet, drawn.flow, drawn.net)
        titles.append(f"The pictures of {drawn.flow.name}")
        words.append(told(drawn.flow))
    if drawn.net is not None:
        blocks(sheet, drawn.net)
        titles.append(f"The layers of {drawn.net.name}")
        words.append(summed(drawn.net))
    return sheet.svg(", ".join(titles), " ".join(words))
