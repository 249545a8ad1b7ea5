"""The cutting worker, as its own process: a picture and its true boxes in, its pieces out. Started by `curate.team`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import astuple

import numpy as np

from curate.admit import contents, examine_bytes
from curate.cuts.choose import chosen
from curate.cuts.moved import moved
from curate.cuts.nouns import Cut, Truth, Wish
from curate.darkroom.hand import plain
from curate.darkroom.render import LENIENT
from curate.pixels import Pixels
from curate.pixels.encode import BECOMES, ENCODERS
from curate.pixels.whole import Whole, whole
from curate.proposals import Search, propose
from curate.wire import from_verdict
from curate.worker import Answer, work
from imgtool.records import Picture, Reason, Refusal


def prepare(opening: object) -> Answer:
    """What answers an order."""
    assert isinstance(opening, tuple)
    wish = Wish(*opening)
    search = Search(wish.strategy)

    def answer(order: object) -> object:
        assert isinstance(order, tuple)
        path, sha256, truths, negatives = order
        found = read(path, sha256)
        if isinstance(found, Refusal):
            return plain(found)
        some, size = [Truth(*truth) for truth in truths], (found.width, found.height)
        boxes = np.concatenate([propose(found.pixels, search), moved([truth.box for truth in some], size, wish.seed)])
        cuts = chosen(boxes, some, size, wish, negatives=negatives)
        return list(packed(found, cuts, wish.quality))

    return answer


def read(path: str, sha256: str) -> Whole | Refusal:
    """The picture, if it still is the one that was looked at."""
    data = contents(path, LENIENT.max_bytes)
    if isinstance(data, Refusal):
        return data
    if hashlib.sha256(data).hexdigest() != sha256:
        return Refusal(Reason.BROKEN, "changed since it was last looked at")
    return whole(data, LENIENT)


def packed(found: Whole, cuts: list[Cut], quality: int) -> Iterator[tuple[object, ...]]:
    """Every piece as a file, examined."""
    kind = BECOMES[found.format]
    for cut in cuts:
        data = ENCODERS[kind](part(found.pixels, cut), quality)
        verdict = examine_bytes(data, LENIENT)
        if isinstance(verdict, Picture):
            yield astuple(cut), data, from_verdict(verdict)


def part(pixels: Pixels, cut: Cut) -> Pixels:
    """The pixels of a cut."""
    left, top, right, bottom = cut.box
    return pixels[top:bottom, left:right]


if __name__ == "__main__":
    work(prepare)
