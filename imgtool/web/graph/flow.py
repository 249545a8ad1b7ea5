"""A dataset's way: a box for each step, what was lost below it, and the classes at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from imgtool.web.figures import percent
from imgtool.web.graph.sheet import EDGE, SIZES, WIDE, Sheet, fitted, wrapped

if TYPE_CHECKING:
    from imgtool.pipeline.graph import Flow, Net, Part, Step

HIGH = 46  # of a box without words
INNER = WIDE - 2 * EDGE - 28  # room for words in it
LOSS = EDGE + 52  # where words of losses begin
FEW = 6  # reasons told one by one
CLASSES = 12  # rows; of more classes the largest are told, and the others together
THIS, OTHER = "These very pictures.", "Other pictures than these, or another split of them."
NAME, BAR = 150, 220  # of a class: its name, and the bar of the largest
SPLITS: Mapping[str, tuple[str, str]] = {
    "train": ("one", "train"),
    "val": ("three", "val"),
    "test": ("two", "test"),
    "": ("none", "in no split"),
}


def way(sheet: Sheet, flow: Flow, net: Net | None) -> None:
    """All steps, the classes, and the model they end in."""
    sheet.text(EDGE, sheet.y + SIZES["head"], fitted(flow.name, WIDE - 2 * EDGE, SIZES["head"]), "head")
    sheet.y += 36
    first = flow.steps[0].count
    for place, step in enumerate(flow.steps):
        box(sheet, step, first)
        if place + 1 < len(flow.steps):
            losses(sheet, step)
    listed(sheet, flow)
    if net is not None:
        learnt(sheet, net, flow.digest)


def box(sheet: Sheet, step: Step, first: int) -> None:
    """A step's name, its count, what it is made of; the bar is its share of the first."""
    rows = list(wrapped(named(step.parts), INNER))
    top, high = sheet.y, HIGH + 18 * len(rows)
    sheet.box((EDGE, top), (WIDE - 2 * EDGE, high), "card", 8)
    sheet.text(EDGE + 14, top + 28, step.name, "name")
    sheet.text(WIDE - EDGE - 14, top + 29, f"{step.count:,}", "count right")
    sheet.y += 34
    sheet.lines(EDGE + 14, rows)
    sheet.box((EDGE + 14, top + high - 8), (INNER, 4), "none", 2)
    sheet.box((EDGE + 14, top + high - 8), (INNER * share(step.count, first), 4), "one", 2)
    sheet.y = top + high


def losses(sheet: Sheet, step: Step) -> None:
    """Who goes no further and why, beside the way of those who do."""
    top = sheet.y
    sheet.y += 8
    if step.lost:
        sheet.path(f"M{EDGE + 22} {top + 21:g}H{LOSS - 8}m-5 -4l5 4l-5 4")
        sheet.lines(LOSS, [f"{step.lost:,} {step.left}"], "lost")
        sheet.lines(LOSS, wrapped(named(step.leaving), WIDE - LOSS - EDGE))
    sheet.y += 10
    sheet.arrow(EDGE + 22, top, sheet.y)


def named(parts: Sequence[Part]) -> list[str]:
    """The largest with their counts, and the others together."""
    some = [f"{part.name} {part.count:,}" for part in parts[: FEW if len(parts) > FEW + 1 else len(parts)]]
    rest = parts[len(some) :]
    return [*some, f"others {sum(part.count for part in rest):,}"] if rest else some


def share(count: int, most: int) -> float:
    """Of the most; nothing of nothing."""
    return count / most if most else 0.0


def listed(sheet: Sheet, flow: Flow) -> None:
    """Each class with its splits."""
    sizes = {label: sum(splits.values()) for label, splits in flow.classes.items()}
    order = sorted(sizes, key=lambda label: (-sizes[label], label))
    shown = order if len(order) <= CLASSES else order[: CLASSES - 2]
    used = [name for name in SPLITS if any(splits.get(name) for splits in flow.classes.values())]
    used = used if used != [""] else []
    sheet.y += 14
    legend(sheet, used)
    most = max(sizes.values(), default=0)
    for label in shown:
        row(sheet, label, flow.classes[label], most)
    if rest := order[len(shown) :]:
        words = f"{len(rest)} more classes, {sum(sizes[label] for label in rest):,} pictures"
        sheet.lines(EDGE + 14, [f"and {words}"])
    if flow.broken:
        sheet.lines(EDGE + 14, [f"{flow.broken:,} more files there are no pictures"], "lost")


def legend(sheet: Sheet, used: Sequence[str]) -> None:
    """Which colour is which split."""
    x = float(EDGE + 14 + NAME)
    for name in used:
        kind, words = SPLITS[name]
        sheet.box((x, sheet.y + 3), (10, 10), kind, 2)
        sheet.text(x + 15, sheet.y + 13, words, "quiet")
        x += 72
    sheet.y += 24 if used else 0


def row(sheet: Sheet, label: str, splits: Mapping[str, int], most: int) -> None:
    """A class: its name, its splits as one bar, its count."""
    sheet.text(EDGE + 14, sheet.y + 14, fitted(label, NAME - 10, SIZES["text"]))
    x = float(EDGE + 14 + NAME)
    for name in (*SPLITS, *sorted(set(splits) - set(SPLITS))):
        length = BAR * share(splits.get(name, 0), most)
        if length:
            sheet.box((x, sheet.y + 3), (length, 12), SPLITS.get(name, SPLITS[""])[0], 1)
        x += length
    sheet.text(WIDE - EDGE - 14, sheet.y + 14, f"{sum(splits.values()):,}", "right")
    sheet.y += 22


def learnt(sheet: Sheet, net: Net, digest: str) -> None:
    """The model at the end of the way, in its own words, and whether it is the end of this one."""
    top = sheet.y
    sheet.y += 24
    sheet.arrow(EDGE + 22, top + 4, sheet.y)
    counts = {name: sum(each.values()) for name, each in net.card.counts.items()}
    words = {"train": "learnt from", "val": "tuned on", "test": "tested on"}
    told = [f"{words.get(name, name)} {count:,}" for name, count in counts.items() if count]
    rows = [*wrapped(told, INNER), THIS if net.card.dataset == digest else OTHER]
    accuracy = net.card.metrics.get("accuracy")
    at, high = sheet.y, HIGH - 6 + 18 * len(rows)
    sheet.box((EDGE, at), (WIDE - 2 * EDGE, high), "card", 8)
    sheet.text(EDGE + 14, at + 28, fitted(net.name, INNER - 110, SIZES["name"]), "name")
    if accuracy is not None:
        sheet.text(WIDE - EDGE - 14, at + 29, f"{percent(accuracy, 1)} right", "count right")
    sheet.y = at + 34
    sheet.lines(EDGE + 14, rows)
    sheet.y = at + high + 14


def told(flow: Flow) -> str:
    """The same in words, for those who do not see it."""
    said = [
        f"{step.name}: {step.count:,}" + (f", of which {step.lost:,} {step.left}" if step.lost else "")
        for step in flow.steps
    ]
    classes = ", ".join(f"{label} {sum(splits.values()):,}" for label, splits in list(flow.classes.items())[:CLASSES])
    more = len(flow.classes) - CLASSES
    return f"{'. '.join(said)}. Classes: {classes}{f' and {more} more' if more > 0 else ''}."
