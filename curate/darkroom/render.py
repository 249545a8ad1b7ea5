"""One file's bytes in, the pictures that an export makes of them out."""

from __future__ import annotations

from dataclasses import dataclass

from curate.augment import augmented, dice
from curate.bounds import Bounds
from curate.darkroom.treatment import Treatment
from curate.pixels import Pixels
from curate.pixels.canvas import fitted, grey, scaled, squared
from curate.pixels.encode import BECOMES, ENCODERS
from curate.pixels.private import untold
from curate.pixels.whole import Wanted, Whole, everything, whole
from curate.presets import preset
from imgtool.records import Refusal

# What is in the dataset has been judged: here only memory bounds a picture
LENIENT = Bounds(min_size=1, max_side=65_535, max_frames=1_000_000, max_aspect=65_535)
STAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "rgb": {"jpeg": ("RGB", "L"), "png": ("RGB", "L", "P", "1")},
    "grey": {"jpeg": ("L",), "png": ("L",)},
}


@dataclass(frozen=True, slots=True)
class Source:
    """A picture's file, and what to make of it."""

    data: bytes
    sha256: str
    copies: tuple[int, ...]
    flip: bool


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture as a file."""

    data: bytes
    kind: str  # jpeg png
    width: int
    height: int


def arrays(source: Source, how: Treatment) -> list[Pixels] | Refusal:
    """Its pictures as pixels, in the order of `copies`."""
    found = whole(source.data, LENIENT, least(how))
    if isinstance(found, Refusal):
        return found
    shown = scaled(found.pixels, how.size, how.fit)
    return [finished(shown, source, copy, how) for copy in source.copies]


def shots(source: Source, how: Treatment) -> list[Shot] | Refusal:
    """Its pictures as files: JPEG or PNG, the right way up, in sRGB, without a position; as they are if they are so."""
    found = whole(source.data, LENIENT, least(how))
    if isinstance(found, Refusal):
        return found
    shown = scaled(found.pixels, how.size, how.fit)
    return [shot(found, shown, source, copy, how) for copy in source.copies]


def shot(found: Whole, shown: Pixels, source: Source, copy: int, how: Treatment) -> Shot:
    """One of its pictures as a file."""
    same = None if copy else kept(found, source.data, how)
    if same is not None:
        return Shot(same, found.format, found.width, found.height)
    kind = BECOMES[found.format]
    pixels = finished(shown, source, copy, how)
    height, width = pixels.shape[:2]
    return Shot(ENCODERS[kind](pixels, how.quality), kind, width, height)


def kept(found: Whole, data: bytes, how: Treatment) -> bytes | None:
    """The file itself, less any position; None when its pixels have to change."""
    as_meant = found.orientation == 1 and not found.profiled and not found.see_through
    still = found.frames == 1 or found.format == "jpeg"  # a JPEG's further pictures are cut off with its metadata
    fits = not how.size or (found.width, found.height) == (how.size, how.size)
    if not (as_meant and still and fits) or found.mode not in STAYS[how.colour].get(found.format, ()):
        return None
    return untold(data, found.format)


def finished(shown: Pixels, source: Source, copy: int, how: Treatment) -> Pixels:
    """The scaled picture, or its variant of that number, in its square.

    The square comes last: bars stay straight and black in every variant, and what is cropped away is still there to
    be turned into view.
    """
    if copy:
        shown = augmented(shown, preset(how.augment), dice(how.seed, source.sha256, copy), flip=source.flip)
    return toned(squared(shown, how.size, how.fit), how)


def least(how: Treatment) -> Wanted:
    """How much of a picture is needed."""
    if not how.size:
        return everything
    return lambda width, height: fitted(width, height, how.size, how.fit)


def toned(pixels: Pixels, how: Treatment) -> Pixels:
    """In colour, or its brightness alone."""
    return grey(pixels) if how.colour == "grey" else pixels
