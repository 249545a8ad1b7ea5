"""Boxes come back from four formats as they were written, and what is wrong with one is told by its place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from curate.marks import FORMS, Album, Mark, Shown, drafted, read, written
from curate.marks.nouns import Find, Marks, Size
from imgtool.errors import UsageError

SIZES: dict[str, Size] = {"cat/1.jpg": (300, 200), "dog/1.jpg": (64, 64), "dog/empty.png": (100, 50)}


def finder(sizes: dict[str, Size]) -> Find:
    album = Album(sizes)

    def find(name: str) -> Shown | str:
        path, why = album.find(name)
        return Shown(path, sizes[path]) if path else why

    return find


def put(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root / next(iter(files)) if len(files) == 1 else root


def marks_of(root: Path, files: dict[str, str], *, clip: bool = False) -> Marks:
    return read(put(root, files), finder(SIZES), clip=clip)


def whys(marks: Marks) -> list[str]:
    return [str(fault) for fault in marks.faults]


@some.composite
def mark(draw: some.DrawFn) -> Mark:
    picture = draw(some.sampled_from(sorted(SIZES)[:2]))
    sides: list[float] = []
    for side in SIZES[picture]:
        low = draw(some.floats(0, side - 1, allow_nan=False))
        sides += [low, draw(some.floats(low + 0.5, side, allow_nan=False))]
    label = draw(some.sampled_from(["cat", "a dog", 'Käse, "old"', "<b>&", "猫", "7"]))
    return Mark(picture, label, (sides[0], sides[2], sides[1], sides[3]))


def close(found: Iterable[Mark], wanted: Iterable[Mark]) -> bool:
    def key(each: Mark) -> tuple[str, str, tuple[float, ...]]:
        return each.picture, each.label, tuple(round(value, 3) for value in each.box)

    pairs = zip(sorted(found, key=key), sorted(wanted, key=key), strict=True)
    return all(
        (a.picture, a.label) == (b.picture, b.label) and a.box == pytest.approx(b.box, abs=1e-4) for a, b in pairs
    )


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(marks=some.lists(mark(), min_size=1, max_size=8, unique_by=lambda each: (each.picture, each.label)))
def test_what_is_written_is_read_again(form: str, marks: list[Mark]) -> None:
    with TemporaryDirectory() as folder:
        found = marks_of(Path(folder), written(marks, form, SIZES))

    assert found.form == form
    assert not found.faults
    assert found.pictures == tuple(sorted(SIZES))
    assert close(found.marks, marks)


@pytest.mark.parametrize("form", FORMS)
def test_pictures_without_anything_are_told_too(form: str, tmp_path: Path) -> None:
    found = marks_of(tmp_path, written([], form, SIZES))

    assert found.pictures == tuple(sorted(SIZES))
    assert found.marks == ()


@pytest.mark.parametrize(
    ("lines", "box"),
    [
        ("picture,label,left,top,right,bottom\ncat/1.jpg,cat,10,20,110,70", (10, 20, 110, 70)),
        ("cat/1.jpg,cat,10,20,110,70", (10, 20, 110, 70)),
        ("cat/1.jpg,10,20,110,70,cat", (10, 20, 110, 70)),
        ("\ufefffilename;class;x;y;w;h\r\ncat/1.jpg;cat;10;20;100;50\r\n", (10, 20, 110, 70)),
        ("filename,width,height,class,xmin,ymin,xmax,ymax\ncat/1.jpg,300,200,cat,10,20,110,70", (10, 20, 110, 70)),
        ("Image\tLabel\tXMin\tYMin\tXMax\tYMax\tnote\ncat\\1.jpg\tcat\t10\t20\t110\t70\thm", (10, 20, 110, 70)),
        ("label,image,x1,y1,x2,y2\ncat,/home/me/photos/cat/1.jpg,0.4,-0.4,300.3,200", (0.4, 0, 300, 200)),
    ],
    ids=["ours", "bare", "retinanet", "semicolons", "tensorflow", "tabs", "rounding"],
)
def test_tables_of_many_makers_are_read(lines: str, box: tuple[float, ...], tmp_path: Path) -> None:
    found = marks_of(tmp_path, {"boxes.csv": lines})

    assert not found.faults
    assert found.marks == (Mark("cat/1.jpg", "cat", (box[0], box[1], box[2], box[3])),)


HEAD = "picture,label,left,top,right,bottom\n"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("cat/1.jpg,cat,10,20,320,70", "its right is 20 px outside the picture of 300 × 200 px (cat/1.jpg)"),
        ("cat/1.jpg,cat,-5,20,30,70", "its left is 5 px outside"),
        ("cat/1.jpg,cat,400,20,430,70", "wholly outside"),
        ("cat/1.jpg,cat,nan,20,30,70", "its left is no number"),
        ("cat/1.jpg,cat,1,20,inf,70", "its right is no number"),
        ("cat/1.jpg,cat,one,20,30,70", "its left is no number"),
        ("cat/1.jpg,cat,30,20,10,70", "its right or bottom lies before its left or top"),
        ("cat/1.jpg,cat,10,20,10,70", "it has no area"),
        ("cat/1.jpg,,10,20,30,70", "it has no name"),
        ("cat/1.jpg,cat,10", "it has 3 fields, and 6 were expected"),
        (",cat,10,20,30,40", "it names no picture"),
        ("cat/2.jpg,cat,10,20,30,40", "there is no picture 'cat/2.jpg'"),
        ("owl/1.jpg,cat,10,20,30,40", "there is no picture 'owl/1.jpg'"),
        ("1.jpg,cat,10,20,30,40", "'1.jpg' may be cat/1.jpg or dog/1.jpg: say its folder"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_used(line: str, why: str, tmp_path: Path) -> None:
    found = marks_of(tmp_path, {"boxes.csv": f"{HEAD}{line}\ndog/1.jpg,dog,1,2,33,44\n"})

    assert [mark.picture for mark in found.marks] == ["dog/1.jpg"]
    assert len(found.faults) == 1
    assert whys(found)[0].startswith("boxes.csv:2: ")
    assert why in whys(found)[0]
    assert found.doubtful == ({"cat/1.jpg"} if line.startswith("cat/1") else frozenset())


def test_a_box_that_reaches_out_is_cut_when_asked(tmp_path: Path) -> None:
    lines = "cat/1.jpg,cat,-10,20,320,70\ncat/1.jpg,cat,400,20,420,70"
    found = marks_of(tmp_path, {"boxes.csv": HEAD + lines}, clip=True)

    assert [mark.box for mark in found.marks] == [(0, 20, 300, 70)]
    assert "wholly outside" in whys(found)[0]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("2 0.5 0.5 0.1 0.1", "class 2 is none of the 2 that have names"),
        ("-1 0.5 0.5 0.1 0.1", "class -1 is none"),
        ("99999999999999999999 0.5 0.5 0.1 0.1", "is none of the 2"),
        ("0 0.5 0.5 0.1", "it has 4 numbers"),
        ("0 0.1 0.1 0.2 0.1 0.2 0.2", "outlines are not read"),
        ("0 0.5 0.5 -0.1 0.1", "lies before"),
        ("0 0.5 0.5 1.5 0.1", "outside the picture"),
        ("0 nan 0.5 0.5 0.1", "is no number"),
    ],
)
def test_a_bad_line_of_yolo_is_told(words: str, why: str, tmp_path: Path) -> None:
    found = marks_of(tmp_path, {"classes.txt": "cat\ndog\n", "labels/cat/1.txt": f"0 0.5 0.5 0.2 0.2 0.9\n{words}\n"})

    assert [mark.box for mark in found.marks] == [pytest.approx((120, 80, 180, 120))]
    assert whys(found)[0].startswith("labels/cat/1.txt:2: ")
    assert why in whys(found)[0]


@pytest.mark.parametrize(
    "yaml",
    ["path: x\nnames: [cat, 'a dog']\n", "names:\n  0: cat\n  1: a dog\nnc: 2\n", 'nc: 2\nnames:\n- cat\n- "a dog"\n'],
)
def test_class_names_are_read_from_data_yaml(yaml: str, tmp_path: Path) -> None:
    found = marks_of(tmp_path, {"data.yaml": yaml, "labels/cat/1.txt": "1 0.5 0.5 0.2 0.2\n"})

    assert [mark.label for mark in found.marks] == ["a dog"]


def coco(**change: object) -> str:
    told: dict[str, object] = {
        "images": [{"id": 1, "file_name": "cat/1.jpg", "width": 300, "height": 200}],
        "annotations": [{"id": 7, "image_id": 1, "category_id": 3, "bbox": [10, 20, 100, 50]}],
        "categories": [{"id": 3, "name": "cat"}],
    }
    return json.dumps(told | change)


def annotation(**change: object) -> str:
    return coco(annotations=[{"id": 7, "image_id": 1, "category_id": 3, "bbox": [10, 20, 100, 50]} | change])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (annotation(image_id=9), "there is no image 9"),
        (annotation(category_id=None), "there is no category None"),
        (annotation(bbox=[1, 2, 3]), "its left is no number"),
        (annotation(bbox=["1", 2, 3, 4]), "its left is no number"),
        (annotation(bbox=[1, 2, 10**400, 4]), "its right is no number"),
        (annotation(bbox=[1, 2, float("nan"), 4]), "its right is no number"),
        (annotation(bbox=[10, 20, -5, 50]), "lies before"),
        (annotation(iscrowd=1), "a crowd"),
        (coco(images=[{"id": 1, "file_name": "cat/1.jpg", "width": 600, "height": 400}]), "drawn on 600 × 400 px"),
        (coco(annotations=[5]), "it is no object"),
    ],
)
def test_a_bad_annotation_of_coco_is_told(text: str, why: str, tmp_path: Path) -> None:
    found = marks_of(tmp_path, {"boxes.json": text})

    assert not found.marks
    assert any(why in each and each.startswith("boxes.json, annotation ") for each in whys(found))


def voc(box: str = "<xmin>1</xmin><ymin>1</ymin><xmax>300</xmax><ymax>200</ymax>", head: str = "") -> str:
    name = "<filename>cat/1.jpg</filename>"
    return f"{head}<annotation>{name}<object><name>cat</name><bndbox>{box}</bndbox></object></annotation>"


def test_voc_counts_from_one_and_a_folder_that_begins_at_nought_does_not(tmp_path: Path) -> None:
    whole = marks_of(tmp_path / "one", {"a.xml": voc()})
    nought = voc("<xmin>0</xmin><ymin>4</ymin><xmax>30</xmax><ymax>20</ymax>")
    zero = marks_of(tmp_path / "zero", {"a.xml": voc(), "b.xml": nought}, clip=True)

    assert [mark.box for mark in whole.marks] == [(0, 0, 300, 200)]
    assert [mark.box for mark in zero.marks] == [(1, 1, 300, 200), (0, 4, 30, 20)]


BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>'
OUTER = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (voc(head=BOMB), "declares a document type"),
        (voc(head=OUTER), "declares a document type"),
        ("<annotation><object>", "it is no XML"),
        ("<annotation>" * 20000, "it is no XML"),
        ("<a>" * 100_000 + "</a>" * 100_000, "XML of something else: a"),
        (voc("<xmin>1</xmin>"), "is no number"),
        (voc().replace("cat/1.jpg", "../../etc/passwd"), "there is no picture"),
        (voc() + " " * (1 << 22), "too large"),
    ],
    ids=["bomb", "outer entity", "cut", "endless", "deep", "no corners", "elsewhere", "large"],
)
def test_a_bad_file_of_voc_is_told_and_the_others_are_used(text: str, why: str, tmp_path: Path) -> None:
    good = voc().replace("cat/1", "dog/1").replace("300", "64").replace("200", "64")
    found = marks_of(tmp_path, {"bad.xml": text, "good.xml": good})

    assert [mark.picture for mark in found.marks] == ["dog/1.jpg"]
    assert why in whys(found)[0]
    assert whys(found)[0].startswith("bad.xml")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"boxes.csv": ""}, "no header"),
        ({"boxes.csv": "a,b\n1,2\n"}, "no header"),
        ({"boxes.csv": HEAD}, "not one box"),
        ({"boxes.json": "{nothing"}, "is no JSON"),
        ({"boxes.json": "[" * 100_000}, "is no JSON"),
        ({"boxes.json": "[]"}, "is not COCO's"),
        ({"boxes.json": coco(images={})}, "is not COCO's"),
        ({"labels/a.txt": "0 0.5 0.5 1 1", "labels/b.txt": ""}, "what its class numbers mean"),
        ({"a.xml": voc(), "a.txt": "0 0 0 0 0", "classes.txt": "cat"}, "both XML and text files"),
        ({"notes.md": "", "more.md": ""}, "no file of boxes"),
    ],
)
def test_what_is_no_file_of_boxes_is_said(files: dict[str, str], says: str, tmp_path: Path) -> None:
    place = put(tmp_path, files)

    with pytest.raises(UsageError, match=says):
        drafted(place)


def test_what_is_not_there_or_not_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "boxes.csv").write_bytes(HEAD.encode() + b"caf\xe9,1,2,3,4,5")

    with pytest.raises(UsageError, match="not in UTF-8"):
        drafted(tmp_path / "boxes.csv")
    with pytest.raises(UsageError, match="There is no file"):
        drafted(tmp_path / "other.csv")


def test_a_single_file_in_a_folder_is_taken(tmp_path: Path) -> None:
    put(tmp_path, {"annotations/instances.json": coco()})

    assert read(tmp_path, finder(SIZES)).form == "coco"


def test_yolo_cannot_hold_two_pictures_of_one_stem() -> None:
    with pytest.raises(UsageError, match=r"Two pictures would have the file labels/a\.txt"):
        written([], "yolo", {"a.jpg": (9, 9), "a.png": (9, 9)})
    assert len(written([], "voc", {"a.jpg": (9, 9), "a.png": (9, 9)})) == 2
    with pytest.raises(UsageError, match="no format 'xls'"):
        written([], "xls", {})


def test_links_and_hidden_folders_are_no_pictures(tmp_path: Path) -> None:
    for name in ("a.jpg", ".imgtool/removed/b.jpg", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    album = Album.of(tmp_path)

    assert album.find("a.jpg") == ("a.jpg", "")
    assert album.find("a") == ("a.jpg", "")
    for name in ("b.jpg", "c.txt", "link.jpg", "..", ""):
        assert album.find(name)[0] == ""
