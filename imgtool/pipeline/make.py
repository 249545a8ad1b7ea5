"""`make`: class names in, a trained model out: scrape, clean, split, train, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from classify.nouns import Learning
from classify.nouns import Watch as Steps
from classify.nouns import unwatched as unseen
from imgtool.errors import UsageError
from imgtool.pipeline.check import Checked, check
from imgtool.pipeline.dedupe import Deduped, dedupe
from imgtool.pipeline.opened import Watch, unwatched
from imgtool.pipeline.plan import Event, Plan
from imgtool.pipeline.routes import checked
from imgtool.pipeline.scrape import run
from imgtool.pipeline.train import MODEL, Trained, named, train
from imgtool.records import ScrapeReport

DOUBTLESS = ("broken", "blank")  # checks that hardly ever name a good picture: docs/quality.md


@dataclass(frozen=True, slots=True)
class Made:
    """What came of every step."""

    scraped: ScrapeReport
    checked: Checked
    deduped: Deduped
    trained: Trained


def make(plan: Plan, learning: Learning, out: str = MODEL) -> Made:
    """All of it; of fewer pictures than asked for it learns as well."""
    return finished(gathered(plan, learning, out), plan, learning, out)


def gathered(
    plan: Plan, learning: Learning, out: str = MODEL, watch: Callable[[Event], None] | None = None
) -> ScrapeReport:
    """The pictures. What cannot be trained is said before anything is fetched."""
    if len(plan.classes) < 2:
        hint = "Name another: `imgtool make pikachu cat`."
        raise UsageError("A model tells classes apart, so it needs two; one is named.", hint=hint)
    named(out)
    checked(learning)
    return run(plan, watch)


def finished(
    scraped: ScrapeReport,
    plan: Plan,
    learning: Learning,
    out: str = MODEL,
    *,
    watch: Watch = unwatched,
    steps: Steps = unseen,
) -> Made:
    """What comes after the scrape."""
    looked = check(plan.out, remove=DOUBTLESS, watch=watch)
    once = dedupe(plan.out, watch=watch)
    return Made(scraped, looked, once, train(plan.out, learning, out, watch=watch, steps=steps))
