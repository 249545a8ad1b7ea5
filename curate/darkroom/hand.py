"""The exporting worker, as its own process: a picture's file in, its pictures out. Started by `curate.team`."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import astuple
from typing import TypeAlias

import numpy as np

from curate.admit import contents
from curate.darkroom.render import LENIENT, Source, arrays, shots
from curate.darkroom.treatment import Treatment
from curate.pixels import Pixels
from curate.worker import Answer, work
from imgtool.records import Reason, Refusal

Make: TypeAlias = Callable[[Source, int], object]


def prepare(first: object) -> Answer:
    """What answers an order."""
    assert isinstance(first, tuple)
    rows, start, *values = first
    how = Treatment(*values)
    make = rowed(how, rows, start) if rows else filed(how)

    def answer(order: object) -> object:
        assert isinstance(order, tuple)
        path, sha256, copies, flip, row = order
        data = contents(path, LENIENT.max_bytes)
        if isinstance(data, Refusal):
            return plain(data)
        if hashlib.sha256(data).hexdigest() != sha256:
            return plain(Refusal(Reason.BROKEN, "changed since it was last looked at"))
        return make(Source(data, sha256, copies, flip), row)

    return answer


def filed(how: Treatment) -> Make:
    """Pictures as files, sent back."""

    def make(source: Source, _: int) -> object:
        made = shots(source, how)
        return plain(made) if isinstance(made, Refusal) else [astuple(shot) for shot in made]

    return make


def rowed(how: Treatment, rows: str, start: int) -> Make:
    """Pictures as pixels, written to their rows: nothing of them goes through the pool."""
    file = os.open(rows, os.O_WRONLY | os.O_CLOEXEC)

    def make(source: Source, row: int) -> object:
        made = arrays(source, how)
        if isinstance(made, Refusal):
            return plain(made)
        at = start + row * made[0].size
        try:
            for place, pixels in enumerate(made):
                written(file, pixels, at + place * pixels.size)
        except OSError as error:  # the disk's fault and no picture's: the whole export ends
            return (Reason.BROKEN.value, error.strerror or "", error.errno or errno.EIO)
        return []

    return make


def written(file: int, pixels: Pixels, at: int) -> None:
    """All of a picture, there; a disk may take it in pieces."""
    rest = np.ascontiguousarray(pixels).data.cast("B")
    while rest:
        count = os.pwrite(file, rest, at)
        rest, at = rest[count:], at + count


def plain(refusal: Refusal) -> tuple[str, str]:
    """A refusal as plain values."""
    return (refusal.reason.value, refusal.detail)


if __name__ == "__main__":
    work(prepare)
