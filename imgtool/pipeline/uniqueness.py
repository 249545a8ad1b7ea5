"""Is this picture new to its class? By bytes, by looks, and by what many URLs give away about one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from curate.nearness import Looks, Nearness
from imgtool.dataset import Arrival, Decision, Drop, Keep, Retract
from imgtool.records import ImageRef, Picture, Reason, Skipped

# What stands under so many addresses with claims that contradict each other is no picture of anything but
# "image removed". Popular pictures are copied too, but their engines agree on what they are.
MANY = 3
MISFITS = 2  # claims of another shape than the file has: an engine that saw this very file would know its shape
SHAPE = 0.05  # of the aspect ratio; rounding and thumbnails stay well below
FLAT = 0.6  # of the thumbnail in one tone: a card with a few words on it


@dataclass(slots=True)
class _Claims:
    """What the addresses of one file said it would be."""

    urls: int = 0
    sizes: set[tuple[int, int]] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    misfits: set[str] = field(default_factory=set)

    def add(self, ref: ImageRef, picture: Picture | None = None) -> None:
        self.urls += 1
        if ref.width and ref.height:
            self.sizes.add((ref.width, ref.height))
        if ref.key:
            self.keys.add(ref.key)
        if picture and misfit(ref, picture):
            self.misfits.add(ref.key or f"{ref.width}x{ref.height}")

    @property
    def contradict(self) -> bool:
        many = self.urls >= MANY and max(len(self.sizes), len(self.keys)) >= MANY
        return many or len(self.misfits) >= MISFITS


class Uniqueness:
    """The pictures of one class so far. Decisions are made one by one, in order."""

    def __init__(self, label: str, thumb: Callable[[str], bytes]) -> None:
        self.label = label
        self.kept = 0
        self._near = Nearness(thumb)
        self._claims: dict[str, _Claims] = {}
        self._found: set[str] = set()  # in the folder before anybody said where from
        self._refused: dict[str, Reason] = {}

    def load(self, hashes: Iterable[tuple[str, int, str, str]], refused: Iterable[tuple[str, Reason]]) -> None:
        """Start from what the class holds already."""
        for sha256, phash, _, origin in hashes:
            self._enter(sha256, phash)
            if origin == "found":
                self._found.add(sha256)
        self._refused.update(refused)

    def decide(self, arrival: Arrival) -> list[Decision]:
        """Keep it or not; a placeholder that shows itself takes its first copy out again."""
        sha256 = arrival.picture.sha256
        claims = self._claims.setdefault(sha256, _Claims())
        claims.add(arrival.ref, arrival.picture)
        if sha256 in self._refused:
            return [_drop(arrival, self._refused[sha256], "the same bytes were refused before")]
        if sha256 in self._found:
            self._found.discard(sha256)  # now we know where it came from; it was counted already
            return [Keep(arrival)]
        if self._near.holds(sha256):
            return self._again(arrival, claims)
        if misfit(arrival.ref, arrival.picture) and flat(arrival.picture.thumb):
            self._refused[sha256] = Reason.PLACEHOLDER
            return [_drop(arrival, Reason.PLACEHOLDER, "a flat card, and not of the shape its engine saw")]
        twin = self._near.twin(Looks(sha256, arrival.picture.phash, arrival.picture.thumb))
        if twin:
            return [_drop(arrival, Reason.DUPLICATE_PICTURE, f"looks like {twin[:16]}")]
        self._enter(sha256, arrival.picture.phash, arrival.picture.thumb)
        return [Keep(arrival)]

    def recall(self, ref: ImageRef, sha256: str) -> None:
        """A URL that an earlier run decided on still counts among its file's claims."""
        self._claims.setdefault(sha256, _Claims()).add(ref)

    def _again(self, arrival: Arrival, claims: _Claims) -> list[Decision]:
        if not claims.contradict:
            return [_drop(arrival, Reason.DUPLICATE_BYTES, f"the same bytes as {arrival.picture.sha256[:16]}")]
        sha256, detail = arrival.picture.sha256, f"the same file stands under {claims.urls} unrelated addresses"
        self._refused[sha256] = Reason.PLACEHOLDER
        self._near.forget(sha256)
        self.kept -= 1
        retract = Retract(self.label, sha256, Reason.PLACEHOLDER, detail)
        return [retract, _drop(arrival, Reason.PLACEHOLDER, detail)]

    def _enter(self, sha256: str, phash: int, thumb: bytes = b"") -> None:
        self._near.add(sha256, phash, thumb)
        self.kept += 1


def misfit(ref: ImageRef, picture: Picture) -> bool:
    """Is the file of another shape than its engine said?"""
    if not (ref.width and ref.height):
        return False
    claimed, real = ref.width / ref.height, picture.width / picture.height
    return abs(claimed / real - 1) > SHAPE


def flat(thumb: bytes) -> bool:
    """Is most of it one tone?"""
    tones = Counter(tone >> 3 for tone in thumb)  # in steps of 8: noise and compression stay within one
    return max(tones.values(), default=0) >= FLAT * len(thumb)


def _drop(arrival: Arrival, reason: Reason, detail: str) -> Drop:
    skipped = Skipped(arrival.ref, reason, detail)
    return Drop(skipped, arrival.path, arrival.picture.sha256, arrival.final_url, arrival.notes)
