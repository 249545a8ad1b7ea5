"""Turning, shearing, zooming, cropping and mirroring as one affine matrix: interpolated once, not five times."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pose:
    """How a picture is moved; the default is not at all."""

    rotate: float = 0.0  # degrees
    shear: float = 0.0  # degrees
    zoom: float = 1.0
    shift_x: float = 0.0  # shares of the sides
    shift_y: float = 0.0
    flip: bool = False


STILL = Pose()


def affine(pose: Pose, width: int, height: int) -> Matrix:
    """The pose as a matrix (2 × 3) from source to target, about the picture's middle."""
    middle = moved((width - 1) / 2, (height - 1) / 2)
    back = moved(-(width - 1) / 2, -(height - 1) / 2)
    shift = moved(pose.shift_x * width, pose.shift_y * height)
    turn = math.radians(pose.rotate)
    turned = square(math.cos(turn), -math.sin(turn), math.sin(turn), math.cos(turn))
    sheared = square(1.0, -math.sin(math.radians(pose.shear)), 0.0, math.cos(math.radians(pose.shear)))
    scaled = square(-pose.zoom if pose.flip else pose.zoom, 0.0, 0.0, pose.zoom)
    return (middle @ shift @ turned @ sheared @ scaled @ back)[:2]


def moved(x: float, y: float) -> Matrix:
    """A step as a matrix."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def square(a: float, b: float, c: float, d: float) -> Matrix:
    """A linear map as a matrix."""
    return np.array([[a, b, 0.0], [c, d, 0.0], [0.0, 0.0, 1.0]])
