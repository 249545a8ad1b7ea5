"""What figures mean, in sentences that the terminal and the page share."""

from __future__ import annotations

from classify.scores import Rate
from imgtool.pipeline.report import Report

# What the pictures of a split are to the model: by the split, and whether it learnt from some of them.
ASKED = {
    ("test", False): "it has never seen",
    ("val", True): "it was tuned on",
    ("train", True): "it learnt from",
}
OTHERS = "of the set"


def headline(report: Report) -> str:
    """The whole report in one sentence."""
    tested, rate = report.tested, report.scores.accuracy
    whole, right = often(rate)
    which = ASKED.get((tested.split, tested.learnt), OTHERS)
    return f"Of {whole:,} pictures {which}, it names {right} right ({between(rate, whole)})."


def often(rate: Rate) -> tuple[int, str]:
    """A share as one says it, of a hundred where that will do; what rounds to all or none is so only when it is."""
    if rate.right in (0, rate.total):
        return rate.total, "all" if rate.right else "none"
    for whole in (100, 1000, 10_000):
        if 0 < (count := round(rate.share * whole)) < whole:
            return whole, f"{count:,}"
    return rate.total, f"{rate.right:,}"


def between(rate: Rate, whole: int) -> str:
    """The interval, of so many."""
    low, high = rate.interval
    return f"{round(low * whole):,}–{round(high * whole):,}"


def meaning(rate: Rate) -> str:
    """What the interval says."""
    low, high = rate.interval
    proven = f"{low * 100:.1f} to {high * 100:.1f} %"
    return (
        f"{rate.right:,} of {rate.total:,} were right. "
        f"Of other pictures like these it names {proven} right, as far as so many can prove (95 %)."
    )
