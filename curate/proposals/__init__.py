"""Where objects may be: boxes from a picture's own parts, without knowing any object.

Selective search (Uijlings et al. 2013): the picture falls into small parts (`graph`), neighbours that look alike join
until one is left (`looks`, `grouping`), and each region on the way has a box; several colour spaces and measures see
what one does not (`search`); small, thin and repeated boxes are left out (`sifting`).
"""

from curate.proposals.search import propose
from curate.proposals.strategies import FAST, QUALITY, Search

__all__ = ["FAST", "QUALITY", "Search", "propose"]
