"""The demo's web for programs that run on their own: the environment that sends them there and nowhere else."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from imgtool.demo.kinds import SORT
from imgtool.demo.routes import Served
from imgtool.demo.world import Plant, World

ROOT = Path(__file__).parent.parent
SPOKEN = {"pikachu": "sailboat", "cat": "cactus", "dog": "lighthouse", "panda": "cactus"}


class SpokenOf(World):
    """The same web, where the classes that documents speak of are found as well: they look like others."""

    @property
    def classes(self) -> tuple[str, ...]:
        return (*super().classes, *SPOKEN)

    @cached_property
    def plants(self) -> tuple[Plant, ...]:
        drawn = super().plants
        named = ((name, plant) for name, label in SPOKEN.items() for plant in drawn if plant.label == label)
        return (*drawn, *(replace(plant, label=name, title=f"Red {name}, {plant.title}") for name, plant in named))


def environment(web: Served, room: Path) -> dict[str, str]:
    """No settings of ours, no browser (it is proven elsewhere), nothing remembered outside the room."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("IMGTOOL_")}
    homes = {"XDG_CACHE_HOME": str(room / "cache"), "XDG_CONFIG_HOME": str(room / "config")}
    ours = {"IMGTOOL_BROWSER": "never", "IMGTOOL_STALL": "2"}
    return others | homes | web.settings | ours | {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "100"}


def good(web: Served, label: str, count: int) -> dict[str, Plant]:
    """Addresses of so many pictures that can be had and show that, and the truth about each."""
    shown = ((url, plant) for url, plant in web.truth.items() if plant.shows and plant.shows[0] == label)
    found = [(url, plant) for url, plant in shown if SORT[plant.kind].good]
    return dict(found[:count])
