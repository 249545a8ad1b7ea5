"""A query cut into narrower ones, to pass the few hundred pictures an engine gives for one query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product
from typing import Any

from imgtool.records import Query

HUES = "red orange yellow green teal blue purple pink brown black gray white"

# The richest cuts first: colours hardly overlap, shapes and sizes never do; ages lie inside one another,
# and markets mostly put the same pictures in another order.
AXES: dict[str, tuple[str, ...]] = {
    "colour": tuple(HUES.split()),
    "aspect": ("square", "wide", "tall"),
    "size": ("large", "medium", "small", "wallpaper"),
    "age": ("year", "month", "week", "day"),
    "market": ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "pt-BR", "ja-JP", "en-IN"),
}


def cuts(query: Query, axes: Mapping[str, tuple[str, ...]] = AXES) -> Iterator[Query]:
    """Every single cut, then every pair of cuts; a field that the user has set stays as it is."""
    free = [name for name in axes if not getattr(query.filters, name)]
    for depth in (1, 2):
        for names in combinations(free, depth):
            for values in product(*(axes[name] for name in names)):
                cut: dict[str, Any] = dict(zip(names, values, strict=True))
                yield replace(query, filters=replace(query.filters, **cut))
