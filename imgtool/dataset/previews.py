"""Small copies of pictures for pages, kept in `.imgtool/thumbs`. They can be deleted at any time."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from imgtool.dataset import store

PREVIEWS = f"{store.HIDDEN}/thumbs"


def preview(root: Path, sha256: str) -> bytes:
    """The small copy; empty if there is none yet."""
    try:
        return _place(root, sha256).read_bytes()
    except FileNotFoundError:
        return b""


def put_preview(root: Path, sha256: str, body: bytes) -> None:
    """Keep a small copy: whole or not at all."""
    place = _place(root, sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    half.write_bytes(body)
    half.replace(place)


def _place(root: Path, sha256: str) -> Path:
    return root / PREVIEWS / sha256[:2] / f"{sha256}.jpg"  # 256 folders: none grows beyond what file systems like
