"""A sheet on which nothing is drawn: a network must name something, we need not believe it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from classify.nouns import Judgement, Pixels

WHY = "nothing is drawn on it"


def doubted(said: Sequence[Judgement], batch: Pixels) -> list[Judgement]:
    """What was said of a batch of digits, unsure where there is no ink."""
    inked = [bool(digit.any()) for digit in batch]
    return [each if ink else replace(each, sure=False, why=WHY) for each, ink in zip(said, inked, strict=True)]
