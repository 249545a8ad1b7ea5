"""`teach`: a person says what a picture shows; it waits in the dataset's queue until somebody has looked at it.

Outside of every class meanwhile: no `split`, `train` or `export` sees it. `imgtool review` lets it in, or drops it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curate.examiners import examine_all
from curate.memo import memo
from curate.nearness import Looks, Nearness
from imgtool.dataset import Arrival, Dataset, Teach, clean
from imgtool.dataset.folders import clashes, folder
from imgtool.dataset.rows import now
from imgtool.errors import UsageError
from imgtool.pipeline.review import Desk
from imgtool.records import ImageRef, Picture, Refusal

ENGINE = "taught"  # who named the picture: no engine, a person
MOST = 10_000  # pictures that wait; nobody looks at more in one go, and a disk has an end
NAMES = "A class's name is its folder's too: letters, digits, spaces, at most 60 of them."


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a person says a picture shows, and what a model said of it before."""

    label: str
    model: str = ""
    said: str = ""
    probability: float = 0.0

    def told(self, who: str) -> str:
        """Where the picture came from, in words."""
        return f"by {who} on {now()[:10]}" + (
            f"; {self.model} said {self.said} ({self.probability:.2f})" if self.said else ""
        )


@dataclass(frozen=True, slots=True)
class Taught:
    """What became of it."""

    label: str
    sha256: str
    queued: bool  # False = that class has these very bytes already
    new: bool  # is it a class that is not there yet?
    elsewhere: tuple[str, ...] = ()  # other classes that have these very bytes
    twin: str = ""  # the path of a picture in the set that looks the same


def teach(desk: Desk, data: bytes, lesson: Lesson) -> Taught | Refusal:
    """Put a picture into the queue, whole or not at all. Its label is one of the classes, or a new one."""
    label = named(lesson.label, desk.dataset.classes())
    if desk.shelf.many_taught() >= MOST:
        raise UsageError(f"{MOST:,} pictures wait to be looked at.", hint="Review those first.")
    picture = examined(data)
    if isinstance(picture, Refusal):
        return picture
    with desk.holding() as dataset:
        there = desk.shelf.labels(picture.sha256)
        if label not in there:
            dataset.commit([Teach(arrival(dataset, data, picture, referred(picture, label, lesson.told(desk.who))))])
        elsewhere = tuple(each for each in there if each != label)
        twin = "" if there else twin_of(dataset, picture)
        return Taught(label, picture.sha256, label not in there, label not in dataset.classes(), elsewhere, twin)


def named(label: str, known: Mapping[str, str]) -> str:
    """The class that is meant. UsageError for a new one whose name no folder can have, or that only looks new."""
    text = clean(label)
    if text in known:
        return text
    if folder(text) != text:
        raise UsageError(f"{text[:80]!r} cannot be the name of a class.", hint=NAMES)
    if other := next((each for each, place in known.items() if clashes(text, place)), ""):
        raise UsageError(f"There is a class {other!r} already, and {text!r} differs by capitals alone.")
    return text


def examined(data: bytes) -> Picture | Refusal:
    """What one decode tells, made by another process: a file that crashes its decoder costs itself alone."""
    with memo(data) as path:
        return next(verdict for _, verdict in examine_all([path], workers=1))


def referred(picture: Picture, label: str, told: str) -> ImageRef:
    """Where it came from, as the catalogue keeps it: a picture without an address is named by its bytes."""
    return ImageRef(f"{ENGINE}:{picture.sha256}", label, ENGINE, query=told)


def arrival(dataset: Dataset, data: bytes, picture: Picture, ref: ImageRef) -> Arrival:
    """The file, where the dataset takes it from."""
    place = dataset.scratch()
    place.write_bytes(data)
    return Arrival(ref, picture, dataset.relative(place))


def twin_of(dataset: Dataset, picture: Picture) -> str:
    """The path of a picture in the set that looks the same; "" when there is none."""
    near, paths = Nearness(dataset.thumb), {"": ""}
    for label in dataset.classes():
        for sha256, phash, path, _ in dataset.hashes(label):
            near.add(sha256, phash)
            paths[sha256] = path
    return paths[near.twin(Looks(picture.sha256, picture.phash, picture.thumb))]
