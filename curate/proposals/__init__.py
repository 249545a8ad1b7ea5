"""Where objects may be: boxes from a picture's own parts, without knowing any object.

Selective search (Uijlings et al. 2013): the picture falls into small parts (`graph`), neighbours that look alike join
until one is left (`looks`, `grouping`), and each region on the way has a box. Several colour spaces and scales see what
one does not (`search`).
"""

from curate.proposals.search import FAST, QUALITY, Search, propose

__all__ = ["FAST", "QUALITY", "Search", "propose"]
