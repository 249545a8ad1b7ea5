"""A model's blocks below each other: how large its maps are and how many, what is learnt, what it costs."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

from imgtool.web.graph.sheet import EDGE, SIZES, WIDE, Sheet, fitted, wrapped

if TYPE_CHECKING:
    from classify.insight import Stage
    from imgtool.pipeline.graph import Net

LEFT = 118  # where words begin, right of the slabs
ROOM = WIDE - LEFT - EDGE
TALL, THIN = 46.0, 3.2  # of the largest slab; and of one for each doubling of its maps
LEAN = 9.0  # how far a slab is seen from the side
LABELS = 12  # names at the end
LEGEND = (("one", "frozen"), ("two", "learnt here"), ("none", "holds no numbers"))
UNITS = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


def blocks(sheet: Sheet, net: Net) -> None:
    """All of them, and the names at the end."""
    sheet.y += 8
    sheet.text(EDGE, sheet.y + SIZES["head"], fitted(net.name, WIDE - 2 * EDGE, SIZES["head"]), "head")
    sheet.y += 32
    sheet.lines(EDGE, wrapped(facts(net), WIDE - 2 * EDGE))
    x = float(EDGE)
    for kind, words in LEGEND:
        sheet.box((x, sheet.y + 5), (10, 10), kind, 2)
        sheet.text(x + 15, sheet.y + 15, words, "quiet")
        x += 24 + 8 * len(words)
    sheet.y += 34
    largest = max(stage.shape[0] for stage in net.stages)
    for stage in net.stages:
        block(sheet, stage, largest)
    labels = net.card.labels
    rest = [f"and {len(labels) - LABELS} more"] if len(labels) > LABELS else []
    sheet.text(LEFT, sheet.y + 16, "Probabilities", "name")
    sheet.text(WIDE - EDGE, sheet.y + 16, f"{len(labels):,}", "right")
    sheet.y += 22
    sheet.lines(LEFT, wrapped([*labels[:LABELS], *rest], ROOM))


def block(sheet: Sheet, stage: Stage, largest: int) -> None:
    """One of them."""
    top = sheet.y
    rows = list(wrapped(stage.says.split(", ") if stage.says else ["as they are"], ROOM))
    sheet.text(LEFT, top + 16, stage.name, "name")
    sheet.text(WIDE - EDGE, top + 16, shape(stage.shape), "right")
    sheet.y += 22
    sheet.lines(LEFT, [*rows, *wrapped(costs(stage), ROOM)])
    high = max(sheet.y - top, slab(sheet, stage, top, largest))
    sheet.y = top + high + 20
    sheet.arrow(EDGE + 40, sheet.y - 16, sheet.y - 3)


def slab(sheet: Sheet, stage: Stage, top: float, largest: int) -> float:
    """How large and how thick its answer is, as a slab; how high that is."""
    placed = len(stage.shape) == 3
    tall = TALL * (0.25 + 0.75 * log2(max(stage.shape[0], 2)) / log2(max(largest, 2))) if placed else 8.0
    thick = max(3.0, THIN * log2(max(stage.shape[-1], 2))) if placed else 8 + 6 * log2(max(stage.shape[-1], 2))
    x, y, kind = EDGE + 40 - thick / 2, top + 4 + LEAN, colour(stage)
    sheet.box((x, y), (thick, tall), kind, 1)
    lean = LEAN if placed else LEAN / 3
    sheet.path(f"M{x:g} {y:g}l{lean:g} {-lean:g}h{thick:g}l{-lean:g} {lean:g}z", f"{kind} side")
    sheet.path(f"M{x + thick:g} {y:g}l{lean:g} {-lean:g}v{tall:g}l{-lean:g} {lean:g}z", f"{kind} side")
    return tall + LEAN + 8


def colour(stage: Stage) -> str:
    """By what it holds and who taught it."""
    return "none" if not stage.weights else "two" if stage.learnt else "one"


def costs(stage: Stage) -> list[str]:
    """What it holds, and what it costs."""
    if not stage.weights:
        return ["nothing to learn"]
    whole = "learnt here" if stage.learnt == stage.weights else f"{stage.learnt:,} learnt here"
    said = [f"{stage.weights:,} numbers", whole if stage.learnt else "frozen"]
    return [*said, f"{large(stage.work)} multiplications"] if stage.work else said


def shape(shape: tuple[int, ...]) -> str:
    """Rows, columns and maps; or how many numbers."""
    return " × ".join(f"{each:,}" for each in shape)


def large(count: int) -> str:
    """A large number as one says it."""
    return next((f"{count / unit:.3g} {name}" for unit, name in UNITS if count >= unit), str(count))


def facts(net: Net) -> list[str]:
    """The whole in some words."""
    card, weights = net.card, sum(stage.weights for stage in net.stages)
    learnt, work = sum(stage.learnt for stage in net.stages), sum(stage.work for stage in net.stages)
    made = f"{card.backbone}{f' {card.alpha:g}' if card.alpha != 1 else ''}" if card.backbone else "from scratch"
    said = f"{learnt:,} of them learnt here" if learnt < weights else "all learnt here"
    return [made, f"{weights:,} numbers", said, f"{large(work)} multiplications a picture"]


def summed(net: Net) -> str:
    """The same in words, for those who do not see it."""
    said = [f"{stage.name}: {shape(stage.shape)}, {', '.join(costs(stage))}" for stage in net.stages]
    return f"{', '.join(facts(net))}. {'. '.join(said)}. It ends in {len(net.card.labels)} probabilities."
