"""The JavaScript that writes down, in a person's own browser, what a result page shows."""

from __future__ import annotations

from importlib import resources


def snippet() -> str:
    """The text to paste into the console of a Google Images or Bing Images result page."""
    return (resources.files("scraper") / "snippet.js").read_text("utf-8")
