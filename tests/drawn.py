"""A folder of classes as people have them: drawn pictures, and what is wrong with them planted by name."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.painted import encoded, scene

LABELS = ("cat", "dog")
MANY = 8  # clean pictures of a class
STAMP = 1_600_000_000_000_000_000  # ns: times that no test could make by chance


def crisp(seed: int, width: int = 240, height: int = 180) -> NDArray[np.uint8]:
    """A picture with edges, so that no check calls it blurred."""
    rng = np.random.default_rng(seed + 10_000)
    fine = rng.integers(-40, 40, (height // 2, width // 2, 1)).repeat(2, 0).repeat(2, 1)
    shown: NDArray[np.uint8] = np.clip(scene(width, height, seed).astype(int) + fine, 0, 255).astype(np.uint8)
    return shown


def jpeg(seed: int, size: tuple[int, int] = (240, 180), quality: int = 90) -> bytes:
    """It as a file; of another size it is a near duplicate of itself."""
    picture = Image.fromarray(crisp(seed)).resize(size, Image.Resampling.LANCZOS)
    return encoded(picture, "JPEG", quality=quality)


def classes(root: Path, many: int = MANY, labels: tuple[str, ...] = LABELS) -> Path:
    """Class folders of clean, distinct pictures."""
    for place, label in enumerate(labels):
        for number in range(many):
            put(root, f"{label}/{number}.jpg", jpeg(1000 * place + number))
    return root


def faulty(root: Path) -> Path:
    """Classes with one of everything that the curating commands are for."""
    classes(root)
    put(root, "cat/copy of 0.jpg", jpeg(0))
    put(root, "cat/small 1.jpg", jpeg(1, (120, 90), 70))
    put(root, "dog/cat 2.jpg", jpeg(2))  # the same picture in two classes
    put(root, "cat/blank.png", encoded(np.full((100, 100, 3), 255, np.uint8)))
    put(root, "cat/cut.jpg", jpeg(90)[:2000])
    put(root, "dog/page.jpg", b"<!doctype html><html>gone</html>")
    put(root, "dog/webp.jpg", encoded(crisp(91), "WEBP"))
    put(root, "dog/.DS_Store", b"the file manager's")
    put(root, "dog/Thumbs.db", b"the file manager's")
    return root


def put(root: Path, path: str, data: bytes) -> None:
    """A file, of an old time."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    os.utime(place, ns=(STAMP, STAMP + sum(path.encode())))


def exact(root: Path) -> dict[str, tuple[bytes, int, int]]:
    """Every visible file with its bytes, its time and its rights."""
    files = (path for path in root.rglob("*") if path.is_file() and ".imgtool" not in path.parts)
    found = {path.relative_to(root).as_posix(): (path.read_bytes(), path.stat()) for path in files}
    return {path: (data, stat.st_mtime_ns, stat.st_mode) for path, (data, stat) in found.items()}
