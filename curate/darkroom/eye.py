"""The seeing worker, as its own process: any file in, its pixels at one size out. Started by `curate.team`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from curate.admit import contents
from curate.bounds import BOUNDS, Bounds
from curate.darkroom.hand import plain
from curate.darkroom.render import LENIENT
from curate.pixels.canvas import fitted, scaled, squared
from curate.pixels.whole import whole
from curate.worker import Answer, work
from imgtool.records import Refusal

FOREIGN = replace(LENIENT, max_frames=BOUNDS.max_frames)  # of strangers' pictures: only counting takes them for ever
WHOLE = "whole"  # a fit beside those of `canvas`: no longer than the side, its shape kept, nothing around it


def prepare(opening: object) -> Answer:
    """What answers a path; or a path with a side and a fit of its own."""
    assert isinstance(opening, tuple)

    def answer(order: object) -> object:
        if isinstance(order, tuple):
            path, side, fit = order
            return seen(path, side, fit, FOREIGN)
        side, fit = opening
        return seen(str(order), side, fit)

    return answer


def seen(path: str, side: int, fit: str, bounds: Bounds = LENIENT) -> tuple[object, ...]:
    """Pixels, their shape and the file's own size; or why there are none."""
    data = contents(path, bounds.max_bytes)
    if isinstance(data, Refusal):
        return plain(data)
    scale = "pad" if fit == WHOLE else fit
    found = whole(data, bounds, lambda width, height: fitted(width, height, side, scale))
    if isinstance(found, Refusal):
        return plain(found)
    small = fit == WHOLE and max(found.pixels.shape[:2]) <= side
    shown = found.pixels if small else scaled(found.pixels, side, scale)
    shown = np.ascontiguousarray(shown if fit == WHOLE else squared(shown, side, fit))
    return (shown.tobytes(), *shown.shape[:2], found.width, found.height)


if __name__ == "__main__":
    work(prepare)
