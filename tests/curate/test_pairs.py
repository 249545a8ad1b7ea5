"""Near pairs of hashes: brute force is the reference; completeness and bounds are the promise."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from curate.twins.pairs import Pairs, across, within
from curate.twins.tables import choices, tables

Hashes = NDArray[np.uint64]

numbers = st.integers(0, 2**64 - 1)
distances = st.integers(0, 12)


@st.composite
def crowded(draw: st.DrawFn) -> list[int]:
    """Hashes around a few centres, so that all distances occur."""
    centres = draw(st.lists(numbers, min_size=1, max_size=4))
    flips = st.sets(st.integers(0, 63), max_size=14)
    around = st.tuples(st.sampled_from(centres), flips).map(lambda it: it[0] ^ sum(1 << bit for bit in it[1]))
    return draw(st.lists(around | numbers, max_size=60))


def distinct(values: list[int]) -> Hashes:
    return np.unique(np.array(values, np.uint64))


def by_force(one: Hashes, other: Hashes, distance: int) -> set[tuple[int, int]]:
    near = np.bitwise_count(one[:, None] ^ other[None]) <= distance
    return {(int(a), int(b)) for a, b in np.argwhere(near)}


def told(pairs: Iterable[Pairs]) -> list[tuple[int, int]]:
    return [pair for one, other in pairs for pair in zip(one.tolist(), other.tolist(), strict=True)]


@settings(max_examples=150, deadline=None)
@given(crowded(), distances)
def test_pairs_are_those_that_brute_force_finds_each_once(values: list[int], distance: int) -> None:
    hashes = distinct(values)
    found = told(within(hashes, distance))
    assert len(found) == len(set(found))
    assert set(found) == {(a, b) for a, b in by_force(hashes, hashes, distance) if a < b}


@settings(max_examples=100, deadline=None)
@given(crowded(), crowded(), distances)
def test_pairs_across_are_those_that_brute_force_finds_each_once(
    some: list[int], more: list[int], distance: int
) -> None:
    queries, base = distinct(some), distinct(more)
    found = told(across(queries, base, distance))
    assert len(found) == len(set(found))
    assert set(found) == by_force(queries, base, distance)
    assert {(b, a) for a, b in found} == set(told(across(base, queries, distance)))


@pytest.mark.parametrize("kept", range(5))
@pytest.mark.parametrize("distance", [0, 1, 4, 8, 12])
def test_every_choice_of_tables_is_complete_and_tells_each_pair_once(kept: int, distance: int) -> None:
    rng = np.random.default_rng(kept)
    one = rng.integers(0, 2**64, 200, np.uint64, endpoint=False)
    other = one.copy()
    for row in range(200):
        bits = rng.choice(64, distance, replace=False)
        other[row] ^= np.uint64(sum(1 << int(bit) for bit in bits))
    difference = one ^ other
    meet = np.array([table.first(difference) for table in choices(distance + kept, kept)])
    assert (meet.sum(axis=0) == 1).all()


@given(st.lists(numbers, max_size=40), st.integers(0, 10), st.integers(1, 3))
def test_arranging_bits_loses_none(values: list[int], distance: int, kept: int) -> None:
    hashes = np.array(values, np.uint64)
    for table in list(choices(distance + kept, kept))[::7]:
        assert (table.restored(table.arranged(hashes)) == hashes).all()


@pytest.mark.parametrize("distance", [4, 8, 10])
def test_planted_neighbours_among_many_are_all_found(distance: int) -> None:
    rng = np.random.default_rng(distance)
    hashes = rng.integers(0, 2**64, 30_000, np.uint64, endpoint=False)
    for row in range(0, 2000, 2):
        bits = rng.choice(64, rng.integers(1, distance + 1), replace=False)
        hashes[row + 1] = hashes[row] ^ np.uint64(sum(1 << int(bit) for bit in bits))
    once = np.unique(hashes)
    found = set(told(within(once, distance)))
    planted = np.searchsorted(once, hashes[:2000]).reshape(-1, 2)
    assert all((int(min(pair)), int(max(pair))) in found for pair in planted)


def test_new_hashes_cost_the_new_ones() -> None:
    rng = np.random.default_rng(1)
    old, new = (np.unique(rng.integers(0, 2**64, n, np.uint64, endpoint=False)) for n in (100_000, 1_000))
    assert len(tables(len(new), len(old), 8)) < len(tables(len(old), len(old), 8)) * 2
    began = time.process_time()
    told(across(new, old, 8))
    alone = time.process_time() - began
    began = time.process_time()
    told(within(old, 8))
    assert alone < time.process_time() - began


def test_hashes_that_crowd_are_compared_in_bounded_memory() -> None:
    hashes = np.unique(np.random.default_rng(2).integers(0, 2**22, 12_000, np.uint64))
    tracemalloc.start()
    count = sum(len(one) for one, _ in within(hashes, 6))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count > 500_000
    assert peak < 16 * 1024**2


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_has_no_pairs(count: int) -> None:
    hashes = np.arange(count, dtype=np.uint64)
    assert told(within(hashes, 8)) == []
    assert told(across(hashes, np.zeros(0, np.uint64), 8)) == []
