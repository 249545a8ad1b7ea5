"""One thumbnail laid on another: which part of it, how bright, so that they agree best (Gauss and Newton)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from curate.hashing import SIDE
from curate.twins.views import CENTRES, sampling

Greys: TypeAlias = NDArray[np.float32]  # n × 32 × 32
Frames: TypeAlias = NDArray[np.float64]  # n × 4: View.frame

FARTHEST = 0.06  # a step of a frame, of half a side: one pixel; the gradient knows nothing beyond
RING = 2  # px at the edge that nobody asks: what a border or a crop leaves there is a blend
INSIDE = slice(RING, SIDE - RING)
CALM = 1.0  # grey levels: JPEG's noise on a smoothed thumbnail
ODD = 2.0  # times the usual error, where a pixel begins to count less
STIFF = 1e-4  # keeps the equations solvable for pictures without structure

ONES = np.ones((SIDE, SIDE), np.float32)
DOWN = (CENTRES[:, None] * ONES).astype(np.float32)
ACROSS = (CENTRES[None, :] * ONES).astype(np.float32)
ASKED = np.zeros((SIDE, SIDE), np.float32)
ASKED[INSIDE, INSIDE] = 1


def smoothed(grey: Greys) -> Greys:
    """Binomial over three pixels each way: thumbnails made on different ways differ in the finest detail."""
    wide = np.pad(grey, ((0, 0), (1, 1), (1, 1)), mode="edge")
    tall = (wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]) / np.float32(4)
    out: Greys = (tall[:, :, :-2] + 2 * tall[:, :, 1:-1] + tall[:, :, 2:]) / np.float32(4)
    return out


def framed(grey: Greys, frames: Frames) -> Greys:
    """The pictures as seen through their frames."""
    down, across = (sampling(frames[:, at], frames[:, at + 1]) for at in (0, 2))
    out: Greys = np.matmul(np.matmul(down, grey), across.transpose(0, 2, 1))
    return out


def aligned(grey: Greys, target: Greys, frames: Frames, steps: int) -> tuple[Frames, Greys]:
    """Better frames, and how far each pixel is to be trusted."""
    trust = np.broadcast_to(ASKED, target.shape)
    for _ in range(steps):
        frames, trust = step(grey, target, frames, trust)
    return frames, trust


def step(grey: Greys, target: Greys, frames: Frames, trust: Greys) -> tuple[Frames, Greys]:
    """One step: the target as gain, offset, and what a small stretch and shift each way would change."""
    count = len(grey)
    seen = framed(grey, frames)
    down, across = slopes(seen, frames)
    parts = np.stack([seen, np.broadcast_to(ONES, seen.shape), down * DOWN, down, across * ACROSS, across], axis=1)
    parts = parts.reshape(count, 6, SIDE * SIDE)
    amounts = solved(parts, target.reshape(count, -1), trust.reshape(count, -1))
    error = target - np.einsum("nkp,nk->np", parts, amounts.astype(np.float32)).reshape(seen.shape)
    gain = np.where(np.abs(amounts[:, :1]) < 0.2, np.inf, amounts[:, :1])  # no likeness to follow
    return frames + (amounts[:, 2:] / gain).clip(-FARTHEST, FARTHEST), trusted(error)


def slopes(seen: Greys, frames: Frames) -> tuple[Greys, Greys]:
    """Change per unit of the original's side, down and across."""
    down, across = np.zeros_like(seen), np.zeros_like(seen)
    down[:, 1:-1] = seen[:, 2:] - seen[:, :-2]
    across[:, :, 1:-1] = seen[:, :, 2:] - seen[:, :, :-2]
    tall, wide = (frames[:, at, None, None].astype(np.float32) for at in (0, 2))
    return down * (SIDE / 4) / tall, across * (SIDE / 4) / wide


def solved(parts: Greys, target: Greys, trust: Greys) -> NDArray[np.float64]:
    """Weighted least squares: how much of each part makes the target."""
    weighed = parts * trust[:, None]
    square = (weighed @ parts.transpose(0, 2, 1)).astype(np.float64)
    right = (weighed @ target[:, :, None]).astype(np.float64)
    size = np.sqrt(np.einsum("nkk->nk", square)) + 1e-6
    square = square / size[:, :, None] / size[:, None, :] + STIFF * np.eye(parts.shape[1])
    out: NDArray[np.float64] = np.linalg.solve(square, right / size[:, :, None])[:, :, 0] / size
    return out


def trusted(error: Greys) -> Greys:
    """Pixels far off count less: a caption must not pull the picture to itself."""
    usual = np.abs(error).mean(axis=(1, 2), keepdims=True) * 1.25 + CALM
    out: Greys = ASKED / (1 + (error / (ODD * usual)) ** 2) ** 2
    return out
