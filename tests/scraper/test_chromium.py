"""Where a browser is looked for, and what is said when there is none. No browser is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scraper.browser import Available, Missing, available, find_chromium
from scraper.browser import chromium as module


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser, as far as it can be looked into."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("IMGTOOL_CHROMIUM", raising=False)
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.setattr(module, "MAC", ("Applications/None",))
    return tmp_path


@pytest.mark.parametrize(
    "place",
    [
        "bin/chromium",
        "bin/google-chrome-stable",
        ".cache/ms-playwright/chromium-1187/chrome-linux/chrome",
        "Library/Caches/ms-playwright/chromium-1200/chrome-mac/Chromium.app/Contents/MacOS/Chromium",
    ],
)
def test_a_browser_is_found_in_its_usual_places(home: Path, place: str) -> None:
    assert find_chromium() is None
    there = program(home / place)
    assert find_chromium() == there


def test_of_playwrights_own_the_newest_counts(home: Path) -> None:
    for revision in (999, 1200, 1187):
        program(home / f".cache/ms-playwright/chromium-{revision}/chrome-linux/chrome")
    assert "chromium-1200" in str(find_chromium())


def test_what_was_asked_for_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(home / "bin/chromium")
    set_, given = program(home / "set"), program(home / "given")
    monkeypatch.setenv("IMGTOOL_CHROMIUM", str(set_))
    assert (find_chromium(), find_chromium(given)) == (set_, given)


def test_a_wrong_path_is_no_reason_to_take_another(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(home / "bin/chromium")
    monkeypatch.setenv("IMGTOOL_CHROMIUM", "/no/such/browser")
    assert find_chromium() is None
    state = available()
    assert isinstance(state, Missing)
    assert "/no/such/browser" in state.why
    assert "IMGTOOL_CHROMIUM" in state.todo


def test_what_is_missing_is_said_with_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: object())
    state = available()
    assert isinstance(state, Missing)
    assert "chromium" in state.todo
    there = program(home / "bin/chromium")
    assert available() == Available(there)
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    state = available()
    assert isinstance(state, Missing)
    assert "imgtool-datasets[browser]" in state.todo


def test_asking_does_not_import_playwright() -> None:
    code = "import sys, scraper.browser as b; b.available(); b.BrowserPages; sys.exit('playwright' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
