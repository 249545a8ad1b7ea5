"""Is there a browser on this machine, and what is to be done if not?"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

SETTING = "IMGTOOL_CHROMIUM"  # the program's path, where it is none of the usual

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "brave-browser"),
)
MAC = (
    "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "Applications/Chromium.app/Contents/MacOS/Chromium",
    "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
# Where `playwright install chromium` puts its own: chromium-1187/chrome-linux/chrome and the like.
STORES = (".cache/ms-playwright", "Library/Caches/ms-playwright")
INSIDE = ("chrome-*/chrome", "chrome-*/*.app/Contents/MacOS/*")

_REVISION = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Available:
    """A browser that can be driven."""

    chromium: Path


@dataclass(frozen=True, slots=True)
class Missing:
    """No browser can be driven: why, and what would change that."""

    why: str
    todo: str


State: TypeAlias = Available | Missing


def available(chromium: str | Path | None = None) -> State:
    """Can pages be opened in a real browser? `chromium` is a path that is to be used, before IMGTOOL_CHROMIUM."""
    if find_spec("playwright") is None:
        return Missing("Playwright is not installed", "pip install 'imgtool-datasets[browser]'")
    found = find_chromium(chromium)
    if found:
        return Available(found)
    asked = _asked(chromium)
    if asked:
        return Missing(f"{asked} is no program", f"set {SETTING} to a Chromium, or leave it out")
    return Missing("no Chromium is on this machine", "apt install chromium, or: playwright install chromium")


def find_chromium(chromium: str | Path | None = None) -> Path | None:
    """The browser's program: the one asked for, else the machine's, else Playwright's own; None if there is none."""
    asked = _asked(chromium)
    places = [asked] if asked else _places()
    return next((place for place in places if place.is_file() and os.access(place, os.X_OK)), None)


def _asked(chromium: str | Path | None) -> Path | None:
    setting = chromium or os.environ.get(SETTING)
    if not setting:
        return None
    return Path(shutil.which(str(setting)) or setting).expanduser()


def _places() -> Iterator[Path]:
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from (root / place for place in MAC for root in (Path("/"), Path.home()))
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    for store in (Path(own),) if own else tuple(Path.home() / store for store in STORES):
        for home in sorted(store.glob("chromium-*"), key=_revision, reverse=True):
            yield from (place for pattern in INSIDE for place in home.glob(pattern))


def _revision(home: Path) -> int:
    number = _REVISION.search(home.name)
    return int(number[0]) if number else 0
