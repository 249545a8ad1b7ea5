"""What augmentation does to pixels: each a single pass of OpenCV over rows × columns × RGB."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import cv2
import numpy as np
from numpy.typing import NDArray

from curate.pixels import Pixels

Matrix = NDArray[np.float64]

BORDERS = {"mirror": cv2.BORDER_REFLECT_101, "edge": cv2.BORDER_REPLICATE}  # what shows beyond the picture


def warped(pixels: Pixels, matrix: Matrix, border: str) -> Pixels:
    """The picture moved by an affine matrix (2 × 3, source to target)."""
    height, width = pixels.shape[:2]
    mode = BORDERS[border]
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=mode))


def recoloured(pixels: Pixels, matrix: Matrix) -> Pixels:
    """Each pixel's colour through a matrix (3 × 4), cut to 0–255."""
    return np.asarray(cv2.transform(pixels, matrix))


def blurred(pixels: Pixels, sigma: float) -> Pixels:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma))


def grained(pixels: Pixels, sigma: float, chance: bytes) -> Pixels:
    """Noise of that deviation; `chance` has a random byte for every value of the picture."""
    grain = cv2.LUT(np.frombuffer(chance, np.uint8).reshape(pixels.shape), bell(sigma))
    return np.asarray(cv2.add(pixels, grain, dtype=cv2.CV_8U))


@lru_cache(maxsize=256)
def bell(sigma: float) -> NDArray[np.float32]:
    """A byte's quantile of the normal distribution: a table look-up, thirty times quicker than drawing normals."""
    normal = NormalDist(0.0, sigma)
    return np.array([normal.inv_cdf((byte + 0.5) / 256) for byte in range(256)], np.float32)


def covered(pixels: Pixels, left: int, top: int, right: int, bottom: int) -> Pixels:
    """A rectangle hidden under the picture's mean colour, which no model learns anything from."""
    shown = pixels.copy()
    shown[top:bottom, left:right] = np.array(cv2.mean(pixels)[:3]).round()
    return shown
