"""Boxes and their pictures: found, looked at, held against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from curate.boxes import iou
from curate.cuts.choose import SAME
from curate.examiners import examine_all
from curate.marks import Album, Fault, Mark, Marks, Shown, drafted, settled
from imgtool.dataset import clean
from imgtool.errors import UsageError
from imgtool.pipeline.located import BACKGROUND
from imgtool.pipeline.look import Looking, Watch
from imgtool.records import Entry, Picture, Refusal

NAMED = 3  # faults in one message


@dataclass(frozen=True, slots=True)
class Annotated:
    """Pictures with their boxes."""

    root: Path
    form: str  # csv yolo coco voc
    pictures: tuple[Entry, ...]  # each once, by path; those in which nothing is, too
    marks: Mapping[str, tuple[Mark, ...]]  # by path
    faults: tuple[Fault, ...]
    doubtful: frozenset[str]  # pictures with something in them that no box tells rightly


def annotated(root: Path, boxes: Path, watch: Watch, *, clip: bool = False) -> Annotated:
    """What `boxes` says of the pictures below a folder. UsageError when nothing of it can be used."""
    if not root.is_dir():
        raise UsageError(f"There is no folder {root}.", hint="DATA is the folder of the pictures that the boxes name.")
    drafts = drafted(boxes)
    album = Album.of(root)
    places = {name: album.find(name) for name in drafts.pictures}
    looked = dict(examined(root, sorted({path for path, _ in places.values() if path}), watch))

    def find(name: str) -> Shown | str:
        path, why = places[name]
        return shown(path, looked[path]) if path else why

    return joined(root, named(settled(drafts, find, clip=clip)), looked)


def examined(root: Path, paths: Sequence[str], watch: Watch) -> Iterator[tuple[str, Picture | Refusal]]:
    """Every picture looked at, in any order."""
    places = {str(root / path): path for path in paths}
    for done, (place, verdict) in enumerate(examine_all(places), 1):
        yield places[place], verdict
        watch(Looking(done, len(places)))


def shown(path: str, verdict: Picture | Refusal) -> Shown | str:
    """A picture, or why it is none."""
    if isinstance(verdict, Picture):
        return Shown(path, (verdict.width, verdict.height))
    return f"{path} is no picture: {verdict.reason.replace('_', ' ')} {verdict.detail}".rstrip()


def named(marks: Marks) -> Marks:
    """With names that can be classes; a box called background is none."""
    good = [replace(mark, label=clean(mark.label)) for mark in marks.marks if mark.label.casefold() != BACKGROUND]
    wrong = [mark for mark in marks.marks if mark.label.casefold() == BACKGROUND]
    why = f"{BACKGROUND} is the name of what no box is around"
    faults = [Fault(mark.picture, mark.picture, why) for mark in wrong]
    doubtful = marks.doubtful | {mark.picture for mark in wrong}
    return replace(marks, marks=tuple(good), faults=(*marks.faults, *faults), doubtful=doubtful)


def joined(root: Path, marks: Marks, looked: Mapping[str, Picture | Refusal]) -> Annotated:
    """Pictures and boxes; of equal files the first has the boxes of all."""
    first: dict[str, Entry] = {}
    owner: dict[str, str] = {}
    for path in marks.pictures:
        picture = looked[path]
        assert isinstance(picture, Picture)
        owner[path] = first.setdefault(picture.sha256, Entry(path, "", picture)).path
    held: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks.marks:
        held[owner[mark.picture]].append(replace(mark, picture=owner[mark.picture]))
    disputed = {path: list(two_names(each)) for path, each in held.items()}
    quarrels = {mark for each in disputed.values() for mark in each}
    faults = (*marks.faults, *(Fault(mark.picture, mark.picture, NAMES) for mark in sorted(quarrels, key=repr)))
    doubtful = {owner.get(path, path) for path in marks.doubtful} | {mark.picture for mark in quarrels}
    left = {path: tuple(mark for mark in each if mark not in quarrels) for path, each in held.items()}
    usable(faults, left)
    entries = tuple(sorted(first.values(), key=lambda entry: entry.path))
    return Annotated(root, marks.form, entries, left, faults, frozenset(doubtful))


NAMES = "two boxes are around one thing and give it two names"


def two_names(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Boxes that another, of another name, equals nearly."""
    boxes = np.array([mark.box for mark in marks], np.float64)
    for mark, box in zip(marks, boxes, strict=True):
        same: list[int] = np.flatnonzero(iou(box[None], boxes)[0] >= SAME).tolist()
        if any(marks[other].label != mark.label for other in same):
            yield mark


def usable(faults: Sequence[Fault], marks: Mapping[str, Sequence[Mark]]) -> None:
    """UsageError unless a box is left."""
    if any(marks.values()):
        return
    told = "; ".join(map(str, faults[:NAMED])) or "it names pictures, and no box in any of them"
    more = f"; and {len(faults) - NAMED} more" if len(faults) > NAMED else ""
    hint = "DATA is the folder of the pictures that the boxes name; --clip cuts boxes that reach beyond their pictures."
    raise UsageError(f"Not one of the boxes can be used: {told}{more}.", hint=hint)
