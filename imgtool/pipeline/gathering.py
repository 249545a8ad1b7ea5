"""Crops as they come, into their dataset: none twice, background no more than is wanted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from curate.cuts import BACKGROUND as EASY
from curate.cuts import HARD, TRUE, Piece
from curate.nearness import Looks, Nearness
from imgtool.dataset import Arrival, Crop, Dataset, Keep
from imgtool.pipeline.located import BACKGROUND
from imgtool.records import Entry, ImageRef

ENGINE = "regions"  # what brought a crop whose parent came from nowhere that is known
NONE = frozenset({HARD, EASY})  # kinds that are no object
SAME_BYTES, SAME_LOOKS, UNFIT = "the same bytes", "like another piece of background", "too small, or told twice"


@dataclass(frozen=True, slots=True)
class Parent:
    """A picture that is cut."""

    entry: Entry
    labels: Sequence[str]  # of its true boxes
    source: ImageRef | None  # where it came from, if that is known
    due: float  # which share of all background there should be after it


@dataclass(slots=True)
class Basket:
    """The crops of a dataset so far."""

    dataset: Dataset
    share: float  # background crops for each of the largest class
    near: Nearness  # the looks of what is no object
    done: set[str] = field(default_factory=set)  # parents, by their bytes
    seen: set[str] = field(default_factory=set)  # crops, by theirs
    counts: Counter[str] = field(default_factory=Counter)  # by class
    dropped: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, dataset: Dataset, share: float) -> Basket:
        """What an earlier run had gathered. What it had only begun is made again, to the same bytes."""
        crops = dataset.crops("done")
        hashes = {sha256: phash for sha256, phash, _, _ in dataset.hashes(BACKGROUND)}
        near = Nearness(dataset.thumb)
        for sha256, crop in crops.items():
            if crop.kind in NONE and sha256 in hashes:
                near.add(sha256, hashes[sha256])
        done = {parent.picture.sha256 for parent in dataset.parents("done")}
        return cls(dataset, share, near, done, set(crops), Counter(crop.label for crop in crops.values()))

    def put(self, parent: Parent, found: Sequence[Piece]) -> None:
        """The pieces of a picture."""
        labels = parent.labels
        self.dropped[UNFIT] += len(labels) - sum(piece.cut.kind == TRUE for piece in found)
        kept = [(piece, labels[piece.cut.truth]) for piece in found if piece.cut.kind not in NONE and self._new(piece)]
        self.counts.update(label for _, label in kept)
        kept += ((piece, BACKGROUND) for piece in self._others(found, parent.due))
        crops = [crop(parent, piece, label) for piece, label in kept]
        refs = [ref(parent, piece, label) for piece, label in kept]
        keeps = [self._keep(piece, each) for (piece, _), each in zip(kept, refs, strict=True)]
        self.dataset.cut(parent.entry, crops, keeps)

    def _others(self, found: Sequence[Piece], due: float) -> Iterator[Piece]:
        """What is no object, as much of it as there is room for by now."""
        room = math.ceil(self.share * due * max(self._objects(), default=1)) - self.counts[BACKGROUND]
        for piece in found:
            if room > 0 and piece.cut.kind in NONE and self._new(piece) and self._unlike(piece):
                room -= 1
                self.counts[BACKGROUND] += 1
                yield piece

    def _objects(self) -> list[int]:
        return [count for label, count in self.counts.items() if label != BACKGROUND]

    def _new(self, piece: Piece) -> bool:
        if piece.picture.sha256 in self.seen:
            self.dropped[SAME_BYTES] += 1
            return False
        self.seen.add(piece.picture.sha256)
        return True

    def _unlike(self, piece: Piece) -> bool:
        """Is there none like it yet? A hundred skies teach no more than one, and would tie their parents together."""
        p = piece.picture
        if self.near.twin(Looks(p.sha256, p.phash, p.thumb)):
            self.dropped[SAME_LOOKS] += 1
            return False
        self.near.add(p.sha256, p.phash, p.thumb)
        return True

    def _keep(self, piece: Piece, of: ImageRef) -> Keep:
        self.dataset.folder(of.label)
        place = self.dataset.scratch()
        place.write_bytes(piece.data)
        return Keep(Arrival(of, piece.picture, self.dataset.relative(place)))


def crop(parent: Parent, piece: Piece, label: str) -> Crop:
    """Its row."""
    cut = piece.cut
    return Crop(piece.picture.sha256, parent.entry.picture.sha256, label, cut.kind, cut.overlap, cut.box)


def ref(parent: Parent, piece: Piece, label: str) -> ImageRef:
    """Where it came from: the parent's address and rights, and the part of it, as W3C's Media Fragments say it."""
    left, top, right, bottom = piece.cut.box
    wide, high = right - left, bottom - top
    part = f"#xywh={left},{top},{wide},{high}"
    path, source = parent.entry.path, parent.source
    if source is None:
        return ImageRef(path + part, label, ENGINE, title=path, width=wide, height=high)
    url = source.url.partition("#")[0] + part
    known = replace(source, key="", thumb_url="", fallback_url="", rank=0)
    return replace(known, url=url, label=label, width=wide, height=high)
