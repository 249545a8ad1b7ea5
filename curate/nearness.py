"""Does a class hold a picture that looks like this one? Exact over any number of pictures, flat in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from curate.twins import NEAR, alike

# Whole pictures only: crops and borders are `dedupe`'s to find, which sees all pictures at once.
RECENT = 512  # thumbnails held: more than one batch of decisions


@dataclass(frozen=True, slots=True)
class Looks:
    """What nearness needs to know of a picture."""

    sha256: str
    phash: int
    thumb: bytes


class Nearness:
    """The looks of one class: hashes in memory, eight bytes each; thumbnails fetched when two come close."""

    def __init__(self, thumb: Callable[[str], bytes]) -> None:
        self._thumb = thumb
        self._recent: dict[str, bytes] = {}  # thumbnails that may not be in the catalogue yet
        self._places: dict[str, int] = {}
        self._names: list[str] = []
        self._hashes = np.zeros(1024, np.uint64)

    def holds(self, sha256: str) -> bool:
        """Are these very bytes here?"""
        return sha256 in self._places

    def add(self, sha256: str, phash: int, thumb: bytes = b"") -> None:
        """One more picture; with its thumbnail, if it comes fresh from the decoder."""
        self._remember(sha256, thumb)
        count = len(self._names)
        if count == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)])
        self._hashes[count] = phash
        self._places[sha256] = count
        self._names.append(sha256)

    def forget(self, sha256: str) -> None:
        """One picture less; its place stays, and answers to nobody."""
        place = self._places.pop(sha256)
        self._names[place] = ""

    def twin(self, looks: Looks) -> str:
        """The sha256 of a picture that looks the same; "" if there is none. Nearest first."""
        distances = np.bitwise_count(self._hashes[: len(self._names)] ^ np.uint64(looks.phash))
        near = np.flatnonzero(distances <= NEAR)
        order: list[int] = near[np.argsort(distances[near], kind="stable")].tolist()
        for place in order:
            name = self._names[place]
            if name and alike(looks.thumb, self._recent.get(name) or self._thumb(name)):
                return name
        return ""

    def _remember(self, sha256: str, thumb: bytes) -> None:
        if thumb:
            self._recent[sha256] = thumb
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
