"""A sheet that grows downwards: words that are measured and escaped, boxes, bars, lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from html import escape

from imgtool.web.album import plain

WIDE = 480  # units: on a phone of 390 px its letters are 11 px, in a window they grow to 20
EDGE = 16
BROAD, NARROW = 1.0, 0.56  # em: what a character of Chinese, and one of any alphabet, takes at most on average
SIZES = {"name": 16, "count": 20, "head": 19, "text": 13}
FAST = "\u00a0"  # keeps words together on pages; here no line breaks by itself
MARK = "<!-- imgtool graph -->"
STYLE = """
.g { font-family: system-ui, sans-serif; color-scheme: light dark; --paper: #fff; --card: #f5f5f4; --ink: #1c1917;
  --quiet: #6b6560; --line: #cfccc7; --lost: #b45309; --one: #2563eb; --two: #c2410c; --three: #15803d; }
@media (prefers-color-scheme: dark) { .g { --paper: #171614; --card: #232120; --ink: #ecebe9; --quiet: #a39d97;
  --line: #4a4643; --lost: #fbbf24; --one: #60a5fa; --two: #fb923c; --three: #4ade80; } }
.g text { fill: var(--ink); font-size: 13px; } .g .name { font-size: 16px; font-weight: 600; }
.g .head { font-size: 19px; font-weight: 650; } .g .count { font-size: 20px; font-weight: 600; }
.g .right { text-anchor: end; font-variant-numeric: tabular-nums; } .g .quiet { fill: var(--quiet); }
.g .lost { fill: var(--lost); } .g .paper { fill: var(--paper); } .g .card { fill: var(--card); stroke: var(--line); }
.g .one { fill: var(--one); } .g .two { fill: var(--two); } .g .three { fill: var(--three); }
.g .none { fill: var(--line); } .g .line { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
.g .side { fill-opacity: .55; }
"""


class Sheet:
    """What is drawn so far, and how far down it reaches."""

    def __init__(self) -> None:
        self.y = float(EDGE)
        self._drawn: list[str] = []

    def text(self, x: float, y: float, words: str, kind: str = "") -> None:
        """One line of words, standing on `y`."""
        self._drawn.append(f'<text x="{x:g}" y="{y:g}"{styled(kind)}>{escape(plain(words.replace(FAST, " ")))}</text>')

    def box(self, at: tuple[float, float], size: tuple[float, float], kind: str, round_: float = 3) -> None:
        """A rectangle."""
        x, y, width, height = (f"{number:.4g}" for number in (*at, *size))
        self._drawn.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{round_:g}"{styled(kind)}/>')

    def path(self, steps: str, kind: str = "line") -> None:
        """A line, or a shape."""
        self._drawn.append(f'<path d="{steps}"{styled(kind)}/>')

    def arrow(self, x: float, top: float, bottom: float) -> None:
        """Downwards."""
        self.path(f"M{x:g} {top:g}V{bottom:g}m-4 -5l4 5l4 -5")

    def lines(self, x: float, rows: Iterable[str], kind: str = "quiet") -> None:
        """Lines of small words from here on down."""
        for row in rows:
            self.text(x, self.y + SIZES["text"], row, kind)
            self.y += 18

    def svg(self, title: str, words: str) -> str:
        """The whole drawing, as a file or within a page."""
        height = self.y + EDGE
        head = f'<svg xmlns="http://www.w3.org/2000/svg" class="g" role="img" aria-label="{escape(plain(title))}"'
        head += f' viewBox="0 0 {WIDE} {height:g}" style="display:block;width:100%;max-width:720px;height:auto">'
        names = f"<title>{escape(plain(title))}</title><desc>{escape(plain(words))}</desc>"
        ground = f'<rect class="paper" width="{WIDE}" height="{height:g}"/>'
        return "\n".join([head, MARK, names, f"<style>{STYLE}</style>", ground, *self._drawn, "</svg>\n"])


def styled(kind: str) -> str:
    """The attribute of a class; nothing for none."""
    return f' class="{kind}"' if kind else ""


def width(words: str, size: float) -> float:
    """How much room words take."""
    return size * sum(BROAD if unicodedata.east_asian_width(char) in "WF" else NARROW for char in words)


def fitted(words: str, room: float, size: float) -> str:
    """The words, or as many of their letters as there is room for."""
    words = plain(words)
    if width(words, size) <= room:
        return words
    while words and width(f"{words}…", size) > room:
        words = words[:-1]
    return f"{words}…"


def wrapped(parts: Iterable[str], room: float, size: float = SIZES["text"]) -> Iterator[str]:
    """Parts with commas between them, as many to a line as fit."""
    held = ""
    for part in parts:
        more = f"{held}, {part}" if held else fitted(part, room, size)
        if held and width(f"{more},", size) > room:
            yield f"{held},"
            more = fitted(part, room, size)
        held = more
    if held:
        yield held
