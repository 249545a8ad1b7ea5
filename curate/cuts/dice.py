"""Chance that is the same for the same picture, boxes and seed, on every machine."""

from __future__ import annotations

import hashlib

import numpy as np

from curate.boxes import Boxes


def chance(seed: int, size: tuple[int, int], some: Boxes) -> np.random.Generator:
    """What is drawn from for a picture of that size with these boxes."""
    told = f"{seed}:{size}:".encode() + some.astype("<i4").tobytes()
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.blake2b(told, digest_size=16).digest(), "big")))
