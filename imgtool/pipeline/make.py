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


@dataclass(frozen=True, slots=True)
class Watches:
    """Who looks on while what happens."""

    scrape: Callable[[Event], None] | None = None
    look: Watch = unwatched
    learn: Steps = unseen


def make(plan: Plan, learning: Learning, out: str = MODEL, watches: Watches | None = None) -> Made:
    """All of it. What cannot be trained is said before anything is fetched; of fewer pictures it learns as well."""
    seen = watches or Watches()
    if len(plan.classes) < 2:
        hint = "Name another: `imgtool make pikachu cat`."
        raise UsageError("A model tells classes apart, so it needs two; one is named.", hint=hint)
    named(out)
    checked(learning)
    scraped = run(plan, seen.scrape)
    return finished(scraped, plan, learning, out, seen)


def finished(scraped: ScrapeReport, plan: Plan, learning: Learning, out: str, seen: Watches) -> Made:
    """What comes after the scrape."""
    looked = check(plan.out, remove=DOUBTLESS, watch=seen.look)
    once = dedupe(plan.out, watch=seen.look)
    return Made(scraped, looked, once, train(plan.out, learning, out, watch=seen.look, steps=seen.learn))
