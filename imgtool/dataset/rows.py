"""Nouns to catalogue rows and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime

from imgtool.records import ImageRef, Picture

TOP = 1 << 63

SOURCE = (
    "INSERT INTO source (label, url, engine, query, page_url, title, key, licence, licence_url, creator, width, height,"
    " rank, state, reason, detail, status, final_url, notes, sha256, run, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (label, url) DO UPDATE SET state = excluded.state, reason = excluded.reason,"
    " detail = excluded.detail,"
    " status = excluded.status, final_url = excluded.final_url, notes = excluded.notes, sha256 = excluded.sha256,"
    " run = excluded.run, at = excluded.at"
)
PICTURE = (
    "INSERT INTO picture (path, label, state, sha256, size, format, width, height, mode, frames, orientation, phash,"
    " dhash, pixels, thumb, mean, std, sharpness, mtime_ns, origin, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (path) DO UPDATE SET label = excluded.label, state = excluded.state, sha256 = excluded.sha256,"
    " size = excluded.size, format = excluded.format, width = excluded.width, height = excluded.height,"
    " mode = excluded.mode, frames = excluded.frames, orientation = excluded.orientation, phash = excluded.phash,"
    " dhash = excluded.dhash, pixels = excluded.pixels, thumb = excluded.thumb, mean = excluded.mean,"
    " std = excluded.std, sharpness = excluded.sharpness, mtime_ns = excluded.mtime_ns"
)


def now() -> str:
    """The time as it is stored."""
    return datetime.now(UTC).isoformat("T", "seconds")


def signed(bits: int) -> int:
    """A 64-bit pattern as SQLite stores it."""
    return bits - (1 << 64) if bits >= TOP else bits


def unsigned(stored: int) -> int:
    """And back."""
    return stored + (1 << 64) if stored < 0 else stored


def source_row(
    ref: ImageRef,
    state: str,
    *,
    reason: str = "",
    detail: str = "",
    status: int = 0,
    final_url: str = "",
    notes: Mapping[str, str] | None = None,
    sha256: str = "",
    run: int = 0,
) -> tuple[object, ...]:
    """The values of SOURCE."""
    claimed = (ref.label, ref.url, ref.engine, ref.query, ref.page_url, ref.title, ref.key)
    rights = (ref.licence, ref.licence_url, ref.creator, ref.width, ref.height, ref.rank)
    became = (state, reason, detail, status, final_url, json.dumps(dict(notes or {})), sha256, run, now())
    return tuple(map(_storable, claimed + rights + became))


def _storable(value: object) -> object:
    """Text as UTF-8 can write it: servers' headers, and JSON, may hold halves of characters."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value


def picture_row(path: str, label: str, state: str, picture: Picture, mtime_ns: int, origin: str) -> tuple[object, ...]:
    """The values of PICTURE."""
    p = picture
    file = (
        path,
        label,
        state,
        p.sha256,
        p.size,
        p.format,
        p.width,
        p.height,
        p.mode,
        p.frames,
        p.orientation,
    )
    looks = (signed(p.phash), signed(p.dhash), p.pixels, p.thumb, p.mean, p.std, p.sharpness)
    return file + looks + (mtime_ns, origin, now())


def ref_of(row: sqlite3.Row) -> ImageRef:
    """The ImageRef of a source row."""
    return ImageRef(
        url=row["url"],
        label=row["label"],
        engine=row["engine"],
        query=row["query"],
        page_url=row["page_url"],
        title=row["title"],
        key=row["key"],
        licence=row["licence"],
        licence_url=row["licence_url"],
        creator=row["creator"],
        width=row["width"],
        height=row["height"],
        rank=row["rank"],
    )


def picture_of(row: sqlite3.Row) -> Picture:
    """The Picture of a picture row."""
    return Picture(
        sha256=row["sha256"],
        size=row["size"],
        format=row["format"],
        width=row["width"],
        height=row["height"],
        mode=row["mode"],
        frames=row["frames"],
        orientation=row["orientation"],
        phash=unsigned(row["phash"]),
        dhash=unsigned(row["dhash"]),
        pixels=row["pixels"],
        thumb=row["thumb"],
        mean=row["mean"],
        std=row["std"],
        sharpness=row["sharpness"],
    )
