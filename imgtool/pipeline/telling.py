"""Pictures in, what is said of them out: seen by other processes, judged in batches, captioned if that is asked."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Protocol

from classify.nouns import Judgement, Pixels
from curate.sights import Sight
from curate.team import Rules
from imgtool.pipeline.ahead import Ahead
from imgtool.pipeline.captions import Album
from imgtool.pipeline.pictures import What, alone
from imgtool.pipeline.predicted import Prediction
from imgtool.pipeline.seeing import Seen, seen
from imgtool.records import Refusal
from scraper.limits import Limits

BATCH = 32  # pictures judged at once: a network is hardly quicker with more
PATIENCE = 0.25  # s that a batch waits to be full: whoever types names one by one is answered one by one
GLIMPSE = 192  # px: the longer side of a picture that is shown beside its names


class Judge(Protocol):
    """Who says what pictures show."""

    def eyes(self) -> Rules:
        """How it wants to be shown pictures."""
        ...

    def judged(self, pixels: Sequence[Pixels], top: int) -> list[Judgement]:
        """What it says of each."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """How pictures are to be told of."""

    top: int = 5  # names
    save: Path | None = None  # the folder for copies with captions
    glimpses: int = 0  # of how many a small picture is handed out as well
    limits: Limits = field(default_factory=Limits)


def told(what: What, judge: Judge, asked: Asked) -> Generator[Prediction, None, None]:
    """What is said of each picture, in order, as it is known; memory stays flat however many there are."""
    with ExitStack() as stack:
        rules = replace(judge.eyes(), workers=1) if alone(what) else judge.eyes()
        room = stack.enter_context(TemporaryDirectory(prefix="imgtool-", ignore_cleanup_errors=True))
        leave = Event()
        ahead = stack.enter_context(Ahead(seen(what, rules, asked.limits, Path(room), leave), 2 * BATCH, leave))
        keep = stack.enter_context(Album(asked.save)) if asked.save else None
        left = asked.glimpses
        while not ahead.ended:
            group = ahead.take(BATCH, PATIENCE)
            made = said(group, judge, asked.top, left)
            left -= min(left, len(group))
            yield from keep.saved(group, made) if keep else made
            for one in group:
                one.forget()


def said(group: Sequence[Seen], judge: Judge, top: int, glimpses: int = 0) -> list[Prediction]:
    """What is said of a batch; the first have a small picture."""
    good = [one.sight.pixels for one in group if isinstance(one.sight, Sight)]
    judgements = iter(judge.judged(good, top) if good else [])
    made = []
    for place, one in enumerate(group):
        if isinstance(one.sight, Refusal):
            made.append(Prediction(one.pick.name, refusal=one.sight))
        else:
            spoken = prediction(one.pick.name, next(judgements))
            made.append(replace(spoken, pixels=glimpse(one.sight)) if place < glimpses else spoken)
    return made


def prediction(name: str, spoken: Judgement) -> Prediction:
    """A judgement with the name of its picture."""
    return Prediction(name, spoken.ranked, spoken.sure, spoken.why, spoken.strangeness)


def glimpse(sight: Sight) -> Pixels:
    """The picture in its own shape, small."""
    from curate.pixels.canvas import fitted, resized

    return resized(sight.pixels, *fitted(sight.width, sight.height, GLIMPSE, "pad"))
