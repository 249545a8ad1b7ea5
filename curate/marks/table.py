"""Boxes as CSV: a line a box, with a header or in one of two known orders.

picture,label,left,top,right,bottom         what is written, and read also without the header
path,x1,y1,x2,y2,class                      what keras-retinanet reads; no header
filename,width,height,class,xmin,ymin,xmax,ymax   TensorFlow's; width and height are the picture's
image,label,x,y,w,h                         with any of these names

Commas, semicolons or tabs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from curate.marks.files import digits, number, text
from curate.marks.nouns import Draft, Drafts, Fault, Mark, Size
from imgtool.errors import UsageError

HEAD = ("picture", "label", "left", "top", "right", "bottom")
FILE = "boxes.csv"
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "picture": ("picture", "image", "filename", "file", "file_name", "path", "image_path", "image_id"),
        "label": ("label", "class", "name", "category", "class_name"),
        "left": ("left", "xmin", "x_min", "x1", "x"),
        "top": ("top", "ymin", "y_min", "y1", "y"),
        "right": ("right", "xmax", "x_max", "x2"),
        "bottom": ("bottom", "ymax", "y_max", "y2"),
        "width": ("width", "w", "bbox_width"),
        "height": ("height", "h", "bbox_height"),
    }
)
CORNERS, SIDES = {"right", "bottom"}, {"width", "height"}
ORDERS: tuple[tuple[str, ...], ...] = (HEAD, ("picture", "left", "top", "right", "bottom", "label"))
LONGEST = 1 << 20  # px of a side that somebody may mean
FIRST = 2000  # characters by which commas are told from semicolons and tabs


def drafts(path: Path) -> Drafts:
    """The lines of the file."""
    said = text(path)
    delimiter = max(",;\t", key=said[:FIRST].count)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=delimiter)
    try:
        return told(path.name, ((reader.line_num, row) for row in reader if any(word.strip() for word in row)))
    except csv.Error as error:
        raise UsageError(f"{path} cannot be read beyond line {reader.line_num}: {error}.") from None


def told(name: str, rows: Iterator[tuple[int, list[str]]]) -> Drafts:
    """Numbered rows as annotations."""
    line, first = next(rows, (0, []))
    columns = header(first)
    if not columns:
        columns, rows = ordered(name, first), chain([(line, first)], rows)
    made = [drafted(f"{name}:{line}", row, columns) for line, row in rows]
    pictures = dict.fromkeys(each if isinstance(each, str) else each.picture for each in made)
    return Drafts(
        "csv",
        tuple(each for each in made if isinstance(each, Draft)),
        tuple(pictures),
        tuple(each for each in made if isinstance(each, Fault)),
    )


def header(row: Sequence[str]) -> dict[str, int]:
    """What each column is; nothing if the row is no header."""
    words = [word.strip().casefold() for word in row]
    columns = {what: words.index(name) for what, names in NAMES.items() for name in names if name in words}
    enough = {"picture", "label", "left", "top"} <= columns.keys()
    return columns if enough and (columns.keys() >= CORNERS or columns.keys() >= SIDES) else {}


def ordered(name: str, row: Sequence[str]) -> dict[str, int]:
    """What each column is, by where the numbers are; UsageError when it is none of the known orders."""
    for order in ORDERS:
        columns = {what: place for place, what in enumerate(order)}
        words = [row[columns[what]] for what in HEAD[2:]] if len(row) == len(order) else ["?"]
        if not any(word.strip() for word in words) or all(number(word) == number(word) for word in words):
            return columns
    hint = f"Its first line may be: {','.join(HEAD)}"
    raise UsageError(f"{name} has no header that tells where picture, label and box are.", hint=hint)


def drafted(place: str, row: Sequence[str], columns: Mapping[str, int]) -> Draft | Fault | str:
    """One line; the bare name of a picture in which nothing is."""
    if len(row) <= max(columns.values()):
        return Fault(place, row[0], f"it has {len(row)} fields, and {max(columns.values()) + 1} were expected")
    picture, label = (row[columns[what]].strip() for what in ("picture", "label"))
    if not picture:
        return Fault(place, "", "it names no picture")
    cells = [row[columns[what]].strip() for what in HEAD[2:] if what in columns]
    if not label and not any(cells):
        return picture
    left, top = (number(row[columns[what]]) for what in ("left", "top"))
    wide, high = (number(row[columns[what]]) if what in columns else 0.0 for what in ("width", "height"))
    if not columns.keys() >= CORNERS:
        return Draft(place, picture, label, (left, top, left + wide, top + high))
    right, bottom = (number(row[columns[what]]) for what in ("right", "bottom"))
    size = (int(wide), int(high)) if 0 < wide < LONGEST and 0 < high < LONGEST else (0, 0)
    return Draft(place, picture, label, (left, top, right, bottom), size=size)


def written(marks: Sequence[Mark], sizes: Mapping[str, Size]) -> dict[str, str]:
    """The file, by its name; a picture without a mark has a line of its own."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows((mark.picture, mark.label, *map(digits, mark.box)) for mark in marks)
    writer.writerows((name, "", "", "", "", "") for name in sorted(sizes.keys() - {mark.picture for mark in marks}))
    return {FILE: out.getvalue()}
