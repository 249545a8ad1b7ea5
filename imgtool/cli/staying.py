"""A page on this machine: its address told, a browser opened, and served until Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from imgtool.cli.screen import Screen

GRAPHICAL = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")  # one of them is set where a browser has a window


@dataclass(frozen=True, slots=True)
class Page:
    """What is served where."""

    address: str
    facts: dict[str, object]  # of the command's JSON
    words: str
    notes: tuple[str, ...] = ()
    shown: str = ""  # the address as it is told, where it holds a secret that a person chose; "" = as it is


def serve(screen: Screen, page: Page, go: Callable[[], None], *, browser: bool) -> None:
    """Tell it, open it if that is wanted, and stay until somebody ends it."""
    at = page.shown or page.address
    screen.result(page.facts | {"address": at}, lambda: f"{page.words}: {at}")
    if screen.json:
        screen.warn(at)  # its object comes at the end
    sys.stdout.flush()
    for note in page.notes:
        screen.note(note)
    screen.note("Ctrl-C ends it.", "dim")
    if browser:
        opened(page.address)
    go()


def opened(address: str) -> None:
    """In the browser of a desktop; one that lives in terminals would take ours."""
    if sys.platform != "darwin" and not any(map(os.environ.get, GRAPHICAL)):
        return
    import webbrowser

    webbrowser.open(address)
