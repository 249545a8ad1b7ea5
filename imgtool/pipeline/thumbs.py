"""Small copies of pictures as data URLs: pages that carry them need no other file."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from curate.pixels.small import small_jpeg
from curate.team import processors
from imgtool.dataset import Change
from imgtool.records import Refusal

SIDE = 192  # px: what is wrong can be seen at a glance, and a thousand of them are 8 MB


def thumbnails(root: Path, paths: Iterable[str], change: Change | None = None, side: int = SIDE) -> dict[str, str]:
    """Each path with its data URL; "" for what cannot be shown. What `change` took away is found where it is now."""
    away = {move.old_path: move.new_path for move in change.moves} if change else {}
    places = {path: root / (path if (root / path).exists() else away.get(path, path)) for path in paths}
    with ThreadPoolExecutor(processors()) as pool:
        urls = pool.map(lambda file: thumbnail(file, side), places.values())
        return dict(zip(places, urls, strict=True))


def thumbnail(file: Path, side: int = SIDE) -> str:
    """The picture as a data URL."""
    try:
        small = small_jpeg(file.read_bytes(), side)
    except OSError:
        return ""
    return "" if isinstance(small, Refusal) else f"data:image/jpeg;base64,{base64.b64encode(small).decode()}"
