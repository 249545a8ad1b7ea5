"""What every engine's reading shares: the verdict of a status line, and references put in their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from imgtool.records import ImageRef
from scraper.engines.base import Ask, Page, Verdict

STATUS = {
    401: Verdict.DENIED,
    403: Verdict.DENIED,
    429: Verdict.RATE_LIMIT,
    451: Verdict.DENIED,
}


def refusal(status: int) -> Page | None:
    """The page that a status line alone decides; None when the body has to be read."""
    if 200 <= status < 300:
        return None
    return Page(STATUS.get(status, Verdict.ERROR), detail=f"It answered HTTP {status}.")


def placed(ask: Ask, refs: Iterable[ImageRef]) -> tuple[ImageRef, ...]:
    """The references with their class, engine, query and rank."""
    return tuple(
        replace(ref, label=ask.query.label, engine=ask.engine, query=ask.query.text, rank=rank)
        for rank, ref in enumerate(refs, ask.seen + 1)
    )
