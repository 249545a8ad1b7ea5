"""Values that tests need: a ref, a picture, an arrival, each a call with only what matters named."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from imgtool.dataset import Arrival, Dataset
from imgtool.records import ImageRef, Picture


def ref(url: str = "http://h/1.jpg", label: str = "cat", engine: str = "bing", **more: Any) -> ImageRef:
    return ImageRef(url=url, label=label, engine=engine, **more)


def picture(body: bytes = b"x", phash: int | None = None, thumb: bytes | None = None, **more: Any) -> Picture:
    """A picture whose looks follow from its bytes, far from every other's."""
    digest = hashlib.sha256(body).digest()
    wide = hashlib.shake_256(body).digest(1024)
    known: dict[str, Any] = {
        "sha256": digest.hex(),
        "size": len(body),
        "format": "jpeg",
        "width": 640,
        "height": 480,
        "mode": "RGB",
        "frames": 1,
        "orientation": 1,
        "phash": int.from_bytes(digest[:8], "big") if phash is None else phash,
        "dhash": int.from_bytes(digest[8:16], "big"),
        "pixels": "jpeg/4",
        "thumb": wide if thumb is None else thumb,
        "mean": 100.0,
        "std": 50.0,
        "sharpness": 200.0,
    }
    return Picture(**(known | more))


def arrival(dataset: Dataset, body: bytes, at: ImageRef | None = None, **more: Any) -> Arrival:
    """Bytes in a temporary file of the dataset, seen and ready to be decided on."""
    sink = dataset.scratch()
    sink.write_bytes(body)
    return Arrival(at or ref(f"http://h/{body.hex()[:12]}.jpg"), picture(body, **more), dataset.relative(sink))


def tree(root: Path) -> dict[str, bytes]:
    """Every visible file of a dataset, by its path."""
    files = (path for path in root.rglob("*") if path.is_file() and ".imgtool" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
