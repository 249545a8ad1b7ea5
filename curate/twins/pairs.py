"""All pairs of 64-bit hashes within a distance: complete, each told once, in bounded memory.

Why not a library: docs/duplicates.md has the measurements. faiss's binary indexes compare everything with
everything, or probe thousands of buckets a hash; sorting whole arrays is what numpy does best.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.twins.tables import BITS, VISIT, Hashes, Table, choices, tables

Pairs: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]

STRIDE = 1 << 14  # hashes at a time: 128 kB, so that one stride and its neighbours stay in the cache
THIN = 4  # when fewer than one in so many of a stride still have company, only those are compared


def within(hashes: Hashes, distance: int) -> Iterator[Pairs]:
    """Places of distinct hashes in the sorted array `hashes` that differ in at most so many bits."""
    for table in fitting(hashes, distance):
        arranged = np.sort(table.arranged(hashes))
        for one, other in meetings(arranged, runs_end(arranged, table.width), distance):
            first = table.first(table.restored(one) ^ table.restored(other))
            found = (np.searchsorted(hashes, table.restored(side[first])) for side in (one, other))
            low, high = sorted_pairs(*found)
            if len(low):
                yield low, high


def fitting(hashes: Hashes, distance: int) -> list[Table]:
    """Tables for these hashes; comparing all with all, should they crowd into few runs."""
    chosen = tables(len(hashes), len(hashes), distance)
    looks = 0
    for table in (sample := chosen[:: max(1, len(chosen) // 3)]):
        arranged = np.sort(table.arranged(hashes))
        looks += int((runs_end(arranged, table.width) - np.arange(len(hashes))).sum())
    crowded = looks / len(sample) * len(chosen) > len(hashes) ** 2 / 2
    return list(choices(0, 0)) if crowded else chosen


def runs_end(arranged: Hashes, width: int) -> NDArray[np.int64]:
    """For each hash, the place after the last one with the same key."""
    key = keys(arranged, width)
    last = np.flatnonzero(np.r_[key[1:] != key[:-1], True]) + 1
    return np.repeat(last, np.diff(last, prepend=0))


def keys(arranged: Hashes, width: int) -> NDArray[np.int64]:
    """The highest bits, as numbers."""
    return (arranged >> np.uint64(BITS - width)).astype(np.int64) if width else np.zeros(len(arranged), np.int64)


def meetings(arranged: Hashes, ends: NDArray[np.int64], distance: int) -> Iterator[tuple[Hashes, Hashes]]:
    """Near pairs inside the runs, and a few across their ends: each hash with the next, the one after, and so on."""
    for start in range(0, len(arranged), STRIDE):
        places = np.arange(start, min(start + STRIDE, len(arranged)))
        left = ends[places] - places - 1  # how many follow in the run
        for step in range(1, int(left.max()) + 1):
            alive = left >= step
            if not adjoining(places) or np.count_nonzero(alive) * THIN < len(places):
                places, left = places[alive], left[alive]
            one, other = steps(arranged, places, step)
            near = np.flatnonzero(np.bitwise_count(one ^ other) <= distance)
            if len(near):
                yield one[near], other[near]


def steps(arranged: Hashes, places: NDArray[np.int64], step: int) -> tuple[Hashes, Hashes]:
    """The hashes at these places and those so many steps on; slices when the places are neighbours."""
    if adjoining(places):
        low = int(places[0])
        other = arranged[low + step : low + step + len(places)]
        return arranged[low : low + len(other)], other
    return arranged[places], arranged[places + step]


def adjoining(places: NDArray[np.int64]) -> bool:
    """Do they follow one another without a gap?"""
    return int(places[-1] - places[0]) + 1 == len(places)


def sorted_pairs(one: NDArray[np.int64], other: NDArray[np.int64]) -> Pairs:
    """Each pair with its lower place first."""
    return np.minimum(one, other), np.maximum(one, other)


def across(queries: Hashes, base: Hashes, distance: int) -> Iterator[Pairs]:
    """Places in two sorted arrays of distinct hashes, a query's and a base's, that differ in at most so many bits."""
    for table in tables(len(queries), len(base), distance, VISIT):
        asked, held = (np.sort(table.arranged(hashes)) for hashes in (queries, base))
        for query, near in visits(asked, held, table.width, distance):
            one, other = table.restored(query), table.restored(near)
            first = table.first(one ^ other)
            if first.any():
                yield np.searchsorted(queries, one[first]), np.searchsorted(base, other[first])


def visits(asked: Hashes, held: Hashes, width: int, distance: int) -> Iterator[tuple[Hashes, Hashes]]:
    """Near pairs of a query and a base hash with the same key: each query with the first of its run, the second …"""
    edges = np.r_[0, np.cumsum(np.bincount(keys(held, width), minlength=1 << width))]
    for start in range(0, len(asked), STRIDE):
        one = asked[start : start + STRIDE]
        key = keys(one, width)
        place, end = edges[key], edges[key + 1]
        while len(one):
            alive = place < end
            if not alive.all():
                one, place, end = one[alive], place[alive], end[alive]
            other = held[place]
            near = np.flatnonzero(np.bitwise_count(one ^ other) <= distance)
            if len(near):
                yield one[near], other[near]
            place = place + 1
