"""Which bits to sort by, so that hashes within a distance must meet.

Cut 64 bits into distance + k blocks: as many flipped bits spoil at most `distance` of them, so k blocks stay
whole. Sorting once for every choice of k blocks therefore brings every near pair into one run at least;
no pair is left to luck. More blocks kept mean shorter runs and more sorts: `tables` weighs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import comb

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

BITS = 64
MOST = 5  # blocks kept: beyond it there are thousands of sorts
WIDEST = 22  # bits of a key, for `across` counts them in an array
CHUNK = 1 << 14  # hashes rearranged at a time: 128 kB, so that what is half made stays in the cache
# Seconds on one core of the reference machine; only their proportions matter
SORT = 15e-9  # to bring one hash to its place
LOOK = 1.2e-9  # to compare two neighbours
VISIT = 5e-9  # to compare two that lie apart
START = 50e-6  # to begin a table at all


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring bits, counted from the lowest."""

    low: int
    high: int  # the first bit beyond

    @property
    def mask(self) -> int:
        """Ones where the block is."""
        return (1 << self.high) - (1 << self.low)


@dataclass(frozen=True, slots=True)
class Table:
    """One choice of blocks."""

    kept: tuple[Block, ...]
    passed: tuple[Block, ...]  # blocks before the last one kept that are not kept themselves
    rest: tuple[Block, ...]

    @property
    def width(self) -> int:
        """Bits of the key."""
        return sum(block.high - block.low for block in self.kept)

    def arranged(self, hashes: Hashes) -> Hashes:
        """All bits, the kept ones on top."""
        return moved(hashes, [(block.low, place, wide) for block, place, wide in placed(self.rest + self.kept)])

    def restored(self, hashes: Hashes) -> Hashes:
        """`arranged` undone."""
        return moved(hashes, [(place, block.low, wide) for block, place, wide in placed(self.rest + self.kept)])

    def first(self, differences: Hashes) -> NDArray[np.bool_]:
        """Is this the first table where such a pair meets? Then it is told here and nowhere else."""
        told = np.ones(len(differences), bool)
        for block in self.kept:
            told &= differences & np.uint64(block.mask) == 0
        for block in self.passed:
            told &= differences & np.uint64(block.mask) != 0
        return told


def tables(queries: int, base: int, distance: int, look: float = LOOK) -> list[Table]:
    """The cheapest complete set for so many comparisons of hashes as alike as dice."""
    kept = min(range(MOST + 1), key=lambda count: cost(queries, base, distance, count, look))
    return list(choices(distance + kept, kept))


def cost(queries: int, base: int, distance: int, kept: int, look: float) -> float:
    """Seconds, about."""
    blocks = distance + kept
    width = BITS * kept / max(blocks, 1)
    if blocks > BITS or width > WIDEST:
        return float("inf")
    return comb(blocks, kept) * (START + (queries + base) * SORT + queries * base / 2**width * look)


def choices(blocks: int, kept: int) -> Iterator[Table]:
    """Every choice of so many blocks."""
    edges = [round(BITS * edge / blocks) for edge in range(blocks + 1)] if blocks else [0, BITS]
    cut = [Block(low, high) for low, high in pairwise(edges)]
    for chosen in combinations(range(len(cut)), kept):
        last = chosen[-1] if chosen else -1
        others = [place for place in range(len(cut)) if place not in chosen]
        yield Table(
            kept=tuple(cut[place] for place in chosen),
            passed=tuple(cut[place] for place in others if place < last),
            rest=tuple(cut[place] for place in others),
        )


def placed(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, int, int]]:
    """Each block with its place when all are put side by side, and its width; neighbours go as one."""
    place = 0
    for block in joined(blocks):
        wide = block.high - block.low
        yield block, place, wide
        place += wide


def joined(blocks: tuple[Block, ...]) -> list[Block]:
    """The same bits in fewer blocks, where one follows the other."""
    out: list[Block] = []
    for block in blocks:
        if out and out[-1].high == block.low:
            out[-1] = Block(out[-1].low, block.high)
        else:
            out.append(block)
    return out


def moved(hashes: Hashes, moves: list[tuple[int, int, int]]) -> Hashes:
    """Bits carried from a place to another: (from, to, how many)."""
    out = np.zeros_like(hashes)
    for start in range(0, len(hashes), CHUNK):
        old, new = hashes[start : start + CHUNK], out[start : start + CHUNK]
        for low, place, wide in moves:
            new |= (old >> np.uint64(low) & np.uint64((1 << wide) - 1)) << np.uint64(place)
    return out
