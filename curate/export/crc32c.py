"""CRC-32C (Castagnoli), which TFRecord wants and Python's zlib has not: by numpy, over many lanes at once.

A CRC without its first and last inversion is linear: the bytes are cut into lanes of equal length, all lanes take
their steps together, and lanes are joined in pairs by what so many zero bytes would have made of the left one.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

POLYNOMIAL = 0x82F63B78  # reversed
LANE = 128  # bytes; 30 kB and 300 kB pictures are both quick with it
FEW = 64  # bytes below which plain Python is quicker


def byte_table() -> list[int]:
    """What a byte makes of an empty register."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)  # noqa: PLW2901  a register, shifted
        table.append(value)
    return table


PLAIN = byte_table()
TABLE = np.array(PLAIN, np.uint32)


def crc32c(data: bytes) -> int:
    """The checksum of the bytes."""
    return by_byte(data) if len(data) < FEW else by_lanes(data)


def by_byte(data: bytes) -> int:
    """One step a byte."""
    crc = 0xFFFFFFFF
    for value in data:
        crc = PLAIN[(crc ^ value) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def by_lanes(data: bytes) -> int:
    """One step for a byte of every lane."""
    count = 1 << (-(-len(data) // LANE) - 1).bit_length()  # a power of two; empty lanes in front change nothing
    flat = np.zeros(count * LANE, np.uint8)
    flat[-len(data) :] = np.frombuffer(data, np.uint8)
    flat[-len(data) :][:4] ^= 0xFF  # the first inversion
    crcs: Words = np.zeros(count, np.uint32)
    for column in np.ascontiguousarray(flat.reshape(count, LANE).T):
        crcs = TABLE[(crcs ^ column) & 0xFF] ^ crcs >> 8
    level = 0
    while len(crcs) > 1:
        crcs = followed(crcs[::2], level) ^ crcs[1::2]
        level += 1
    return int(crcs[0]) ^ 0xFFFFFFFF


def followed(crcs: Words, level: int) -> Words:
    """Registers after 2^level lanes of zero bytes."""
    tables = zeros(level)
    high: Words = tables[2][crcs >> 16 & 0xFF] ^ tables[3][crcs >> 24]
    low: Words = tables[0][crcs & 0xFF] ^ tables[1][crcs >> 8 & 0xFF]
    return low ^ high


@lru_cache(maxsize=64)
def zeros(level: int) -> tuple[Words, ...]:
    """What 2^level lanes of zero bytes make of each byte of a register."""
    starts = [np.arange(256, dtype=np.uint32) << np.uint32(8 * place) for place in range(4)]
    if level:
        return tuple(followed(followed(start, level - 1), level - 1) for start in starts)
    for _ in range(LANE):
        starts = [TABLE[start & 0xFF] ^ start >> 8 for start in starts]
    return tuple(starts)
