"""What annotations are made of: a box with a name, before and after anybody has seen its picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Four: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom
Size: TypeAlias = tuple[int, int]  # width, height


@dataclass(frozen=True, slots=True)
class Mark:
    """A thing in a picture."""

    picture: str  # its path below the folder of pictures, POSIX slashes
    label: str
    box: Four  # px from the upper left corner, within the picture


@dataclass(frozen=True, slots=True)
class Fault:
    """An annotation that cannot be used, and why."""

    place: str  # "boxes.csv:12", "a.xml, object 2"
    picture: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


@dataclass(frozen=True, slots=True)
class Draft:
    """An annotation as its file says it."""

    place: str
    picture: str  # as the file names it
    label: str
    box: Four
    shares: bool = False  # the numbers are shares of the picture's sides (YOLO), not px
    size: Size = (0, 0)  # of the picture, as the file says; 0 = it does not


@dataclass(frozen=True, slots=True)
class Drafts:
    """A file or folder of annotations, read."""

    form: str  # csv yolo coco voc
    drafts: tuple[Draft, ...]
    pictures: tuple[str, ...]  # every one that is named, those without a thing in them too
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that an annotation is about."""

    path: str
    size: Size


@dataclass(frozen=True, slots=True)
class Marks:
    """What can be used, and what cannot."""

    form: str
    marks: tuple[Mark, ...]
    pictures: tuple[str, ...]  # paths of all that are there, each once
    faults: tuple[Fault, ...]
    doubtful: frozenset[str] = frozenset()  # paths of pictures with something in them that nobody knows rightly


Find: TypeAlias = Callable[[str], Shown | str]  # a picture's name in; why there is none, in words
