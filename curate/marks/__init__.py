"""Boxes with names: read from CSV, YOLO, COCO and VOC, held against their pictures, written again.

    drafts = drafted(Path("boxes.csv"))            the format is told by looking
    marks = settled(drafts, find)                  what can be used; what cannot, with its place and why
    written(marks.marks, "coco", sizes)            files by their names

nouns  Mark, Fault    settle  within its picture?    album  pictures by name    table yolo coco voc  the formats
"""

from curate.marks.album import Album
from curate.marks.forms import FORMS, drafted, form, read, written
from curate.marks.nouns import Draft, Drafts, Fault, Find, Four, Mark, Marks, Shown, Size
from curate.marks.settle import settled

__all__ = [
    "FORMS",
    "Album",
    "Draft",
    "Drafts",
    "Fault",
    "Find",
    "Four",
    "Mark",
    "Marks",
    "Shown",
    "Size",
    "drafted",
    "form",
    "read",
    "settled",
    "written",
]
