"""What each class lacks: pictures, sources, licences, pixels. Counts in, a report and advice out."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from types import MappingProxyType
from typing import TypeAlias

from imgtool.records import Entry

# Plain judgement, not measured: the advice is to look, not a verdict.
SCARCE = 0.8  # of the median class: a fifth less is worth another scrape
FEWEST = 10  # pictures: less, and a tenth for validation is no picture at all
LEANING = 0.5  # more of one source, or licence, than all classes together have: it can be learnt instead of the class
FINER = 2.0  # times: an octave of resolution between classes can be learnt as well

Counters: TypeAlias = Mapping[str, Mapping[str, int]]  # class → source or licence → pictures
NONE: Counters = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Class:
    """What there is of one class."""

    label: str
    count: int
    share: float  # of the whole set
    sizes: tuple[float, float, float]  # px: quartiles of the shorter side
    sources: Mapping[str, int]
    licences: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Balance:
    """All classes, the scarcest first, and what to do."""

    classes: tuple[Class, ...]
    median: float  # pictures a class
    advice: tuple[str, ...]


def balance(
    entries: Sequence[Entry],
    *,
    labels: Collection[str] = (),
    sources: Counters = NONE,
    licences: Counters = NONE,
    out: str = "",
) -> Balance:
    """The report. `labels` are classes that should be there; `out` is the folder that advice names."""
    by_label: dict[str, list[Entry]] = defaultdict(list, {label: [] for label in labels})
    for entry in entries:
        by_label[entry.label].append(entry)
    made = [
        Class(
            label,
            len(found),
            len(found) / (len(entries) or 1),
            spread([min(entry.picture.width, entry.picture.height) for entry in found]),
            sources.get(label, {}),
            licences.get(label, {}),
        )
        for label, found in by_label.items()
    ]
    classes = tuple(sorted(made, key=lambda one: (one.count, one.label)))
    usual = float(median(one.count for one in classes)) if classes else 0.0
    return Balance(classes, usual, tuple(advice(classes, usual, out)))


def advice(classes: Sequence[Class], usual: float, out: str) -> Iterator[str]:
    """What a person may want to do about it, the gravest first."""
    yield from scarce(classes, usual, out)
    yield from few(classes, usual, out)
    yield from leaning(classes, "from", lambda one: one.sources)
    yield from leaning(classes, "under licence", lambda one: one.licences)
    yield from coarse(classes)


def spread(sizes: list[int]) -> tuple[float, float, float]:
    """Quartiles; zeros of nothing."""
    if len(sizes) < 2:
        return (float(sum(sizes)),) * 3
    low, middle, high = quantiles(sizes, n=4, method="inclusive")
    return low, middle, high


def scarce(classes: Sequence[Class], usual: float, out: str) -> Iterator[str]:
    """Classes with much less than the median, and how to get the rest."""
    wanted = round(usual)
    for one in classes:
        if one.count < SCARCE * usual:
            what = f"has {one.count / usual:.0%} of the median" if one.count else "is empty"
            yield f"{one.label} {what}; scrape {wanted - one.count} more: `{command(one.label, wanted, out)}`."


def few(classes: Sequence[Class], usual: float, out: str) -> Iterator[str]:
    """Classes too small to be split, when all others are as small and the median says nothing."""
    for one in classes:
        if SCARCE * usual <= one.count < FEWEST:
            line = command(one.label, 10 * FEWEST, out)
            yield f"{one.label} has {one.count}, too few to hold any out for validation: `{line}`."


def leaning(classes: Sequence[Class], what: str, counts: Callable[[Class], Mapping[str, int]]) -> Iterator[str]:
    """Classes that come from one source, or under one licence, far more than the others."""
    whole = sum((Counter(counts(one)) for one in classes), Counter[str]())
    for one in classes:
        known = sum(counts(one).values())
        for name, count in counts(one).items():
            all_share = whole[name] / whole.total()
            if known and count / known - all_share >= LEANING:
                yield (
                    f"{one.label}: {count / known:.0%} {what} {name or 'unknown'}, {all_share:.0%} of all classes;"
                    " a classifier may learn that instead. Mix them."
                )


def coarse(classes: Sequence[Class]) -> Iterator[str]:
    """Classes whose pictures are much smaller or larger than those of the others."""
    sides = {one.label: one.sizes[1] for one in classes if one.count}
    middle = median(sides.values()) if sides else 0.0
    for label, side in sides.items():
        if side * FINER <= middle or side >= FINER * middle:
            yield (
                f"{label}: shorter sides are {side:.0f} px, those of the median class {middle:.0f} px;"
                f" a classifier may learn the blur. Export at {min(side, middle):.0f} px or less."
            )


def command(label: str, number: int, out: str) -> str:
    """The command that fetches them."""
    return shlex.join(["imgtool", "scrape", label, "--n", str(number), *(("--out", out) if out else ())])
