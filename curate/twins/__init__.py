"""Pictures that show the same: found by their hashes, believed by their looks.

tables      which bits to sort by                 candidates  who may be a twin of whom
pairs       all near hashes, complete             groups      keepers, each beside its members
views       the phashes of parts and mirrors      rank        which one stays
align       one thumbnail laid on another         find        all of it
again       all of it, where most was compared before
alike       do two thumbnails show the same?

Functions of values: no dataset, no file, no network.
"""

from curate.twins.alike import alike
from curate.twins.find import NEAR, Findings, find, near_pairs

__all__ = ["NEAR", "Findings", "alike", "find", "near_pairs"]
