"""`export`: the split dataset in a form that people load."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curate.export import Exported, ExportOptions, Facts
from curate.export import export as carry_out
from curate.export.options import sensible
from curate.export.plan import planned
from imgtool.dataset import Dataset
from imgtool.errors import UsageError
from imgtool.pipeline.opened import Watch, Where, opened, unwatched
from imgtool.pipeline.split import earlier
from imgtool.records import Entry, ImageRef

COLLECTED = "collected"
BY_HAND = "taken out by hand"


@dataclass(frozen=True, slots=True)
class Sent:
    """What `export` made, or would make."""

    root: Path
    exported: Exported  # without a digest when it is only planned
    unsplit: int  # pictures in no split, which are not in it
    steps: tuple[tuple[str, int], ...]  # pictures left after each step

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import sent

        return sent(self)


@dataclass(frozen=True, slots=True)
class Order:
    """All that an export is made from."""

    root: Path
    target: Path
    entries: list[Entry]
    where: Mapping[str, str]  # path → split
    sources: Mapping[str, ImageRef]  # by path
    facts: Facts


def export(data: Where, options: ExportOptions, out: str | Path = "", *, watch: Watch = unwatched) -> Sent:
    """The split dataset in the form of `options.to`; `out` is a folder beside the dataset unless named.

    Whole, or not there at all; the same bytes for the same dataset and options.
    """
    with opened(data, watch) as ready:
        order = ordered(ready.dataset, options, out)
        what = (order.entries, order.where, order.root, order.target)
        return sent(order, carry_out(*what, options, order.sources, order.facts))


def plan(data: Where, options: ExportOptions, out: str | Path = "", *, watch: Watch = unwatched) -> Sent:
    """What `export` would make of what is there now."""
    with opened(data, watch) as ready:
        order = ordered(ready.dataset, options, out)
        sensible(options)
        counts = planned(order.entries, order.where, options).counts()
        return sent(order, Exported(order.target, counts, ""))


def sent(order: Order, exported: Exported) -> Sent:
    """The order with what came of it."""
    return Sent(order.root, exported, len(order.entries) - len(order.where), order.facts.steps)


def ordered(dataset: Dataset, options: ExportOptions, out: str | Path) -> Order:
    """The order for this dataset as it is; UsageError when it makes no sense here."""
    root = dataset.root
    known_classes(dataset, options.no_flip)
    entries = list(dataset.entries())
    facts = Facts(name=root.resolve().name, steps=steps(dataset, entries))
    target = place(root, options.to, out)
    return Order(root, target, entries, earlier(dataset, entries), refs(dataset, entries), facts)


def place(root: Path, to: str, out: str | Path) -> Path:
    """Where the export goes. Inside the dataset it would become a class."""
    target = Path(out) if out else root.resolve().with_name(f"{root.resolve().name}-{to}")
    if target.resolve().is_relative_to(root.resolve()):
        hint = f"Choose a folder beside it: --out {root.resolve().name}-{to}"
        raise UsageError(f"{target} is inside the dataset, where it would become a class.", hint=hint)
    return target if out else Path(os.path.relpath(target))


def known_classes(dataset: Dataset, labels: Collection[str]) -> None:
    """UsageError for a class that is not there."""
    classes = dataset.classes()
    if strange := sorted(set(labels) - set(classes)):
        raise UsageError(f"There is no class {strange[0]!r}.", hint=f"The classes: {', '.join(classes)}.")


def refs(dataset: Dataset, entries: Sequence[Entry]) -> dict[str, ImageRef]:
    """Path → where the picture came from, of those that came from somewhere."""
    sources = dataset.sources()
    return {entry.path: sources[entry.picture.sha256] for entry in entries if entry.picture.sha256 in sources}


def steps(dataset: Dataset, entries: Sequence[Entry]) -> tuple[tuple[str, int], ...]:
    """Pictures left after each step, the first being all there ever were."""
    lost = dict(losses(dataset))
    left = len(entries) + sum(lost.values())
    table = [(COLLECTED, left)]
    for step, count in lost.items():
        left -= count
        table.append((step, left))
    return tuple(table)


def losses(dataset: Dataset) -> Iterator[tuple[str, int]]:
    """Each verb that took pictures out, in the order of their first time, with how many are still out."""
    out = {entry.path for entry in dataset.entries("removed")}
    verbs: Counter[str] = Counter()
    for change in reversed(list(dataset.history())):
        verbs[change.verb] += sum(move.new_path in out for move in change.moves)
    yield from ((verb, count) for verb, count in verbs.items() if count)
    by_hand = dataset.states()["missing"] + len(out) - verbs.total()
    if by_hand > 0:
        yield BY_HAND, by_hand
