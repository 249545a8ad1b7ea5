"""What a pool and its workers say to each other: plain values, each with its length before it.

Marshal is quick and speaks only numbers, texts, bytes and tuples of them; both ends are this very
program under this very interpreter, so its lack of a promised format costs nothing.
"""

from __future__ import annotations

import marshal
import struct
from collections.abc import Iterator
from dataclasses import astuple, fields
from operator import attrgetter
from typing import Any

from curate.admit import Verdict
from curate.bounds import Bounds
from imgtool.records import Picture, Reason, Refusal

LENGTH = struct.Struct("<I")
CHUNK = 1 << 16  # bytes asked for at once
READY = "ready"

plain = attrgetter(*(field.name for field in fields(Picture)))


def packed(value: Any) -> bytes:
    """A frame."""
    body = marshal.dumps(value)
    return LENGTH.pack(len(body)) + body


class Frames:
    """Bytes in as they arrive, whole values out."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, chunk: bytes) -> Iterator[object]:
        """Every value that has arrived whole by now."""
        held, at = self._held + chunk, 0
        while at + LENGTH.size <= len(held):
            end = at + LENGTH.size + LENGTH.unpack_from(held, at)[0]
            if end > len(held):
                break
            value: object = marshal.loads(held[at + LENGTH.size : end])  # noqa: S302  only we write it
            yield value
            at = end
        self._held = held[at:]


def from_verdict(verdict: Verdict) -> tuple[object, ...]:
    """A verdict as plain values."""
    return (verdict.reason.value, verdict.detail) if isinstance(verdict, Refusal) else plain(verdict)


def to_verdict(values: object) -> Verdict:
    """The verdict that such values mean; a Refusal is one already."""
    if isinstance(values, Refusal):
        return values
    assert isinstance(values, tuple)
    return Refusal(Reason(values[0]), values[1]) if len(values) == 2 else Picture(*values)


def from_bounds(bounds: Bounds) -> tuple[object, ...]:
    """Bounds as plain values."""
    return astuple(bounds)
