"""An annotation held against its picture: a box within it, or what is wrong, by name."""

from __future__ import annotations

import math
from collections.abc import Mapping

from curate.marks.nouns import Draft, Drafts, Fault, Find, Four, Mark, Marks, Shown, Size

OVER = 0.5  # px beyond an edge that are a matter of rounding: YOLO's six digits are 0.02 px at the largest picture
SIDES = ("left", "top", "right", "bottom")


def settled(drafts: Drafts, find: Find, *, clip: bool = False) -> Marks:
    """Every annotation whose picture is there and holds it; the others by their faults. `clip` cuts at the edges."""
    found = {name: find(name) for name in drafts.pictures}
    marks: list[Mark] = []
    faults = list(drafts.faults)
    for draft in drafts.drafts:
        made = held(draft, found[draft.picture], clip=clip)
        if isinstance(made, Mark):
            marks.append(made)
        else:
            faults.append(made)
    there = {each.path for each in found.values() if isinstance(each, Shown)}
    bare = found.keys() - {draft.picture for draft in drafts.drafts}
    told = {fault.picture for fault in drafts.faults}
    faults += [Fault(name, name, str(found[name])) for name in sorted(bare - told) if isinstance(found[name], str)]
    doubtful = frozenset(pathed(fault, found) for fault in faults) & there
    return Marks(drafts.form, tuple(dict.fromkeys(marks)), tuple(sorted(there)), tuple(faults), doubtful)


def pathed(fault: Fault, found: Mapping[str, Shown | str]) -> str:
    """The path of the picture that it is about."""
    shown = found.get(fault.picture)
    return shown.path if isinstance(shown, Shown) else fault.picture


def held(draft: Draft, shown: Shown | str, *, clip: bool) -> Mark | Fault:
    """One annotation."""
    if isinstance(shown, str):
        return Fault(draft.place, draft.picture, shown)
    if why := misnamed(draft) or elsewhere(draft, shown.size) or crooked(draft.box):
        return Fault(draft.place, shown.path, f"{why} ({shown.path})")
    width, height = shown.size
    scale = (width, height, width, height) if draft.shares else (1, 1, 1, 1)
    box = tuple(value * by for value, by in zip(draft.box, scale, strict=True))
    cut = (max(box[0], 0.0), max(box[1], 0.0), min(box[2], float(width)), min(box[3], float(height)))
    if why := outside(box, cut, shown.size, clip=clip):
        return Fault(draft.place, shown.path, f"{why} ({shown.path})")
    return Mark(shown.path, draft.label.strip(), cut)


def misnamed(draft: Draft) -> str:
    """What is wrong with its name."""
    return "" if draft.label.strip() else "it has no name"


def elsewhere(draft: Draft, size: Size) -> str:
    """Was it drawn on a picture of another size?"""
    if not all(draft.size) or draft.size == size:
        return ""
    return f"it was drawn on {draft.size[0]} × {draft.size[1]} px, and the picture has {size[0]} × {size[1]}"


def crooked(box: Four) -> str:
    """What is wrong with its numbers, whatever the picture."""
    if any(not math.isfinite(value) for value in box):
        side = next(name for name, value in zip(SIDES, box, strict=True) if not math.isfinite(value))
        return f"its {side} is no number"
    left, top, right, bottom = box
    if right < left or bottom < top:
        return "its right or bottom lies before its left or top"
    return "it has no area" if right == left or bottom == top else ""


def outside(box: tuple[float, ...], cut: Four, size: Size, *, clip: bool) -> str:
    """How far it reaches beyond its picture, unless that may be cut off."""
    if cut[0] >= cut[2] or cut[1] >= cut[3]:
        return f"it lies wholly outside the picture of {size[0]} × {size[1]} px"
    over = {name: abs(value - edge) for name, value, edge in zip(SIDES, box, cut, strict=True)}
    name = max(over, key=lambda each: over[each])
    if clip or over[name] <= OVER:
        return ""
    return f"its {name} is {over[name]:g} px outside the picture of {size[0]} × {size[1]} px"
