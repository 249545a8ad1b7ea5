"""Boxes as YOLO has them: a text file a picture, a line a box, all numbers shares of the picture's sides.

labels/a.txt     1 0.5 0.5 0.25 0.25       class number, middle across and down, width, height
classes.txt      a name a line; or obj.names, or `names:` in data.yaml

A text file with nothing in it is a picture with nothing in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path, PurePosixPath

from curate.marks.files import SMALL, below, number, text
from curate.marks.nouns import Draft, Drafts, Fault, Mark, Size
from imgtool.errors import UsageError

CLASSES = "classes.txt"
LISTS = (CLASSES, "obj.names", "classes.names", "_darknet.labels")
YAMLS = ("data.yaml", "dataset.yaml", "data.yml")
LABELS = "labels"  # the folder beside `images`
OTHERS = {CLASSES, "notes.txt", "readme.txt", "train.txt", "val.txt", "test.txt", "requirements.txt"}
NAMES = re.compile(
    r"^names[ \t]*:[ \t]*(\[(?P<row>[^\]]*)\])?[^\n]*\n?(?P<rest>(?:[ \t]*(?:-|\d+:)[^\n]*\n?)*)", re.MULTILINE
)
FEW, SURE = 5, 6  # numbers of a box; of one with how sure a model was


def drafts(folder: Path) -> Drafts:
    """The text files of a folder, or of `labels` in it."""
    names = classes(folder)
    read = [one(path, folder, names) for path in below(folder, ".txt") if path.name.casefold() not in OTHERS]
    return Drafts(
        "yolo",
        tuple(draft for each in read for draft in each.drafts),
        tuple(dict.fromkeys(name for each in read for name in each.pictures)),
        tuple(fault for each in read for fault in each.faults),
    )


def classes(folder: Path) -> Sequence[str]:
    """The names by their numbers, from the folder or the one around it; UsageError when nobody says them."""
    for place in (folder, folder.parent):
        for name in LISTS:
            if (place / name).is_file():
                return [line.strip() for line in text(place / name, SMALL).splitlines()]
        for name in YAMLS:
            if (place / name).is_file():
                return listed(text(place / name, SMALL))
    hint = f"Put {CLASSES} beside the text files: a name a line, that of class 0 first."
    raise UsageError(f"Nothing in {folder} says what its class numbers mean.", hint=hint)


def listed(said: str) -> Sequence[str]:
    """The names in a YAML file, in any of its three ways: [a, b], "- a" or "0: a", a line each."""
    head = NAMES.search(said)
    if head is None:
        return []
    if head["row"] is not None:
        return [bare(word) for word in head["row"].split(",")]
    lines = [line.strip() for line in head["rest"].splitlines() if line.strip()]
    if all(line.startswith("-") for line in lines):
        return [bare(line[1:]) for line in lines]
    numbered = {int(key): bare(word) for key, _, word in (line.partition(":") for line in lines) if key.isdecimal()}
    return [numbered.get(place, "") for place in range(min(max(numbered, default=-1) + 1, SMALL))]


def bare(word: str) -> str:
    """Without its quotes."""
    return word.strip().strip("\"'")


def one(path: Path, folder: Path, names: Sequence[str]) -> Drafts:
    """A picture's file."""
    place = path.relative_to(folder).with_suffix("")
    picture = PurePosixPath(*(part for part in place.parts if part != LABELS)).as_posix()
    lines = enumerate(text(path, SMALL).splitlines(), 1)
    name = path.relative_to(folder).as_posix()
    made = [drafted(f"{name}:{line}", picture, words.split(), names) for line, words in lines if words.strip()]
    return Drafts(
        "yolo",
        tuple(each for each in made if isinstance(each, Draft)),
        (picture,),
        tuple(each for each in made if isinstance(each, Fault)),
    )


def drafted(place: str, picture: str, words: Sequence[str], names: Sequence[str]) -> Draft | Fault:
    """A line."""
    if len(words) not in (FEW, SURE):
        what = "outlines are not read" if len(words) > SURE else "class, middle, width and height are five"
        return Fault(place, picture, f"it has {len(words)} numbers; {what}")
    label = named(words[0], names)
    if not label:
        return Fault(place, picture, f"class {words[0]} is none of the {len(names)} that have names")
    across, down, wide, high = map(number, words[1:FEW])
    box = (across - wide / 2, down - high / 2, across + wide / 2, down + high / 2)
    return Draft(place, picture, label, box, shares=True)


def named(word: str, names: Sequence[str]) -> str:
    """The name of a class; "" when it has none."""
    place = int(word) if word.isdecimal() and len(word) < 10 else len(names)  # longer ones are no number of anything
    return names[place] if place < len(names) else ""


def written(marks: Sequence[Mark], sizes: Mapping[str, Size]) -> dict[str, str]:
    """The files by their names. UsageError when two pictures would share one: YOLO knows them by their stems."""
    labels = sorted({mark.label for mark in marks})
    files: dict[str, list[str]] = {filed(name): [] for name in sizes}
    if len(files) < len(sizes):
        stems = sorted(map(filed, sizes))
        twice = next(stem for stem, after in pairwise(stems) if stem == after)
        raise UsageError(f"Two pictures would have the file {twice}.", hint="Choose another format, or rename one.")
    for mark in marks:
        files[filed(mark.picture)].append(line(mark, labels.index(mark.label), sizes[mark.picture]))
    return {CLASSES: lines(labels)} | {name: lines(rows) for name, rows in files.items()}


def filed(picture: str) -> str:
    """The file of a picture's boxes."""
    return f"{LABELS}/{PurePosixPath(picture).with_suffix('').as_posix()}.txt"


def line(mark: Mark, number: int, size: Size) -> str:
    """A box."""
    (left, top, right, bottom), (width, height) = mark.box, size
    shares = ((left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height)
    return " ".join([str(number), *(f"{share:.10f}" for share in shares)])


def lines(rows: Sequence[str]) -> str:
    """Each with its end."""
    return "".join(f"{row}\n" for row in rows)
