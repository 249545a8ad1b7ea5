"""A dataset's pictures as features: each is looked at once in the life of a cache."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classify.backbones import digest, filled
from classify.features import Key, Wanted, extract
from classify.nouns import Features, Pixels, Recipe, Watch, unwatched
from curate.presets import preset
from imgtool.pipeline.shown import Look, View, shown
from imgtool.records import Refusal
from imgtool.settings.places import cache_folder


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a backbone sees in pictures."""

    features: Features  # a row for each view
    views: tuple[View, ...]  # those that could be read, in the order they were asked for
    refused: dict[str, Refusal]  # the others, by path
    recipe: Recipe  # nothing left open
    digest: str  # what names these features
    fresh: int  # of them computed now
    note: str = ""  # what a person should know of how


def embedded(
    root: Path, wanted: Sequence[View], recipe: Recipe, look: Look, *, quick: bool = False, watch: Watch = unwatched
) -> Embedded:
    """The features of the views; only those that nobody has asked for before are computed."""
    recipe = filled(recipe)
    look = replace(look, size=recipe.size)
    refused: dict[str, Refusal] = {}

    def show(places: Sequence[int]) -> Iterator[tuple[int, Pixels]]:
        seen = shown(root, [wanted[place] for place in places], look)
        for place, (view, pixels) in zip(places, seen, strict=False):
            if isinstance(pixels, Refusal):
                refused[view.entry.path] = pixels
            else:
                yield place, pixels

    wish = Wanted(recipe, [key(view, look) for view in wanted], show, watch)
    found = extract(wish, cache_folder(os.environ) / "features", quick=quick)
    views = tuple(wanted[place] for place in found.places)
    return Embedded(found.features, views, refused, recipe, digest(recipe), found.fresh, found.note)


def key(view: View, look: Look) -> Key:
    """What names those pixels: the file's bytes, and all that decides over the variant."""
    if not view.copy:
        return view.entry.picture.sha256, ""
    chosen = hashlib.sha256(repr(preset(look.augment)).encode()).hexdigest()[:16]
    side = "as it is" if view.entry.label in look.no_flip else ""
    return view.entry.picture.sha256, f"{look.size} {look.augment} {chosen} {look.seed} {view.copy} {side}".strip()
