"""`regions`: pictures and boxes in, a dataset of crops out: each class, and what is none of them.

made = imgtool.regions("data", "boxes.csv", "crops")
made.counts["cat"]["true"], made.counts["background"]["hard"]
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from classify.nouns import Step, unwatched
from classify.nouns import Watch as Steps
from curate.cuts import Order, Truth, Wish, cutters, pieces
from curate.examiners import absolute
from curate.export.plan import Unit
from curate.export.studio import in_order
from curate.marks import Fault, Mark
from curate.units import chance
from imgtool.dataset import Dataset, configs, sources
from imgtool.errors import UsageError
from imgtool.pipeline.annotated import Annotated, annotated
from imgtool.pipeline.gathering import Basket, Parent
from imgtool.pipeline.opened import Watch
from imgtool.pipeline.opened import unwatched as unlooked
from imgtool.records import Entry, Refusal

VERB = "regions"
MORE = 6  # parts beside each true box of the commonest class; of rarer ones more, to even them out


@dataclass(frozen=True, slots=True)
class Cutting:
    """How pictures are cut."""

    per_picture: int = 12  # objects beside the true boxes, and as many of what is none, at most
    background: float = 3.0  # crops of it for each of the largest class
    seed: int = 0
    strategy: str = "fast"  # of the proposals
    clip: bool = False  # boxes that reach beyond their pictures are cut; otherwise refused


@dataclass(frozen=True, slots=True)
class Cropped:
    """What `regions` made."""

    root: Path
    form: str  # of the boxes
    boxes: int  # that could be used
    parents: int  # pictures that were cut
    counts: Mapping[str, Mapping[str, int]]  # class → kind → crops
    faults: tuple[Fault, ...]  # boxes that could not be used
    refused: Mapping[str, Refusal] = field(default_factory=dict)  # pictures that could not be cut
    dropped: Mapping[str, int] = field(default_factory=dict)  # crops that were not kept: why → how many
    before: int = 0  # pictures that an earlier run had cut

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import cropped

        return cropped(self)


def regions(
    data: str | Path,
    boxes: str | Path,
    out: str | Path,
    cutting: Cutting = Cutting(),
    *,
    watch: Watch = unlooked,
    steps: Steps = unwatched,
) -> Cropped:
    """Cut the pictures below `data` into a dataset at `out`: boxes, what shows the same, and what shows none of it.

    Nothing is written into `data`. The same seed gives the same bytes, and a run that was killed goes on.
    """
    root, target = beside(Path(data), Path(out))
    earlier = begun(target)
    known = annotated(root, Path(boxes), watch, clip=cutting.clip)
    key = named(known, cutting)
    if earlier not in ("", key):
        message = f"{target} was cut from other boxes or pictures, or in another way."
        raise UsageError(message, hint="Choose another place with --out, or delete that folder.")
    with Dataset.open(target, create=True) as dataset, dataset.writing():
        dataset.begin(VERB, {"key": key, "data": str(data), "boxes": str(boxes), **asdict(cutting)})
        basket = Basket.of(dataset, cutting.background)
        before = len(dataset.parents("done"))
        refused = cut(known, cutting, basket, steps)
        made = Cropped(
            target,
            known.form,
            sum(map(len, known.marks.values())),
            len(dataset.parents("done")),
            counted(dataset),
            known.faults,
            refused,
            dict(basket.dropped),
            before,
        )
        dataset.end({"counts": made.counts, "parents": made.parents})
    return made


def beside(root: Path, target: Path) -> tuple[Path, Path]:
    """UsageError unless the two folders are two."""
    here, there = root.resolve(), target.resolve()
    if there.is_relative_to(here) or here.is_relative_to(there):
        hint = f"Choose a folder beside it: --out {here.name}-crops"
        raise UsageError(f"{target} and {root} lie in each other; crops are a dataset of their own.", hint=hint)
    return root, target


def named(known: Annotated, cutting: Cutting) -> str:
    """What names this work: the pictures, their boxes, and how they are cut."""
    lines = [f"{entry.picture.sha256} {known.marks.get(entry.path, ())!r}" for entry in known.pictures]
    told = "\n".join([*lines, repr(sorted(known.doubtful)), repr(cutting)])
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()


def begun(target: Path) -> str:
    """The name of the work that was begun there, "" if it is new; UsageError when it holds anything else."""
    if not target.is_dir() or not any(target.iterdir()):
        return ""
    earlier = configs(target, VERB)
    if not earlier:
        raise UsageError(f"{target} is there, and is no dataset of crops.", hint="Choose another place with --out.")
    return str(earlier[0].get("key"))


def cut(known: Annotated, cutting: Cutting, basket: Basket, steps: Steps) -> dict[str, Refusal]:
    """Every picture that is not done with; those that could not be cut, by path."""
    wish = Wish(cutting.seed, cutting.per_picture, cutting.per_picture, cutting.strategy)
    shares = turns(known, cutting.seed)
    todo = [entry for entry in shares if entry.picture.sha256 not in basket.done]
    if not todo:
        return {}
    origin, refused = sources(known.root), {}
    orders = ((unit, order.plain()) for unit, order in ordered(known, todo, cutting))
    for done, (unit, answer) in enumerate(in_order(orders, cutters(wish)), 1):
        entry, found = unit.entry, pieces(answer)
        if isinstance(found, Refusal):
            refused[entry.path] = found
        else:
            labels = [mark.label for mark in known.marks.get(entry.path, ())]
            basket.put(Parent(entry, labels, origin.get(entry.picture.sha256), shares[entry]), found)
        steps(Step("Cutting", done, len(todo)))
    return refused


def turns(known: Annotated, seed: int) -> dict[Entry, float]:
    """Pictures in a seeded order, those in which nothing is at the end; which share of the background is due by then.

    Every picture has its part of it: the background of those without objects is the surest.
    """
    order = sorted(known.pictures, key=lambda entry: chance(f"{seed}:{entry.picture.sha256}:turn"))
    full = [entry for entry in order if known.marks.get(entry.path)]
    bare = [entry for entry in order if not known.marks.get(entry.path)]
    due = dict.fromkeys(full, len(full) / len(order))
    return due | {entry: (len(full) + number) / len(order) for number, entry in enumerate(bare, 1)}


def ordered(known: Annotated, todo: Sequence[Entry], cutting: Cutting) -> Iterator[tuple[Unit, Order]]:
    """What the cutters are told of each picture. Where something is that nobody knows rightly, is no background."""
    quotas = wanted([mark for marks in known.marks.values() for mark in marks], cutting.per_picture)
    numbers = {label: number for number, label in enumerate(quotas)}
    for entry in todo:
        marks = known.marks.get(entry.path, ())
        truths = tuple(Truth(mark.box, numbers[mark.label], quotas[mark.label]) for mark in marks)
        path = absolute(known.root / entry.path)
        yield Unit(entry, "", 0, ()), Order(path, entry.picture.sha256, truths, entry.path not in known.doubtful)


def wanted(marks: Sequence[Mark], most: int) -> dict[str, int]:
    """Label → parts for each of its boxes: the rarer it is, the more."""
    boxes = Counter(mark.label for mark in marks)
    largest = max(boxes.values())
    return {label: min(most, round((1 + MORE) * largest / count) - 1) for label, count in sorted(boxes.items())}


def counted(dataset: Dataset) -> dict[str, dict[str, int]]:
    """Class → kind → crops."""
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for crop in dataset.crops("done").values():
        table[crop.label][crop.kind] += 1
    return {label: dict(table[label]) for label in sorted(table)}
