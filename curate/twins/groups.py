"""From pairs that may be twins to groups around keepers.

Likeness is no chain: A may be like B, and B like C, and A and C be strangers. So every member is looked at
beside its keeper, and what is not like the keeper stays free for another. Pictures stand in the order in which
they would be kept: of two, the lower place is the keeper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from curate.twins.alike import Likeness, Scores, likeness
from curate.twins.candidates import CROWD, VIEWS, Edges, Looks
from curate.twins.glance import Mask, Places
from curate.twins.tables import Hashes

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Stars:
    """For each picture its keeper, and what was seen when the two were compared."""

    keeper: Places  # NOBODY: it is its own
    view: Places
    distance: Places
    likeness: Scores

    @classmethod
    def none(cls, count: int) -> Stars:
        """Everybody alone."""
        return cls(np.full(count, NOBODY), np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count))

    @property
    def free(self) -> Mask:
        """Who has no keeper."""
        return np.asarray(self.keeper == NOBODY)

    def give(self, edges: Edges, found: Likeness) -> None:
        """The higher place of each edge to the lower; of several keepers the best."""
        best = np.lexsort((edges.low, edges.high))
        members, first = np.unique(edges.high[best], return_index=True)
        chosen = best[first]
        self.keeper[members] = edges.low[chosen]
        self.view[members] = edges.view[chosen]
        self.distance[members] = edges.distance[chosen]
        self.likeness[members] = found.mean[chosen].clip(0, 1)


def compared(looks: Looks, edges: Edges) -> Likeness:
    """How alike the pictures of each edge are."""
    views = [VIEWS[view] for view in edges.view]
    return likeness(looks.thumbs[edges.seen], looks.thumbs[edges.shown], views)


def gather(looks: Looks, edges: Edges, stars: Stars) -> None:
    """Keepers for all who have one among the edges: in rounds, each of those whom nobody could take any more."""
    edges = edges[stars.free[edges.low] & stars.free[edges.high]]
    while len(edges):
        waiting = np.zeros(len(looks), bool)
        waiting[edges.high] = True
        ready = ~waiting[edges.low]
        take(looks, edges[ready], stars)
        edges = edges[~ready & stars.free[edges.low] & stars.free[edges.high]]


def take(looks: Looks, edges: Edges, stars: Stars) -> None:
    """Compare, and give to keepers those that are the same."""
    if not len(edges):
        return
    found = compared(looks, edges)
    stars.give(edges[found.same], Likeness(found.mean[found.same], found.core[found.same]))


def disperse(looks: Looks, kinds: Places, stars: Stars, fresh: Mask) -> Edges:
    """Crowds of one hash, keeper by keeper: memory for the crowd, not for its pairs. Back come pairs of two kinds."""
    foreign = [Edges.none()]
    for values in (looks.phash, looks.dhash):
        for crowd in crowds(values, stars.free):
            seen = looks.glance[crowd]
            for place, keeper in enumerate(crowd.tolist()):
                if not stars.free[keeper]:
                    continue
                others = crowd[place + 1 :][seen.beside(place)]
                others = others[stars.free[others] & (fresh[others] | fresh[keeper])]
                own = kinds[others] == kinds[keeper]
                take(looks, star(keeper, others[own]), stars)
                foreign.append(star(keeper, others[~own]))
    return Edges.joined(foreign)


def crowds(values: Hashes, free: Mask) -> Iterator[Places]:
    """Places of one hash, where there are many."""
    places = np.flatnonzero(free)
    order = places[np.argsort(values[places], kind="stable")]
    for crowd in np.split(order, np.flatnonzero(np.diff(values[order]) != 0) + 1):
        if len(crowd) > CROWD:
            yield crowd


def star(keeper: int, others: Places) -> Edges:
    """Edges from one to others of the same hash."""
    nothing = np.zeros_like(others)
    return Edges(np.full_like(others, keeper), others, nothing, nothing)


def settle(looks: Looks, stars: Stars) -> Places:
    """Members whose keeper got a keeper itself: looked at beside that one. Back comes who is not like it."""
    members = np.flatnonzero(~stars.free)
    moved = members[~stars.free[stars.keeper[members]]]
    if not len(moved):
        return moved
    above = stars.keeper[moved]
    edges = Edges(stars.keeper[above], moved, np.zeros_like(moved), stars.distance[above])
    stars.keeper[moved] = NOBODY
    take(looks, edges, stars)
    return moved[stars.free[moved]]
