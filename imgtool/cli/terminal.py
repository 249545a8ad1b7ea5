"""A picture in a terminal: by the terminal's own graphics where it has some, else in coloured half blocks.

Which graphics a terminal has is read off its environment. Asking the terminal itself would take its input.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rich.text import Text

Pixels = NDArray[np.uint8]

PART = 4096  # characters of kitty's commands, at most
QUALITY = 85
COLUMNS = 40  # of half blocks: twice as many pixels down, so that 80 × 24 shows it whole
LEVELS = 6  # of each colour in a sixel: 216 colours, which every such terminal has room for
BAND = 6  # rows of a sixel
# By TERM_PROGRAM or LC_TERMINAL, and by TERM.
PROGRAMS = MappingProxyType(
    {
        "ghostty": "kitty",
        "iTerm.app": "iterm",
        "iTerm2": "iterm",
        "WezTerm": "iterm",
        "mintty": "iterm",
    }
)
TERMS = MappingProxyType(
    {
        "xterm-kitty": "kitty",
        "xterm-ghostty": "kitty",
        "foot": "sixel",
        "foot-extra": "sixel",
        "mlterm": "sixel",
        "contour": "sixel",
        "yaft-256color": "sixel",
    }
)
WRAPPERS = ("screen", "tmux")  # graphics do not go through them


def graphics(environ: Mapping[str, str]) -> str:
    """What the terminal has: "kitty", "iterm", "sixel", or "" for none that we know of."""
    term = environ.get("TERM", "")
    if "TMUX" in environ or term.startswith(WRAPPERS):
        return ""
    programs = (PROGRAMS.get(environ.get(name, "")) for name in ("TERM_PROGRAM", "LC_TERMINAL"))
    window = "kitty" if "KITTY_WINDOW_ID" in environ else None
    return next(filter(None, (window, *programs, TERMS.get(term))), "")


def kitty(pixels: Pixels) -> str:
    """By the protocol of kitty: raw colours in parts."""
    data = base64.b64encode(np.ascontiguousarray(pixels).tobytes()).decode()
    parts = [data[at : at + PART] for at in range(0, len(data), PART)]
    height, width = pixels.shape[:2]
    head, last = f"a=T,f=24,s={width},v={height},q=2,", len(parts) - 1
    return "".join(f"\x1b_G{'' if n else head}m={int(n < last)};{part}\x1b\\" for n, part in enumerate(parts))


def iterm(pixels: Pixels) -> str:
    """By the protocol of iTerm2: a file."""
    from curate.pixels.encode import jpeg

    data = jpeg(pixels, QUALITY)
    return f"\x1b]1337;File=inline=1;size={len(data)}:{base64.b64encode(data).decode()}\x07"


def sixel(pixels: Pixels) -> str:
    """By the graphics of the VT340: six rows at a time, one colour after the other."""
    shades = (pixels.astype(np.uint16) * (LEVELS - 1) + 127) // 255
    colours = shades[..., 0] * LEVELS * LEVELS + shades[..., 1] * LEVELS + shades[..., 2]
    palette = "".join(_shade(int(colour)) for colour in np.unique(colours))
    height, width = colours.shape
    bands = "-".join(_band(colours[top : top + BAND]) for top in range(0, height, BAND))
    return f'\x1bP0;1q"1;1;{width};{height}{palette}{bands}\x1b\\'


def _shade(colour: int) -> str:
    """A colour's place in the palette, and what it is: red, green and blue in percent."""
    red, rest = divmod(colour, LEVELS * LEVELS)
    parts = (red, *divmod(rest, LEVELS))
    return f"#{colour};2;" + ";".join(str(round(part * 100 / (LEVELS - 1))) for part in parts)


def _band(rows: NDArray[np.uint16]) -> str:
    """Up to six rows: for each colour, which of them it has in each column."""
    bits = 1 << np.arange(len(rows))
    lines = []
    for colour in np.unique(rows):
        signs = ((rows == colour) * bits[:, None]).sum(axis=0) + 63
        lines.append(f"#{colour}" + "".join(_runs(signs)))
    return "$".join(lines)


def _runs(signs: NDArray[np.int64]) -> Iterator[str]:
    """Signs, repeated ones counted."""
    edges = np.flatnonzero(np.diff(signs)) + 1
    for run in np.split(signs, edges):
        sign = chr(int(run[0]))
        yield f"!{len(run)}{sign}" if len(run) > 3 else sign * len(run)


def blocks(pixels: Pixels, columns: int = COLUMNS) -> Text:
    """In half blocks, two pixels a character."""
    from rich.color import Color
    from rich.style import Style
    from rich.text import Text

    from curate.pixels.canvas import resized

    height, width = pixels.shape[:2]
    small = resized(pixels, columns, max(2, round(height * columns / width / 2) * 2))
    text = Text(no_wrap=True)
    for upper, lower in zip(small[::2], small[1::2], strict=True):
        for above, below in zip(upper.tolist(), lower.tolist(), strict=True):
            text.append("▀", Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below)))
        text.append("\n")
    return text


GRAPHICS: Mapping[str, Callable[[Pixels], str]] = MappingProxyType({"kitty": kitty, "iterm": iterm, "sixel": sixel})
