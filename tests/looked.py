"""What every page of ours must hold up to: asked of a page in a browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = os.environ.get("IMGTOOL_AXE", "")  # the path of axe.min.js, where it is at hand

# Contrast of every text with what is behind it, by WCAG's formula.
CONTRAST = """() => {
  const shine = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (at) => {
    for (; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour.startsWith('rgb') && (parts(colour)[3] ?? 1) === 1) return parts(colour);
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const at of document.querySelectorAll('body *')) {
    if (![...at.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !at.checkVisibility()) continue;
    if (at.closest('.said, .hidden, .skip, :disabled')) continue;
    const [a, b] = [shine(parts(getComputedStyle(at).color)), shine(behind(at))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(at.outerHTML.slice(0, 120));
  }
  return faint;
}"""
NAMELESS = """() => [...document.querySelectorAll('button, a, input, select, canvas, summary, [role=option]')]
  .filter(e => e.checkVisibility() && !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby')
    || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)"""
WIDTHS = "[innerWidth, document.documentElement.scrollWidth]"


def grave(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds that is serious; skips where axe is not at hand."""
    if not Path(AXE).is_file():
        pytest.skip("IMGTOOL_AXE does not name axe.min.js")
    page.evaluate(Path(AXE).read_text("utf-8"))  # by the debugger: our own policy lets no other script in
    found: list[dict[str, Any]] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    serious = [each for each in found if each["impact"] in {"serious", "critical"}]
    return [(each["id"], [node["html"][:150] for node in each["nodes"][:2]]) for each in serious]


def holds_up(page: Page) -> None:
    """Every text can be read, everything has a name, and nothing is wider than the window."""
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate(NAMELESS) == []
    inside, whole = page.evaluate(WIDTHS)
    assert whole <= inside
