"""The demo's web for programs that run on their own: the environment that sends them there and nowhere else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from imgtool.demo.kinds import SORT
from imgtool.demo.routes import Served
from imgtool.demo.world import Plant

ROOT = Path(__file__).parent.parent


def environment(web: Served, room: Path) -> dict[str, str]:
    """No settings of ours, no browser (it is proven elsewhere), nothing remembered outside the room."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("IMGTOOL_")}
    homes = {"XDG_CACHE_HOME": str(room / "cache"), "XDG_CONFIG_HOME": str(room / "config")}
    ours = {"IMGTOOL_BROWSER": "never", "IMGTOOL_STALL": "2"}
    return others | homes | web.settings | ours | {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "100"}


def good(web: Served, label: str, count: int) -> dict[str, Plant]:
    """Addresses of so many pictures of a class that are served plainly, and the truth about each."""
    found = [(url, plant) for url, plant in web.truth.items() if plant.label == label and SORT[plant.kind].good]
    return dict(found[:count])
