"""A search in, addresses of the world out: what every engine of the world has behind its pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from imgtool.demo.kinds import Kind
from imgtool.demo.look import dice
from imgtool.demo.sites import ASTRAY, RELATED
from imgtool.demo.world import Plant, World
from imgtool.records import Filters

DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
GREYS = {"black", "gray", "white"}
SMALL, LARGE = 500, 700  # pixels of the longer side
OPEN = {"cc0", "pdm"}
FAME = 0.35  # how much of a picture's rank is its fame; the rest depends on the words


def find(world: World, engine: str, text: str, filters: Filters, cap: int) -> tuple[Plant, ...]:
    """What an engine has for these words, best first, and no more than its cap."""
    return _ranked(world, engine, plain(text), filters)[:cap]


def subject(world: World, text: str) -> str:
    """The class that a text speaks of; "" if of none."""
    words = set(plain(text).split())
    return next((name for name in world.classes if {name, f"{name}s"} & words), "")


def related(world: World, text: str) -> tuple[str, ...]:
    """What people also search: most of it fitting, some of it leading away."""
    name = subject(world, text)
    near, astray = RELATED.get(name, ()), ASTRAY.get(name, ())
    mixed = [*near[:3], *astray[:2], *near[3:], *astray[2:]]
    return tuple(words for words in mixed if plain(words) != plain(text))


def plain(text: str) -> str:
    """The words of a text, without case and sign."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@lru_cache(maxsize=256)
def _ranked(world: World, engine: str, text: str, filters: Filters) -> tuple[Plant, ...]:
    name = subject(world, text)
    astray = {plain(words) for group in ASTRAY.values() for words in group}
    if not name and text not in astray:
        return ()
    fitting = [plant for plant in world.plants if plant.label == name and fits(plant, filters)]
    luck = dice("search", world.seed, engine, text, filters).random(len(fitting))
    order = sorted(range(len(fitting)), key=lambda k: -(FAME * fitting[k].fame + (1 - FAME) * luck[k]))
    return tuple(fitting[k] for k in order)


def fits(plant: Plant, filters: Filters) -> bool:
    """Does an address pass the filters that are set?"""
    asked = ((test, getattr(filters, name)) for name, test in TESTS.items())
    return all(test(plant, value) for test, value in asked if value)


def size(plant: Plant) -> str:
    """Our word for how large a picture claims to be."""
    side = max(plant.seen.width, plant.seen.height)
    return "small" if side < SMALL else "medium" if side < LARGE else "large"


def _colour(plant: Plant, wanted: str) -> bool:
    name = plant.seen.colour
    return {"colour": name not in GREYS, "mono": name in GREYS}.get(wanted, name == wanted)


def _licence(plant: Plant, wanted: tuple[str, ...]) -> bool:
    code = plant.licence.partition(" ")[0]
    return bool(code) and (code in wanted or "any" in wanted or ("public" in wanted and code in OPEN))


TESTS: dict[str, Callable[..., bool]] = {
    "size": lambda plant, wanted: size(plant) == wanted,
    "colour": _colour,
    "kind": lambda plant, wanted: plant.seen.style == wanted,
    "aspect": lambda plant, wanted: plant.seen.aspect == wanted,
    "age": lambda plant, wanted: plant.age < DAYS[wanted],
    "licence": _licence,
}


def free(world: World, text: str, host: str = "") -> tuple[Plant, ...]:
    """The freely licensed pictures, of one host or of all; famous ones first."""
    name = subject(world, text)
    fitting = (plant for plant in world.plants if name and plant.label == name and plant.licence)
    kept = (plant for plant in fitting if (not host or plant.host == host) and plant.kind is not Kind.NEAR)
    return tuple(sorted(kept, key=lambda plant: -plant.fame))
