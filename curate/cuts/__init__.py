"""Parts of pictures, to learn objects and background from: which to cut, by how far they overlap what is known.

    cuts = chosen(propose(pixels), truths, Wish(...))
    with each answer of Pool(cutters(how)): ...      the worker that looks, chooses, cuts and examines

choose  which parts    nouns  Truth, Cut, Wish, Piece    cutters  the pool that cuts
"""

from curate.cuts.choose import chosen
from curate.cuts.cutters import Order, cutters, pieces
from curate.cuts.nouns import BACKGROUND, HARD, KINDS, LEAST, OBJECT, TRUE, Cut, Piece, Truth, Wish

__all__ = [
    "BACKGROUND",
    "HARD",
    "KINDS",
    "LEAST",
    "OBJECT",
    "TRUE",
    "Cut",
    "Order",
    "Piece",
    "Truth",
    "Wish",
    "chosen",
    "cutters",
    "pieces",
]
