"""The plan of a small web, as plain data: which addresses there are, and the truth about each.

Nothing is drawn and nothing is served here. The same seed gives the same plan, for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from imgtool.demo.kinds import SORT, SORTS, Kind
from imgtool.demo.look import Look, dice, look
from imgtool.demo.sites import CLASSES, COMMONS, CREATORS, LICENCES, OWN_HOST, PHOTOS, PLACES, RELATED, SITES

if TYPE_CHECKING:
    from imgtool.demo.routes import Served

FIRST_BAD = 1000  # numbers of pictures from here on are shown by no good address
VARIANTS = ("recompressed", "smaller", "trimmed", "brighter", "converted")
ENDINGS = {"jpeg": "jpg", "png": "png", "webp": "webp", "gif": "gif"}


@dataclass(frozen=True, slots=True)
class Plant:
    """One address of the world, and the truth about it."""

    kind: Kind
    host: str
    path: str
    label: str  # the class whose searches find it; "" = none
    shows: tuple[str, int] | None  # class and number of the picture to be seen there; None = there is none
    seen: Look  # what result pages say of it
    title: str
    story: str  # the path of the page it stands on
    key: str  # 32 hex digits, Bing's name for the picture
    fame: float  # 0–1; famous pictures come up in every search
    age: float  # days
    variant: str = ""  # how a near copy was made
    licence: str = ""
    creator: str = ""

    @property
    def number(self) -> int:
        """Which picture of its class it shows, or holds a broken piece of."""
        return self.shows[1] if self.shows else FIRST_BAD + int(self.key[:6], 16)

    @property
    def copied(self) -> bool:
        """Does Bing hold a full-size copy?"""
        return self.shows is not None and (SORT[self.kind].good or self.kind in {Kind.ROBOTS, Kind.NO_AI, Kind.TDM})


@dataclass(frozen=True)
class World:
    """A web of its own. `stall` is how long a stalled body keeps its reader waiting before it breaks off."""

    seed: int = 7
    stall: float = 3.0  # seconds; above the scraper's own limit of 15 the scraper hangs up first

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that can be searched."""
        return CLASSES

    @cached_property
    def plants(self) -> tuple[Plant, ...]:
        """Every picture address there is."""
        return (*(plant for label in CLASSES for plant in _class(label, self.seed)), *_others(self.seed))

    @property
    def planted(self) -> dict[str, tuple[str, int]]:
        """For each kind a line about it, and how many addresses of all classes together are of it."""
        return {sort.kind.value: (sort.about, sort.count * len(CLASSES)) for sort in SORTS}

    def serve(self, port: int = 0) -> AbstractAsyncContextManager[Served]:
        """The world on loopback, while the context lasts."""
        from imgtool.demo.server import serving

        return serving(self, port)

    def in_thread(self, port: int = 0) -> AbstractContextManager[Served]:
        """The same from a thread of its own, for callers without a running loop."""
        from imgtool.demo.server import threaded

        return threaded(self, port)


def _class(label: str, seed: int) -> Iterator[Plant]:
    """The addresses of one class: good ones first, then what is made from them, then the rest."""
    rng = dice("class", seed, label)
    good: list[Plant] = []
    for sort in (sort for sort in SORTS if sort.good):
        start = len(good)
        good += (_plant(sort.kind, label, start + k, seed) for k in range(sort.count))
    yield from good
    plain = [plant for plant in good if plant.kind is Kind.GOOD]
    chosen = rng.permutation(len(plain))[: SORT[Kind.COPY].count + SORT[Kind.NEAR].count]
    for place, number in enumerate(chosen):
        kind = Kind.COPY if place < SORT[Kind.COPY].count else Kind.NEAR
        yield _again(plain[int(number)], kind, place, seed)
    number = FIRST_BAD
    for sort in SORTS:
        if not sort.good and sort.kind not in {Kind.COPY, Kind.NEAR, Kind.OFF_TOPIC}:
            for _ in range(sort.count):
                yield _plant(sort.kind, label, number, seed)
                number += 1


def _others(seed: int) -> Iterator[Plant]:
    for number in range(SORT[Kind.OFF_TOPIC].count * len(CLASSES)):
        plant = _plant(Kind.OFF_TOPIC, "pattern", number, seed)
        yield replace(plant, label="", title=f"Print no. {number}", story=f"/prints/{number}.html")


def _plant(kind: Kind, label: str, number: int, seed: int) -> Plant:
    """An address that shows picture `number` of its class, or claims to."""
    rng = dice("plant", seed, label, number)
    other = [name for name in CLASSES if name != label][number % 2] if kind is Kind.STRAY else label
    seen = look(other, number, seed)
    if kind is Kind.MISNAMED:
        seen = replace(seen, file="webp" if number % 2 else "png")
    title = _title(label, rng)
    host, path, story = _place(kind, title, seen, number, rng)
    licensed = host in {COMMONS, PHOTOS} or rng.random() < 0.3
    return Plant(
        kind=kind,
        host=host,
        path=path,
        label=label,
        shows=(other, number) if _visible(kind) else None,
        seen=seen,
        title=title,
        story=story,
        key=hashlib.md5(f"{seed}/{label}/{number}".encode(), usedforsecurity=False).hexdigest(),
        fame=float(rng.random()),
        age=float(rng.exponential(500)) + 0.2,
        licence=_one(LICENCES, rng) if licensed else "",
        creator=_one(CREATORS, rng),
    )


def _again(plant: Plant, kind: Kind, place: int, seed: int) -> Plant:
    """A copy of a picture somewhere else. Bing knows every other exact copy for what it is."""
    rng = dice("again", seed, plant.label, plant.path)
    variant = VARIANTS[place % len(VARIANTS)] if kind is Kind.NEAR else ""
    known = kind is Kind.COPY and place % 2 == 0
    seen = plant.seen
    if variant == "converted":
        seen = replace(seen, file="jpeg" if seen.file != "jpeg" else "webp")
    title = _title(plant.label, rng)
    host, path, story = _place(kind, title, seen, place, rng)
    key = hashlib.md5(f"{plant.key}/{kind}".encode(), usedforsecurity=False).hexdigest()
    again = replace(plant, kind=kind, host=host, path=path, story=story, title=title, seen=seen, variant=variant)
    return replace(again, key=plant.key if known else key, fame=float(rng.random()), age=plant.age / 2)


def _visible(kind: Kind) -> bool:
    """Is there a picture to be had, for one who may?"""
    special = {Kind.STRAY, Kind.OFF_TOPIC, Kind.TINY, Kind.ROBOTS, Kind.CLOSED, Kind.NO_AI, Kind.TDM}
    return SORT[kind].good or kind in special


def _place(kind: Kind, title: str, seen: Look, number: int, rng: np.random.Generator) -> tuple[str, str, str]:
    """Host, path and story of an address."""
    slug = title.lower().replace(" ", "-")
    ending = {Kind.MISNAMED: "jpg", Kind.VECTOR: "svg"}.get(kind, ENDINGS[seen.file])
    year, month = 2014 + int(rng.integers(12)), 1 + int(rng.integers(12))
    folder = "members" if kind is Kind.ROBOTS else "images"
    name = f"{slug}-{kind[0]}{number:04d}"
    homes = (*SITES, *((COMMONS, PHOTOS) * 3)) if kind is Kind.GOOD else SITES
    host = OWN_HOST.get(kind, _one(homes, rng))
    return host, f"/{folder}/{year}/{month:02d}/{name}.{ending}", f"/stories/{year}/{name}.html"


def _title(label: str, rng: np.random.Generator) -> str:
    words = _one(RELATED.get(label, ("Print",))[:-1] or ("Print",), rng)
    return f"{words} {_one(('near', 'off', 'seen from', 'at'), rng)} {_one(PLACES, rng)}"


def _one(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]
