"""Ways of storing a picture that surprise: nothing wrong, but what a model sees is not what a person saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from imgtool.records import Entry, Finding, Picture


@dataclass(frozen=True, slots=True)
class Oddity:
    """One surprise. The score is a rank by how much of the picture is lost, set by hand."""

    score: float
    applies: Callable[[Picture], bool]
    says: str


ODDITIES: tuple[Oddity, ...] = (
    Oddity(1.0, lambda facts: facts.mode in ("I", "F"), "values without a range ({facts.mode}), stretched to be seen"),
    Oddity(0.9, lambda facts: facts.frames > 1, "{facts.frames} frames, of which only the first is used"),
    Oddity(0.8, lambda facts: facts.mode.startswith("I;16"), "16 bits a pixel, of which the upper eight are used"),
    Oddity(0.7, lambda facts: facts.mode in ("RGBA", "LA", "PA", "La", "RGBa"), "transparency, laid over white"),
    Oddity(0.6, lambda facts: facts.mode in ("CMYK", "LAB", "YCbCr"), "colours for printing ({facts.mode}), converted"),
    Oddity(0.5, lambda facts: facts.mode in ("1", "P"), "a palette of few colours: rather a drawing than a photograph"),
)

SUFFIXES = {
    "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "png": (".png", ".apng"),
    "webp": (".webp",),
    "gif": (".gif",),
    "avif": (".avif", ".avifs"),
    "bmp": (".bmp", ".dib"),
    "tiff": (".tif", ".tiff"),
    "heif": (".heic", ".heif"),
}


def odd(entry: Entry) -> list[Finding]:
    """All that surprises in one picture, as one finding or none."""
    facts = entry.picture
    found = [oddity for oddity in ODDITIES if oddity.applies(facts)]
    if not found:
        return []
    detail = "; ".join(oddity.says.format(facts=facts) for oddity in found)
    return [Finding(entry.path, entry.label, "odd", found[0].score, detail)]


def misnamed(entry: Entry) -> list[Finding]:
    """A name that says another format than the bytes: no suspicion but a fact."""
    suffix = PurePosixPath(entry.path).suffix
    if suffix.lower() in SUFFIXES[entry.picture.format]:
        return []
    detail = f"named {suffix or 'without suffix'}, but it is {entry.picture.format}"
    return [Finding(entry.path, entry.label, "misnamed", 1.0, detail)]
