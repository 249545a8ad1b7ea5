"""Which format a file or folder of boxes is in, and what reads and writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from curate.marks import coco, table, voc, yolo
from curate.marks.files import below
from curate.marks.nouns import Drafts, Find, Mark, Marks, Size
from curate.marks.settle import settled
from imgtool.errors import UsageError

Write: TypeAlias = Callable[[Sequence[Mark], Mapping[str, Size]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Form:
    """A format: what reads it, what writes it."""

    drafts: Callable[[Path], Drafts]
    written: Write


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "csv": Form(table.drafts, table.written),
        "yolo": Form(yolo.drafts, yolo.written),
        "coco": Form(coco.drafts, coco.written),
        "voc": Form(voc.drafts, voc.written),
    }
)
BEGINS = {"{": "coco", "[": "coco", "<": "voc"}
HEAD = 4096  # bytes that are looked at


def read(path: Path, find: Find, *, clip: bool = False) -> Marks:
    """The boxes of a file or folder that lie in their pictures; the others by their faults."""
    return settled(drafted(path), find, clip=clip)


def drafted(path: Path) -> Drafts:
    """What a file or folder says, before its pictures are looked at. UsageError when it says nothing."""
    where, name = form(path)
    found = FORMS[name].drafts(where)
    if not found.pictures and not found.faults:
        raise UsageError(f"There is not one box in {path}.")
    return found


def form(path: Path) -> tuple[Path, str]:
    """Where exactly the boxes are, and in which format."""
    if path.is_dir():
        return of_folder(path)
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", hint="--boxes is a CSV, JSON or XML file, or a folder of labels.")
    with path.open("rb") as file:
        first = file.read(HEAD).decode("utf-8-sig", "replace").lstrip()[:1]
    return path, BEGINS.get(first, "csv")


def of_folder(folder: Path) -> tuple[Path, str]:
    """A folder of XML is VOC's, one of text files YOLO's; one with a single table or JSON file is that."""
    single = [path for suffix in (".json", ".csv") for path in below(folder, suffix)]
    found = {"voc": bool(below(folder, ".xml")), "yolo": bool(below(folder, ".txt")), "file": len(single) == 1}
    names = [name for name, there in found.items() if there]
    if "voc" in names and "yolo" in names and not (set(yolo.LISTS) & {path.name for path in folder.iterdir()}):
        names.remove("yolo")  # a note beside them
    if not names or names[:2] == ["voc", "yolo"]:
        what = "both XML and text files" if names else "no file of boxes"
        hint = "--boxes is a CSV, JSON or XML file, or a folder of VOC's .xml or YOLO's .txt files."
        raise UsageError(f"There is {what} in {folder}." if not names else f"{folder} has {what}.", hint=hint)
    return form(single[0]) if names[0] == "file" else (folder, names[0])


def written(marks: Sequence[Mark], to: str, sizes: Mapping[str, Size]) -> dict[str, str]:
    """The files that say it, by their names; `sizes` are of all pictures, those without a mark too."""
    if to not in FORMS:
        raise UsageError(f"There is no format {to!r} for boxes.", hint=f"Choose one of {', '.join(FORMS)}.")
    return FORMS[to].written(marks, sizes)
