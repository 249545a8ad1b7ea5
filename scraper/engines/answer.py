"""What every engine's reading shares: the verdicts of status lines, and references put in their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from imgtool.records import ImageRef
from scraper.engines.base import Ask, Verdict

STATUS = {
    401: Verdict.DENIED,
    403: Verdict.DENIED,
    429: Verdict.RATE_LIMIT,
    451: Verdict.DENIED,
}


def placed(ask: Ask, refs: Iterable[ImageRef], licence: str = "") -> tuple[ImageRef, ...]:
    """The references with their class, engine, query and rank, and the licence class they were filtered by."""
    query = ask.query
    return tuple(
        replace(ref, label=query.label, engine=ask.engine, query=query.text, rank=rank, licence=ref.licence or licence)
        for rank, ref in enumerate(refs, ask.seen + 1)
    )
