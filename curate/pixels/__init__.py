"""Bytes ↔ arrays: the only doorway to Pillow, OpenCV and simplejpeg.

sniff   what the bytes are                       frames  how many pictures in one file
header  size and mode, no pixel decoded          turn    EXIF's orientation
scaled  one small grey decode, for hashing       colour  every mode, by one policy
faults  what a decoder's complaint means         claims  what a file says when its decoder won't

No complaint of theirs leaves this room as an exception: it is a Refusal by then.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import AvifImagePlugin, Image

from curate.bounds import BOUNDS, Bounds, Header, judge
from curate.pixels import colour, faults, scaled
from curate.pixels.header import opened
from curate.pixels.sniff import sniff
from curate.pixels.turn import orientation, turned, upright_size
from imgtool.records import Refusal

Pixels: TypeAlias = NDArray[np.uint8]

__all__ = ["Look", "Pixels", "alone", "look", "shrink", "sniff", "upright"]


@dataclass(frozen=True, slots=True)
class Look:
    """One small decode: the header, and the grey pixels the right way up."""

    header: Header
    width: int  # upright
    height: int
    orientation: int
    grey: Pixels  # rows × columns
    made: str  # "jpeg/8", "box/4", "full" …


def look(data: bytes, bounds: Bounds) -> Look | Refusal:
    """A small grey decode of the bytes, or why they are no picture for us. Raises nothing of the decoders'."""
    kind = sniff(data)
    if isinstance(kind, Refusal):
        return kind
    try:
        with quiet():
            return seen(data, kind, bounds)
    except faults.COMPLAINTS as error:
        return faults.refusal(error, data, kind, bounds)


def seen(data: bytes, kind: str, bounds: Bounds) -> Look | Refusal:
    """Header first, pixels only within the bounds."""
    image, head = opened(data, kind, bounds.max_frames)
    if refusal := judge(head, bounds):
        return refusal
    small, made = scaled.decoded(image, data)
    turn = orientation(image)
    width, height = upright_size(head.width, head.height, turn)
    return Look(head, width, height, turn, np.asarray(turned(small, turn)), made)


def upright(data: bytes, bounds: Bounds = BOUNDS, at_least: int = 0) -> Pixels | Refusal:
    """All pixels: rows × columns × RGB, the right way up, in sRGB over white (`colour` has the policy).

    With `at_least`, a JPEG may come by its decoder's own scaling, both sides still that long: half the time.
    """
    kind = sniff(data)
    if isinstance(kind, Refusal):
        return kind
    try:
        with quiet():
            image, head = opened(data, kind, bounds.max_frames)
            if refusal := judge(head, bounds):
                return refusal
            if at_least:
                image.draft(None, (at_least, at_least))
            image.load()
            return np.asarray(turned(colour.rgb(image), orientation(image)))
    except faults.COMPLAINTS as error:
        return faults.refusal(error, data, kind, bounds)


def shrink(grey: Pixels, width: int, height: int) -> Pixels:
    """The grey picture at that size, by the very filter that imagehash uses."""
    return np.asarray(Image.fromarray(grey).resize((width, height), Image.Resampling.LANCZOS))


def alone() -> None:
    """AVIF by one thread: this process is one of many. The others heed their environment."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1


@contextmanager
def quiet() -> Iterator[None]:
    """Decoders' Python warnings kept from the user: the verdict says what matters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
