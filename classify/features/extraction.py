"""Pictures in, features out; what was computed before is not computed again, whatever happened in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache as once
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np

from classify.backbones import Built, build, digest
from classify.features.cache import Cache, Key
from classify.features.eyes import Eye, Proof, exact, proven
from classify.nouns import Features, Pixels, Recipe, Step, Watch, unwatched
from imgtool.errors import ImgtoolError

# Places in, those that can be read out, with their pixels, in the same order
Show: TypeAlias = Callable[[Sequence[int]], Iterable[tuple[int, Pixels]]]
Lot: TypeAlias = tuple[list[int], Pixels]

BATCH = 32  # pictures at once: more gain nothing, and VGG16's first layers have 400 MB of them
SAMPLE = 32  # pictures by which the quick eye is proven
LIKENESS, SPEED = "likeness", "speed"  # the facts that remember how it did


@dataclass(frozen=True, slots=True)
class Wanted:
    """These pictures, by this recipe."""

    recipe: Recipe
    keys: Sequence[Key]
    show: Show
    watch: Watch = unwatched


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was seen."""

    features: Features  # a row for each place
    places: tuple[int, ...]  # those that could be read
    fresh: int  # of which computed now
    note: str = ""  # what a person should know of it


def extract(wanted: Wanted, folder: Path, *, quick: bool = False) -> Extracted:
    """The features of all that can be read. The backbone is built only for pictures that nobody has looked at before.

    `quick`: with 8 bits, where a sample of these very pictures proves that it comes to nearly the same.
    """
    name, built, note = digest(wanted.recipe), once(lambda: started(wanted)), ""
    if quick:
        with Cache(folder / f"{name}-quick.sqlite") as cache:
            eye = tried(wanted, cache, built)
            if not poor(cache):
                return seen(wanted, cache, lambda: eye, f"Seen with 8 bits: {told(cache)}.")
            note = f"Seen with 32 bits, for 8 did not prove themselves: {told(cache)}."
    with Cache(folder / f"{name}.sqlite") as cache:
        return seen(wanted, cache, once(lambda: exact(built())), note)


def started(wanted: Wanted) -> Built:
    """The backbone, its start announced: it takes seconds."""
    wanted.watch(Step(f"Starting {wanted.recipe.backbone}"))
    return build(wanted.recipe)


def tried(wanted: Wanted, cache: Cache, built: Callable[[], Built]) -> Eye:
    """The quick eye, proven on a sample of what is missing; how it did is noted."""
    missing = [] if poor(cache) else lacking(cache, wanted.keys)
    spread = missing[:: -(-len(missing) // SAMPLE) or 1]  # over all classes, whatever the order
    sample = [pixels for _, pixels in islice(wanted.show([*spread, *missing]), SAMPLE)] if missing else []
    if not sample:
        return blind
    wanted.watch(Step("Proving the quick way"))
    eye, proof = proven(built(), np.stack(sample))
    cache.note(LIKENESS, f"{proof.likeness:.4f}")
    cache.note(SPEED, f"{proof.speed:.2f}")
    return eye


def poor(cache: Cache) -> bool:
    """Has the quick eye been tried, and found wanting?"""
    return bool(cache.fact(SPEED)) and not Proof(float(cache.fact(LIKENESS)), float(cache.fact(SPEED))).good


def told(cache: Cache) -> str:
    """How the quick eye did."""
    return f"likeness {cache.fact(LIKENESS) or 'unknown'}, {cache.fact(SPEED) or '?'} times as fast"


def blind(pixels: Pixels) -> Features:
    """Nothing is left to be looked at."""
    raise ImgtoolError(f"{len(pixels)} pictures came that were not there a moment ago.", hint="Run it again.")


def seen(wanted: Wanted, cache: Cache, make: Callable[[], Eye], note: str) -> Extracted:
    """What is missing computed, batch by batch written down; then all of it."""
    missing = lacking(cache, wanted.keys)
    done, total = len(wanted.keys) - len(missing), len(wanted.keys)
    lost = set(missing)
    for places, pixels in one_ahead(lots(wanted.show(missing))) if missing else ():
        cache.put([wanted.keys[place] for place in places], finite(make()(pixels), wanted.recipe))
        lost -= set(places)
        done += len(places)
        wanted.watch(Step("Looking at pictures", done, total))
    kept = tuple(place for place in range(total) if place not in lost)
    features = cache.get([wanted.keys[place] for place in kept])
    return Extracted(features, kept, len(missing) - len(lost), note)


def lacking(cache: Cache, keys: Sequence[Key]) -> list[int]:
    """The places of what it has not."""
    known = cache.known(keys)
    return [place for place, key in enumerate(keys) if key not in known]


def lots(found: Iterable[tuple[int, Pixels]]) -> Iterator[Lot]:
    """Pictures by the batch."""
    waiting = iter(found)
    while lot := list(islice(waiting, BATCH)):
        yield [place for place, _ in lot], np.stack([pixels for _, pixels in lot])


def one_ahead(found: Iterator[Lot]) -> Iterator[Lot]:
    """Each batch; the next is decoded while the backbone looks at it."""
    with ThreadPoolExecutor(1, "ahead") as pool:
        coming = pool.submit(next, found, None)
        while lot := coming.result():
            coming = pool.submit(next, found, None)
            yield lot


def finite(features: Features, recipe: Recipe) -> Features:
    """The features; ImgtoolError when the backbone answers with NaN or infinity."""
    if np.isfinite(features).all():
        return features
    hint = "Its weights do not fit it; use others with --weights."
    raise ImgtoolError(f"{recipe.backbone} makes no numbers of these pictures, but NaN.", hint=hint)
