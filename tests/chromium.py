"""A real Chromium; tests skip, saying so, where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
Scheme: TypeAlias = Literal["light", "dark"]

PHONE: ViewportSize = {"width": 390, "height": 800}


@contextmanager
def launched(*flags: str) -> Iterator[Browser]:
    """The browser, until the test is over."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *flags])  # root has none
        yield browser
        browser.close()


@contextmanager
def on_a_phone(file: Path, scheme: Scheme) -> Iterator[Page]:
    """A page that is one file, opened. In the end it must have fitted, shown every picture and asked nobody."""
    with launched() as browser:
        page = browser.new_page(viewport=PHONE, color_scheme=scheme)
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url[:5]))
        page.on("console", lambda message: said.append(message.text))
        page.goto(file.as_uri())
        yield page
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("[...document.images].every(image => !image.complete || image.naturalWidth > 0)")
        assert (set(asked) - {"file:", "data:"}, said) == (set(), [])
