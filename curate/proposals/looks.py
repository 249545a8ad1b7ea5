"""What regions look like: histograms of colour and of texture, and how much room they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.boxes import Boxes
from curate.proposals.graph import Labels, Planes

Histograms: TypeAlias = NDArray[np.float32]  # of each region, bins; its sum is 1

COLOURS, EDGES = 25, 10  # bins a channel: those of Uijlings et al. 2013
TURNS = 8  # directions of an edge


@dataclass(frozen=True, slots=True)
class Looks:
    """Of n regions; each array has n rows."""

    sizes: NDArray[np.float64]  # pixels
    boxes: Boxes
    colour: Histograms
    texture: Histograms


def colours(planes: Planes) -> NDArray[np.intp]:
    """The bin of each pixel (rows) in each channel (columns)."""
    places = np.minimum((planes.reshape(-1, planes.shape[2]) * (COLOURS / 256)).astype(np.intp), COLOURS - 1)
    return places + np.arange(planes.shape[2]) * COLOURS


def textures(planes: Planes) -> NDArray[np.intp]:
    """How steeply each channel rises at each pixel in each of eight directions, as bins."""
    down, across = np.gradient(planes, axis=(0, 1)) if min(planes.shape[:2]) > 1 else (planes * 0, planes * 0)
    angles = np.arange(TURNS) * (2 * np.pi / TURNS)
    rise = np.stack([down * np.sin(angle) + across * np.cos(angle) for angle in angles], axis=-1)
    steep = np.clip(rise, 0, None).reshape(planes.shape[0] * planes.shape[1], -1)
    top = steep.max(axis=0)
    places = np.minimum((steep * (EDGES / np.maximum(top, 1e-6))).astype(np.intp), EDGES - 1)
    bins: NDArray[np.intp] = places + np.arange(steep.shape[1]) * EDGES
    return bins


def looks(labels: Labels, colour: NDArray[np.intp], texture: NDArray[np.intp]) -> Looks:
    """Of every region, numbered from 0."""
    flat = labels.ravel()
    sizes = np.bincount(flat).astype(np.float64)
    return Looks(
        sizes, around(labels, len(sizes)), counted(flat, len(sizes), colour), counted(flat, len(sizes), texture)
    )


def counted(flat: Labels, count: int, places: NDArray[np.intp]) -> Histograms:
    """The share of each region's pixels in each bin."""
    width = int(places.max()) + 1
    total = np.zeros(count * width)
    for column in places.T:
        total += np.bincount(flat * width + column, minlength=count * width)
    table = total.reshape(count, width)
    shares: Histograms = (table / table.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def around(labels: Labels, count: int) -> Boxes:
    """The box of each region."""
    rows, columns = np.indices(labels.shape)
    flat = labels.ravel()
    found = np.empty((count, 4))
    found[:, :2], found[:, 2:] = max(labels.shape), 0
    for column, places in enumerate((columns.ravel(), rows.ravel())):
        np.minimum.at(found[:, column], flat, places)
        np.maximum.at(found[:, column + 2], flat, places + 1)
    return found
