"""Perceptual hashes: bit for bit imagehash's `phash` and `dhash` on equal grey pixels, many times faster.

phash is the sign of the 64 lowest frequencies against their median. imagehash transforms all 32 × 32
by FFT; two small matrix products give the same 64 but for rounding. Where rounding could turn a bit
(flat and symmetric pictures, whose coefficients are equal but for it), imagehash's own arithmetic decides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from curate.pixels import Pixels, shrink

SIDE = 32  # px: imagehash's hash_size 8 × highfreq_factor 4
KEPT = 8  # frequencies kept each way
SAFE = 1e-6  # coefficients reach 1e6, so doubles err below 1e-8: a gap of more is no rounding

# scipy's DCT-II without normalisation, its first eight rows
COSINES = 2 * np.cos(np.pi / (2 * SIDE) * np.outer(np.arange(KEPT), 2 * np.arange(SIDE) + 1))


def phash(grey: Pixels) -> int:
    """64 bits, as `imagehash.phash` on the same grey pixels."""
    return phash_of_thumb(thumb(grey))


def dhash(grey: Pixels) -> int:
    """64 bits, as `imagehash.dhash` on the same grey pixels."""
    small = shrink(grey, KEPT + 1, KEPT)
    return packed(small[:, 1:] > small[:, :-1])


def thumb(grey: Pixels) -> Pixels:
    """The 32 × 32 picture that phash looks at, kept as the second look at near-duplicates."""
    return shrink(grey, SIDE, SIDE)


def phash_of_thumb(small: Pixels) -> int:
    """The phash of its 32 × 32 picture."""
    low = COSINES @ small @ COSINES.T
    below, above = np.partition(low, (31, 32), axis=None)[31:33]
    if above - below < SAFE:
        low = by_fft(small)
        return packed(low > np.median(low))
    return packed(low > (below + above) / 2)


def by_fft(small: Pixels) -> NDArray[np.float64]:
    """The coefficients with imagehash's own rounding."""
    from scipy import fftpack

    whole: NDArray[np.float64] = fftpack.dct(fftpack.dct(small, axis=0), axis=1)
    return whole[:KEPT, :KEPT]


def packed(bits: NDArray[np.bool_]) -> int:
    """Sixty-four truths as a number, the first the highest."""
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def to_hex(value: int) -> str:
    """As `str(imagehash.ImageHash)` writes it."""
    return f"{value:016x}"


def from_hex(text: str) -> int:
    """The number that such a text stands for."""
    return int(text, 16)
