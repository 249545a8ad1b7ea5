"""What a scrape is to do, whole, as one value; and what it tells while it works."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, TypeAlias

from imgtool.errors import UsageError
from imgtool.records import Filters, Outcome, Query, Reason
from imgtool.settings import Settings
from imgtool.version import __version__
from scraper.limits import CONTACT, Limits

Browser: TypeAlias = Literal["auto", "never", "headless", "headed"]
List: TypeAlias = Path | Literal["-"]
EVERYTHING = 1 << 62  # n of a list that is to be taken whole


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """One class: its name, the words that are searched (its name, if none are given), how many pictures."""

    label: str
    queries: tuple[str, ...] = ()
    n: int = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """All of one `scrape`."""

    classes: tuple[ClassPlan, ...]
    out: Path = Path("data")
    engines: tuple[str, ...] = ("auto",)
    filters: Filters = field(default_factory=Filters)
    lists: tuple[List, ...] = ()  # --from
    min_size: int = 64
    retry: frozenset[Reason] = frozenset()
    refresh: bool = False  # ask the engines again, although their pages are remembered
    browser: Browser = "auto"
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        if not self.classes:
            message = "A scrape needs a class."
            raise UsageError(message, hint="For example `imgtool scrape pikachu --n 200`.")
        for planned in self.classes:
            if planned.n < 1:
                message = f"n is the number of pictures to keep, 1 or more; received {planned.n} for {planned.label!r}."
                raise UsageError(message)

    @property
    def limits(self) -> Limits:
        """The network's bounds."""
        return limits_of(self.settings)

    def searches(self, planned: ClassPlan) -> tuple[Query, ...]:
        """The queries of one class."""
        texts = planned.queries or (planned.label,)
        return tuple(Query(planned.label, text, self.filters) for text in texts)


def limits_of(settings: Settings) -> Limits:
    """The network's bounds, from the settings of the same names."""
    shared = {f.name for f in fields(Limits)} & {f.name for f in fields(Settings)}
    values = {name: getattr(settings, name) for name in shared}
    agent = f"imgtool/{__version__} ({CONTACT}{'; ' + settings.contact if settings.contact else ''})"
    return Limits(**values, user_agent=agent)


@dataclass(frozen=True, slots=True)
class PageRead:
    """A result page came in."""

    label: str
    engine: str
    verdict: str
    refs: int
    new: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know, in one sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Began:
    """A class is started; so many of its pictures are there already."""

    label: str
    wanted: int
    kept: int


Event: TypeAlias = Began | Outcome | PageRead | Note
