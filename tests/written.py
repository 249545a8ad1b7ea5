"""Digits drawn by the tests: strokes on a canvas, with any pen, on any paper, anywhere."""

from __future__ import annotations

import gzip
import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

# Each digit as strokes on a unit square, x to the right, y down.
STROKES: dict[int, list[list[tuple[float, float]]]] = {
    0: [[(0.5, 0.0), (0.2, 0.15), (0.1, 0.5), (0.2, 0.85), (0.5, 1.0), (0.8, 0.85), (0.9, 0.5), (0.8, 0.15), (0.5, 0)]],
    1: [[(0.35, 0.15), (0.55, 0.0), (0.5, 1.0)]],
    2: [[(0.15, 0.25), (0.3, 0.03), (0.65, 0.0), (0.85, 0.25), (0.7, 0.5), (0.1, 1.0), (0.95, 0.97)]],
    3: [
        [(0.15, 0.1), (0.5, 0.0), (0.8, 0.2), (0.7, 0.42), (0.4, 0.48), (0.8, 0.6), (0.85, 0.85), (0.5, 1), (0.1, 0.9)]
    ],
    4: [[(0.6, 0.0), (0.1, 0.6), (0.95, 0.6)], [(0.7, 0.3), (0.65, 1.0)]],
    5: [[(0.85, 0.0), (0.25, 0.02), (0.2, 0.42), (0.6, 0.4), (0.85, 0.65), (0.7, 0.95), (0.35, 1.0), (0.1, 0.88)]],
    6: [[(0.75, 0.0), (0.35, 0.25), (0.15, 0.65), (0.3, 0.97), (0.65, 1.0), (0.8, 0.75), (0.6, 0.52), (0.2, 0.65)]],
    7: [[(0.1, 0.03), (0.9, 0.0), (0.6, 0.45), (0.4, 1.0)]],
    8: [
        [(0.5, 0.48), (0.2, 0.25), (0.4, 0.0), (0.7, 0.05), (0.75, 0.25), (0.5, 0.48), (0.15, 0.75), (0.4, 1.0)],
        [(0.4, 1.0), (0.75, 0.95), (0.85, 0.7), (0.5, 0.48)],
    ],
    9: [[(0.8, 0.3), (0.55, 0.5), (0.25, 0.4), (0.25, 0.1), (0.55, 0.0), (0.8, 0.3), (0.75, 0.6), (0.55, 1.0)]],
}


def drawn(digit: int, side: int = 280, pen: float = 0.1, **more: Any) -> NDArray[np.uint8]:
    """A canvas with the digit: `pen` is its width as a share of the digit's height.

    `at` and `height` are shares of the canvas; `ink` and `paper` colours; mode "RGB", "L" or "RGBA".
    """
    at, height = more.get("at", (0.5, 0.5)), more.get("height", 0.6)
    image = Image.new("RGB", (side * 2, side * 2), more.get("paper", "white"))
    brush = ImageDraw.Draw(image)
    tall, wide = 2 * side * height, 2 * side * height * 0.65
    left, top = 2 * side * at[0] - wide / 2, 2 * side * at[1] - tall / 2
    broad = max(1, round(pen * tall))
    for stroke in STROKES[digit]:
        points = [(left + x * wide, top + y * tall) for x, y in stroke]
        brush.line(points, fill=more.get("ink", "black"), width=broad, joint="curve")
        for x, y in points:
            brush.ellipse((x - broad / 2, y - broad / 2, x + broad / 2, y + broad / 2), fill=more.get("ink", "black"))
    return np.asarray(image.resize((side, side), Image.Resampling.LANCZOS).convert(more.get("mode", "RGB")))


def cut_out(digit: int, ink: int, **more: Any) -> NDArray[np.uint8]:
    """The same on nothing: RGBA, the ink's grey everywhere, and only the strokes opaque."""
    alpha = 255 - drawn(digit, mode="L", **more)
    return np.dstack([np.full((*alpha.shape, 3), ink, np.uint8), alpha])


def idx(numbers: NDArray[np.uint8], kind: int = 8) -> bytes:
    """The numbers as an idx file."""
    return struct.pack(f">BBBB{numbers.ndim}I", 0, 0, kind, numbers.ndim, *numbers.shape) + numbers.tobytes()


def shipped(folder: Path, pictures: NDArray[np.uint8], labels: NDArray[np.uint8], name: str = "t10k") -> Path:
    """A folder with both, packed, named as MNIST names them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pictures), 1))
    (folder / f"{name}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels), 1))
    return folder


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A canvas as a file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
