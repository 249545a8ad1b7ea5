"""`imgtool engines`: who can be asked, by which filters, with which key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from imgtool.cli.screen import Screen
from imgtool.cli.settle import settle
from imgtool.cli.verb import Common, verb
from imgtool.settings import Settings

if TYPE_CHECKING:
    from rich.console import RenderableType


@verb("engines")
def engines(screen: Screen, common: Common) -> None:
    """The engines, the filters that each can translate, and the keys they need."""
    rows = list(_rows(settle(screen, common).settings))
    screen.result({"engines": rows}, lambda: _table(screen, rows))


def _rows(settings: Settings) -> Iterator[dict[str, object]]:
    from scraper.engines import ENGINES

    for name, engine in ENGINES.items():
        key = engine.key_env
        yield {
            "name": name,
            "url": settings.base(name),
            "filters": sorted(engine.filters),
            "pause": engine.pause,
            "key": key,
            "ready": not key or bool(settings.keys.get(key)),
        }


def _table(screen: Screen, rows: list[dict[str, object]]) -> RenderableType:
    from imgtool.cli.tables import grid

    table = grid("engine", "key", "filters", "asked at")
    for row in rows:
        key = "none needed" if not row["key"] else f"{row['key']} ({'set' if row['ready'] else 'missing'})"
        filters = row["filters"]
        words = " ".join(filters) if isinstance(filters, list) else ""
        table.add_row(
            str(row["name"]), key, words or "–", screen.safe(row["url"]), style=None if row["ready"] else "dim"
        )
    return table
