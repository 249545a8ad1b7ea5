"""Which pictures may be twins, by their hashes alone: complete up to the distance, and cheap to look at twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from curate.twins.glance import Glance, Mask, Places
from curate.twins.pairs import Pairs, across, within
from curate.twins.tables import Hashes
from curate.twins.views import PARTS, TURNED, UPRIGHT, Thumbs, View, hashes

VIEWS: tuple[View, ...] = (UPRIGHT, *PARTS, *TURNED)
CLOSER = 2  # bits: dhashes, and hashes of parts, of which there are sixteen, must be so much nearer

BATCH = 1 << 16  # pairs at a time: 32 MB of coarse pictures
CROWD = 32  # pictures of one hash, beyond which their pairs are too many to be told: see `groups.disperse`


@dataclass(frozen=True, slots=True)
class Looks:
    """What is compared of each picture, side by side."""

    phash: Hashes
    dhash: Hashes
    thumbs: Thumbs
    glance: Glance

    @classmethod
    def of(cls, phash: Hashes, dhash: Hashes, thumbs: Thumbs) -> Looks:
        """With the first glance at the thumbnails."""
        return cls(phash, dhash, thumbs, Glance.of(thumbs))

    def __len__(self) -> int:
        return len(self.phash)

    def __getitem__(self, which: Places) -> Looks:
        return Looks(self.phash[which], self.dhash[which], self.thumbs[which], self.glance[which])


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of pictures that may be twins: a view of the one, and the other whole."""

    seen: Places
    shown: Places
    view: Places  # of VIEWS
    distance: Places

    @classmethod
    def none(cls) -> Edges:
        """No pair."""
        return cls(*(np.zeros(0, np.int64) for _ in range(4)))

    @classmethod
    def joined(cls, several: Iterable[Edges]) -> Edges:
        """All of them."""
        columns = zip(*((e.seen, e.shown, e.view, e.distance) for e in several), strict=True)
        return cls(*(np.concatenate(column) for column in columns))

    def __len__(self) -> int:
        return len(self.seen)

    @property
    def low(self) -> Places:
        """The lower place of each pair."""
        return np.minimum(self.seen, self.shown)

    @property
    def high(self) -> Places:
        """The higher place of each pair."""
        return np.maximum(self.seen, self.shown)

    def __getitem__(self, which: Mask | Places) -> Edges:
        return Edges(self.seen[which], self.shown[which], self.view[which], self.distance[which])


@dataclass(frozen=True, slots=True)
class Shelf:
    """Hashes, each once, in order; and whose they are."""

    hashes: Hashes
    owners: Places
    starts: Places  # one more than there are hashes

    @classmethod
    def of(cls, hashes: Hashes, owners: Places) -> Shelf:
        """A shelf of these."""
        order = np.argsort(hashes, kind="stable")
        once, starts = np.unique(hashes[order], return_index=True)
        return cls(once, owners[order], np.r_[starts, len(hashes)])

    def counts(self, places: Places) -> Places:
        """How many owners these hashes have."""
        return self.starts[places + 1] - self.starts[places]


def candidates(looks: Looks, distance: int, *, mirrored: bool = False, fresh: Mask | None = None) -> Edges:
    """Every pair within the distance, by its nearest view; only pairs with a fresh picture, if that is said."""
    fresh = np.ones(len(looks), bool) if fresh is None else fresh
    closer = max(distance - CLOSER, 0)
    upright, turned = range(1, 1 + len(PARTS)), range(1 + len(PARTS), len(VIEWS))
    found = [*wholes(looks, looks.phash, distance, fresh), *wholes(looks, looks.dhash, closer, fresh)]
    found += parts(looks, upright, closer, fresh)
    if mirrored:
        found += parts(looks, turned, distance, fresh)
    return nearest(found)


def wholes(looks: Looks, values: Hashes, distance: int, fresh: Mask) -> Iterator[Edges]:
    """Pairs of whole pictures: among fresh ones, and of fresh ones with the others. Crowds are not told."""
    shelf, others = (Shelf.of(values[which], which) for which in (np.flatnonzero(fresh), np.flatnonzero(~fresh)))
    each = np.arange(len(shelf.hashes))
    same = each[(shelf.counts(each) > 1) & (shelf.counts(each) <= CROWD)]
    for left, right, found in (
        (shelf, shelf, chain([(same, same)], within(shelf.hashes, distance))),
        (shelf, others, across(shelf.hashes, others.hashes, distance)),
    ):
        for one, other in owned(left, right, found):
            plausible = looks.glance.plausible(one, other)
            seen, shown = one[plausible], other[plausible]
            yield Edges(seen, shown, np.zeros_like(seen), distances(values[seen], values[shown]))


def parts(looks: Looks, views: range, distance: int, fresh: Mask) -> Iterator[Edges]:
    """Pairs of a picture's view and another picture: of fresh ones with all, of the others with fresh ones."""
    whole = ~looks.glance.flat  # a gradient's parts are gradients
    for lookers, lookees in ((whole & fresh, whole), (whole & ~fresh, whole & fresh)):
        who, whom = np.flatnonzero(lookers), np.flatnonzero(lookees)
        told = hashes(looks.thumbs[who], [VIEWS[view] for view in views])
        seen = Shelf.of(told.ravel(), (who[:, None] * len(VIEWS) + np.array(views)).ravel())
        shown = Shelf.of(looks.phash[whom], whom)
        for one, other in owned(seen, shown, across(seen.hashes, shown.hashes, distance)):
            place, view = np.divmod(one, len(VIEWS))
            told_here = told[np.searchsorted(who, place), view - views.start]
            yield Edges(place, other, view, distances(told_here, looks.phash[other]))


def owned(left: Shelf, right: Shelf, found: Iterable[Pairs]) -> Iterator[Pairs]:
    """From pairs of hashes to pairs of their owners, a batch at a time."""
    for one, other in found:
        counts = left.counts(one) * right.counts(other)
        upto = np.cumsum(counts)
        for start in range(0, int(upto[-1]) if len(upto) else 0, BATCH):
            at = np.arange(start, min(start + BATCH, int(upto[-1])))
            pair = np.searchsorted(upto, at, side="right")
            row, column = np.divmod(at - (upto[pair] - counts[pair]), right.counts(other[pair]))
            yield left.owners[left.starts[one[pair]] + row], right.owners[right.starts[other[pair]] + column]


def distances(one: Hashes, other: Hashes) -> Places:
    """Bits that differ."""
    return np.asarray(np.bitwise_count(one ^ other), np.int64)


def nearest(found: Iterable[Edges]) -> Edges:
    """Each pair once: by its lowest distance, then by its first view."""
    edges = Edges.joined([Edges.none(), *found])
    edges = edges[edges.seen != edges.shown]
    edges = edges[np.lexsort((edges.seen, edges.view, edges.distance, edges.high, edges.low))]
    first = np.ones(len(edges), bool)
    first[1:] = (edges.low[1:] != edges.low[:-1]) | (edges.high[1:] != edges.high[:-1])
    return edges[first]
