"""Boxes as Pascal VOC has them: an XML file a picture.

VOC counts pixels from 1 and names the last one: the box of a whole picture of 4 px is 1 to 4. Some tools count from 0;
a folder in which anything begins at 0 is read so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, indent, tostring
from xml.parsers import expat

from curate.marks.files import SMALL, below, digits, number, text
from curate.marks.nouns import Draft, Drafts, Fault, Four, Mark, Size
from imgtool.errors import UsageError

CORNERS = ("xmin", "ymin", "xmax", "ymax")
FOLDER = "Annotations"


def drafts(path: Path) -> Drafts:
    """A file, or those of a folder."""
    files = [path] if path.is_file() else below(path, ".xml")
    root = path.parent if path.is_file() else path
    read = [one(file, file.relative_to(root).as_posix()) for file in files]
    found = [draft for each in read for draft in each.drafts]
    first = 0.0 if any(min(draft.box[:2]) < 1 for draft in found) else 1.0
    return Drafts(
        "voc",
        tuple(shifted(draft, first) for draft in found),
        tuple(dict.fromkeys(name for each in read for name in each.pictures)),
        tuple(fault for each in read for fault in each.faults),
    )


def shifted(draft: Draft, first: float) -> Draft:
    """Counted from 0, the right and bottom being where the box ends."""
    left, top, right, bottom = draft.box
    return replace(draft, box=(left - first, top - first, right, bottom))


def one(path: Path, name: str) -> Drafts:
    """A file, whatever is wrong with it."""
    try:
        root = tree(text(path, SMALL))
    except UsageError as error:
        return Drafts("voc", (), (), (Fault(name, "", str(error)),))
    picture = said(root, "filename") or path.stem
    size = tuple(int(value) if 0 < (value := number(said(root, f"size/{side}"))) < SMALL else 0 for side in SIZES)
    made = [
        drafted(f"{name}, object {place}", picture, each, (size[0], size[1]))
        for place, each in enumerate(root.iterfind("object"), 1)
    ]
    return Drafts("voc", tuple(made), (picture,))


SIZES = ("width", "height")


def drafted(place: str, picture: str, thing: Element, size: Size) -> Draft:
    """An object."""
    left, top, right, bottom = (number(said(thing, f"bndbox/{corner}")) for corner in CORNERS)
    return Draft(place, picture, said(thing, "name"), (left, top, right, bottom), size=size)


def tree(xml: str) -> Element:
    """The file's elements; UsageError for what is none, and for what has entities of its own: they can be bombs."""
    builder, parser = TreeBuilder(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = builder.data, refused
    try:
        parser.Parse(xml.encode(), True)  # expat takes nothing else
    except expat.ExpatError as error:
        raise UsageError(f"it is no XML: {error}") from None
    root = builder.close()
    if root.tag != "annotation":
        raise UsageError(f"it is XML of something else: {root.tag[:40]}")
    return root


def refused(*_: object) -> None:
    """No document type, and so no entities."""
    raise UsageError("it declares a document type, which annotations have no use for")


def said(element: Element, path: str) -> str:
    """The words at that place."""
    return (element.findtext(path) or "").strip()


def written(marks: Sequence[Mark], sizes: Mapping[str, Size]) -> dict[str, str]:
    """The files by their names; of two pictures of one stem, the second's file has its suffix too."""
    files: dict[str, str] = {}
    held: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        held[mark.picture].append(mark)
    for picture in sorted(sizes):
        name = f"{FOLDER}/{PurePosixPath(picture).with_suffix('.xml').as_posix()}"
        files[name if name not in files else f"{FOLDER}/{picture}.xml"] = page(picture, sizes[picture], held[picture])
    return files


def page(picture: str, size: Size, marks: Sequence[Mark]) -> str:
    """A picture's file."""
    root = Element("annotation")
    added(root, {"filename": picture})
    added(SubElement(root, "size"), {"width": size[0], "height": size[1], "depth": 3})
    for mark in marks:
        thing = SubElement(root, "object")
        added(thing, {"name": mark.label, "difficult": 0})
        added(SubElement(thing, "bndbox"), dict(zip(CORNERS, map(digits, counted(mark.box)), strict=True)))
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def counted(box: Four) -> Four:
    """As VOC counts."""
    return box[0] + 1, box[1] + 1, box[2], box[3]


def added(parent: Element, words: Mapping[str, object]) -> None:
    """Elements with a word each."""
    for name, word in words.items():
        SubElement(parent, name).text = f"{word}"
