"""Boxes as COCO has them: one JSON object with images, annotations and categories."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from curate.marks.files import text
from curate.marks.nouns import Draft, Drafts, Fault, Four, Mark, Size
from imgtool.errors import UsageError

FILE = "boxes.json"
PARTS = ("images", "annotations", "categories")
NOWHERE: Four = (float("nan"),) * 4


def drafts(path: Path) -> Drafts:
    """The annotations of the file."""
    try:
        told = json.loads(text(path))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON: {error}.") from None
    if not isinstance(told, dict) or any(not isinstance(told.get(part), list) for part in PARTS):
        raise UsageError(f"{path} is not COCO's: it wants lists named {', '.join(PARTS)}.")
    images, names = ({key(each, "id"): each for each in told[part] if isinstance(each, dict)} for part in PARTS[::2])
    made = list(each_of(path.name, told["annotations"], images, names))
    listed = (str(image.get("file_name") or "") for image in images.values())
    return Drafts(
        "coco",
        tuple(each for each in made if isinstance(each, Draft)),
        tuple(dict.fromkeys(name for name in listed if name)),
        tuple(each for each in made if isinstance(each, Fault)),
    )


def each_of(
    name: str, told: Sequence[Any], images: Mapping[str, Any], names: Mapping[str, Any]
) -> Iterator[Draft | Fault]:
    """Each, with its picture and its class looked up."""
    for number, each in enumerate(told, 1):
        place = f"{name}, annotation {each.get('id', number) if isinstance(each, dict) else number}"
        if not isinstance(each, dict):
            yield Fault(place, "", "it is no object")
            continue
        image, category = images.get(key(each, "image_id"), {}), names.get(key(each, "category_id"), {})
        picture, label = str(image.get("file_name") or ""), str(category.get("name") or "")
        if why := lacking(each, picture, label):
            yield Fault(place, picture, why)
        else:
            yield Draft(place, picture, label, box(each.get("bbox")), size=size(image))


def lacking(told: Mapping[str, Any], picture: str, label: str) -> str:
    """What keeps an annotation from being one of one thing in one picture."""
    reasons = (
        (not picture, f"there is no image {told.get('image_id')!r}"),
        (not label, f"there is no category {told.get('category_id')!r}"),
        (bool(told.get("iscrowd")), "it is a crowd, and no single thing"),
    )
    return next((why for wrong, why in reasons if wrong), "")


def key(told: Mapping[str, Any], name: str) -> str:
    """An id; numbers and texts of the same digits are one."""
    return str(told.get(name))


def box(told: object) -> Four:
    """Left, top, width and height as a box."""
    if not isinstance(told, list) or len(told) != 4 or not all(type(value) in (int, float) for value in told):
        return NOWHERE
    left, top, wide, high = map(real, told)
    return left, top, left + wide, top + high


def real(value: float) -> float:
    """As a float; infinite where it is beyond one."""
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def size(image: Mapping[str, Any]) -> Size:
    """As the file says it."""
    sides = (image.get("width"), image.get("height"))
    return (sides[0], sides[1]) if isinstance(sides[0], int) and isinstance(sides[1], int) else (0, 0)


def written(marks: Sequence[Mark], sizes: Mapping[str, Size]) -> dict[str, str]:
    """The file, by its name."""
    pictures = {name: number for number, name in enumerate(sorted(sizes), 1)}
    labels = {label: number for number, label in enumerate(sorted({mark.label for mark in marks}), 1)}
    images = [
        {"id": number, "file_name": name, "width": sizes[name][0], "height": sizes[name][1]}
        for name, number in pictures.items()
    ]
    boxes = [
        {
            "id": number,
            "image_id": pictures[mark.picture],
            "category_id": labels[mark.label],
            "bbox": (sides := [mark.box[0], mark.box[1], mark.box[2] - mark.box[0], mark.box[3] - mark.box[1]]),
            "area": sides[2] * sides[3],
            "iscrowd": 0,
        }
        for number, mark in enumerate(marks, 1)
    ]
    categories = [{"id": number, "name": label} for label, number in labels.items()]
    told = {"images": images, "annotations": boxes, "categories": categories}
    return {FILE: json.dumps(told, ensure_ascii=False, indent=1) + "\n"}
