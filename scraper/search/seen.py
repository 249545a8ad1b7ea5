"""Pictures that were named already, by whomever."""

from __future__ import annotations

import hashlib

from imgtool.records import ImageRef
from scraper.search.marks import Marks
from scraper.urls import canonical


class Seen:
    """By URL and by the engine's own key, eight bytes each: a million of them fit easily."""

    def __init__(self) -> None:
        self._marks = Marks()

    def add(self, ref: ImageRef) -> bool:
        """Is this one new? From now on it is not."""
        marks = {_mark(canonical(ref.url))} | ({_mark(f"key {ref.key}")} if ref.key else set())
        if any(mark in self._marks for mark in marks):
            return False
        for mark in marks:
            self._marks.add(mark)
        return True


def _mark(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
