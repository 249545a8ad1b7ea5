"""Colours written in other ways: what a shadow changes in one, it leaves alone in another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Planes: TypeAlias = NDArray[np.float32]  # rows × columns × channels, 0 … 255


def hsv(pixels: NDArray[np.uint8]) -> Planes:
    """Hue, saturation, value."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV_FULL), np.float32)


def lab(pixels: NDArray[np.uint8]) -> Planes:
    """CIE's lightness, and two axes of colour."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.float32)


def rgi(pixels: NDArray[np.uint8]) -> Planes:
    """Red's and green's share of the light, and the light."""
    total = pixels.sum(axis=2, dtype=np.float32)
    shares = pixels[..., :2] * (255 / np.maximum(total, 1))[..., None]
    return np.dstack([shares, total / 3]).astype(np.float32)


def hue(pixels: NDArray[np.uint8]) -> Planes:
    """The hue alone."""
    return hsv(pixels)[..., :1]


def grey(pixels: NDArray[np.uint8]) -> Planes:
    """The brightness alone."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.float32)[..., None]


SPACES: Mapping[str, Callable[[NDArray[np.uint8]], Planes]] = MappingProxyType(
    {"hsv": hsv, "lab": lab, "rgi": rgi, "hue": hue, "grey": grey}
)


def blurred(planes: Planes, sigma: float) -> Planes:
    """Less of a camera's grain."""
    shown: Planes = np.asarray(cv2.GaussianBlur(planes, (0, 0), sigma))
    return shown.reshape(planes.shape)
