"""Is this machine fit for the work? Each check looks at one thing and says what it saw."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from imgtool.settings import Settings
from scraper.browser import Available, Missing, available

GIB = 2**30
ROOM = 2 * GIB  # 10,000 pictures of 200 KB, the mean of ordinary web photographs


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    good: bool
    said: str
    do: str = ""


def inspect(settings: Settings) -> tuple[Check, ...]:
    """Everything about the machine that a scrape depends on."""
    return tuple(check(settings) for check in CHECKS)


def python(_: Settings) -> Check:
    """The interpreter."""
    version = sys.version.split(maxsplit=1)[0]
    return Check("python", sys.version_info >= (3, 11), version, "imgtool needs Python 3.11 or newer")


def folder(settings: Settings) -> Check:
    """May we write where the dataset will be?"""
    place = standing(Path(settings.out))
    try:
        with TemporaryFile(dir=place):
            return Check("folder", True, f"{place} can be written")
    except OSError as error:
        return Check("folder", False, f"{place}: {error.strerror}", "choose another folder with --out")


def disk(settings: Settings) -> Check:
    """Is there room?"""
    free = shutil.disk_usage(standing(Path(settings.out))).free
    return Check("disk", free >= ROOM, f"{free / GIB:.1f} GiB free", "10,000 pictures take about 2 GiB")


def browser(settings: Settings) -> Check:
    """Is a real browser at hand for engines that answer nothing else?"""
    found = available()  # the very question that a scrape asks
    unwanted = settings.browser == "never"
    said = str(found.chromium) if isinstance(found, Available) else found.why
    good = unwanted or isinstance(found, Available)
    todo = found.todo if isinstance(found, Missing) else ""
    return Check("browser", good, f"{said}{' (not wanted)' if unwanted else ''}", f"for Google: {todo}" if todo else "")


def standing(path: Path) -> Path:
    """The nearest folder above a path that exists already."""
    absolute = Path(os.path.abspath(path.expanduser()))  # not resolve(): links are left alone
    return next(place for place in (absolute, *absolute.parents) if place.is_dir())


CHECKS: tuple[Callable[[Settings], Check], ...] = (python, folder, disk, browser)
