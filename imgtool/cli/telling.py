"""What `predict` and `what` have in common: pictures are asked about, and each answer told as it comes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from imgtool.cli.bar import Bar
from imgtool.cli.given import many
from imgtool.cli.outcome import RULES
from imgtool.cli.predicted import NAME, Tally, why
from imgtool.cli.screen import Screen
from imgtool.cli.settle import settle
from imgtool.cli.verb import Common
from imgtool.cli.voices import Objects, OneObject, People, Table, Voice
from imgtool.cli.wanted import Wanted, words
from imgtool.cli.words import reason_words
from imgtool.errors import ImgtoolError, NothingFound, Partial, Refused, UsageError
from imgtool.pipeline.pictures import What, alone
from imgtool.pipeline.plan import limits_of
from imgtool.pipeline.predicted import Prediction
from imgtool.pipeline.telling import Asked

FEW = 8  # pictures that are told of in a few lines each
ALL = 1 << 62  # pictures that are shown: as many as there are


@dataclass(frozen=True, slots=True)
class Source:
    """Who says what pictures show."""

    ask: Callable[[What, Asked], Generator[Prediction, None, None]]
    facts: Mapping[str, object]  # what machines are told of it
    room: int  # characters of its names


def tell(screen: Screen, wanted: Wanted, common: Common, source: Source) -> None:
    """Ask, and tell each answer as it comes; ImgtoolError at the end when not every picture could be read."""
    voice, tally, started = voiced(screen, wanted, common, source), Tally(), time.monotonic()
    lost: list[Prediction] = []
    with (
        closing(source.ask(words(wanted.pictures), asked(screen, wanted, common))) as answers,
        counter(screen, common) as count,
    ):
        for said in answers:
            tally.add(said)
            voice.tell(said)
            count(f"{tally.told + tally.refused.total():,} pictures")
            if said.refusal and not lost:
                lost.append(said)
    voice.end(tally, {**source.facts, "seconds": round(time.monotonic() - started, 3)})
    if lost:
        raise missing(screen, tally, lost[0])


def asked(screen: Screen, wanted: Wanted, common: Common) -> Asked:
    """What the library is asked for."""
    settings = settle(screen, common, {"allow_private": wanted.allow_private}).settings
    save = Path(wanted.save).expanduser() if wanted.save else None
    shown = wanted.show and sys.stdout.isatty() and not common.json
    return Asked(wanted.top, save, ALL if shown else 0, limits_of(settings))


def voiced(screen: Screen, wanted: Wanted, common: Common, source: Source) -> Voice:
    """How it is told; UsageError for two ways at once."""
    chosen = [name for name, on in (("json", common.json), ("jsonl", wanted.jsonl), ("csv", wanted.csv)) if on]
    if len(chosen) > 1:
        raise UsageError(f"--{chosen[0]} and --{chosen[1]} contradict each other.", hint="Leave one of them out.")
    few = len(wanted.pictures) <= FEW and all(map(alone, wanted.pictures))
    ways: dict[str, Callable[[], Voice]] = {
        "json": lambda: OneObject(screen),
        "jsonl": lambda: Objects(screen),
        "csv": lambda: Table(screen, wanted.top),
    }
    return ways[chosen[0]]() if chosen else People(screen, min(source.room, NAME), few=few)


@contextmanager
def counter(screen: Screen, common: Common) -> Iterator[Callable[[str], None]]:
    """A moving count for whoever watches, unless the answers themselves move on the same terminal."""
    if sys.stdout.isatty() and not common.json:
        yield lambda _: None
        return
    with Bar(screen, "Reading") as bar:
        yield bar.say


def missing(screen: Screen, tally: Tally, first: Prediction) -> ImgtoolError:
    """What to say when not every picture could be read."""
    assert first.refusal is not None
    because = f"{first.picture}: {why(screen, first.refusal)}"
    if tally.told:
        count = tally.refused.total()
        return Partial(f"{many(count, 'picture')} could not be read, the first of them {because}.")
    if tally.refused.keys() <= RULES:
        hint = reason_words(first.refusal.reason).do
        return Refused(f"Our own rules say no to {because}.", hint=f"{hint}." if hint else "")
    return NothingFound(f"No picture could be read. {because}.")
