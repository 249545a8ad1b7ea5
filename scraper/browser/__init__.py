"""A real browser for result pages that plain HTTP does not get; the only package that imports playwright.

`chromium` finds one on this machine, `pages` keeps it for a run, `driver` starts it, `visit` opens a page and scrolls,
`gate` is the one way out of it, `brought` turns what was shown and what scrolling brought into one text.
"""

from scraper.browser.chromium import Available, Missing, available, find_chromium
from scraper.browser.pages import BrowserPages

__all__ = ["Available", "BrowserPages", "Missing", "available", "find_chromium"]
