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
    proven = "" if tested.learnt else f" ({between(rate, whole)})"
    return f"Of {whole:,} pictures {which}, it names {right} right{proven}."


def often(rate: Rate) -> tuple[int, str]:
    """A share as one says it, of a hundred where that will do; what rounds to all or none is so only when it is."""
    if rate.right in (0, rate.total):
        return rate.total, "every one" if rate.right else "none"
    for whole in (100, 1000, 10_000):
        if 0 < (count := round(rate.share * whole)) < whole:
            return whole, f"{count:,}"
    return rate.total, f"{rate.right:,}"


def between(rate: Rate, whole: int) -> str:
    """The interval, of so many."""
    low, high = rate.interval
    return f"{round(low * whole):,}–{round(high * whole):,}"


def meaning(report: Report) -> str:
    """What it rests on, and what that proves of other pictures; of those it learnt from, nothing."""
    rate = report.scores.accuracy
    counted = f"{rate.right:,} of {rate.total:,} were right"
    if report.tested.learnt:
        return f"{counted}."
    low, high = rate.interval
    proven = f"{low * 100:.1f} to {high * 100:.1f} %"
    return f"{counted}. Of other pictures like these that proves {proven}, 95 times of 100."
