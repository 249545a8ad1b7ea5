"""What regions look like: histograms of colour and of texture, and how much room they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.boxes import Boxes
from curate.pixels.spaces import Planes
from curate.proposals.graph import Numbers

Bins: TypeAlias = NDArray[np.intp]  # of each pixel, one in each channel
Histograms: TypeAlias = NDArray[np.float32]  # of each region; the bins of all channels together are 1

COLOURS, STEEP = 25, 10  # bins of a channel, and of a direction: those of Uijlings et al. 2013
TURNS = 8  # directions in which a channel may rise


@dataclass(frozen=True, slots=True)
class Looks:
    """Of n regions; each array has n rows."""

    sizes: NDArray[np.float64]  # pixels
    boxes: Boxes
    colour: Histograms
    texture: Histograms


def colours(planes: Planes) -> Bins:
    """How much each pixel has of each channel."""
    places = np.minimum((planes * (COLOURS / 256)).astype(np.intp), COLOURS - 1)
    return spread(places, COLOURS)


def textures(planes: Planes) -> Bins:
    """Where to and how steeply each channel rises at each pixel."""
    down, across = slope(planes, 0), slope(planes, 1)
    turn = (down > 0) * 4 + (across > 0) * 2 + (abs(down) > abs(across))
    steep = np.sqrt(down * down + across * across)
    top = np.maximum(steep.reshape(-1, steep.shape[2]).max(axis=0), 1)
    place = np.minimum((steep * (STEEP / top)).astype(np.intp), STEEP - 1)
    return spread(turn * STEEP + place, TURNS * STEEP)


def slope(planes: Planes, axis: int) -> Planes:
    """How much each pixel differs from the one before it."""
    return np.diff(planes, axis=axis, prepend=np.take(planes, [0], axis=axis))


def spread(places: Bins, width: int) -> Bins:
    """Bins numbered through all channels: pixels × channels."""
    channels = places.shape[2]
    return (places + np.arange(channels) * width).reshape(-1, channels)


def looks(labels: Numbers, colour: Bins, texture: Bins) -> Looks:
    """Of every region, numbered from 0."""
    flat = labels.ravel()
    sizes = np.bincount(flat).astype(np.float64)
    return Looks(sizes, around(labels, len(sizes)), counted(flat, sizes, colour), counted(flat, sizes, texture))


def counted(flat: Numbers, sizes: NDArray[np.float64], bins: Bins) -> Histograms:
    """The share of each region's pixels in each bin."""
    width = int(bins.max()) + 1
    table = np.bincount((flat[:, None] * width + bins).ravel(), minlength=len(sizes) * width)
    shares: Histograms = (table.reshape(-1, width) / (sizes[:, None] * bins.shape[1])).astype(np.float32)
    return shares


def around(labels: Numbers, count: int) -> Boxes:
    """The box of each region: of an index that comes often numpy keeps the last, so top and left come backwards."""
    found = np.empty((count, 4))
    for column, grid in enumerate((labels.T, labels)):
        flat, place = grid.ravel(), np.repeat(np.arange(grid.shape[0]), grid.shape[1])
        found[flat[::-1], column] = place[::-1]
        found[flat, column + 2] = place + 1
    return found
