"""A chart as a value, and how it is drawn: thin lines, their names in their colours, a quiet grid, no frame.

Its colours are CSS variables of the page around it, with a grey or a blue that both light and dark bear.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours that matplotlib draws with → what a page makes of them.
INK, QUIET, LINE, ONE, TWO = "#010101", "#020202", "#030303", "#040404", "#050505"
THEME: Mapping[str, str] = MappingProxyType(
    {
        INK: "var(--ink, #78716c)",
        QUIET: "var(--quiet, #78716c)",
        LINE: "var(--line, #a8a29e66)",
        ONE: "var(--one, #3b82f6)",
        TWO: "var(--two, #ea580c)",
    }
)
WIDE, HIGH = 4.8, 2.9  # inches of 72 px: as wide as a phone, so that letters are of the page's size on it
LETTERS = 11  # px
SETTINGS: Mapping[Any, Any] = MappingProxyType(
    {
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "svg.fonttype": "none",  # text stays text: it is read aloud, found and copied
        "text.parse_math": False,  # names are names, whatever signs they hold
        "font.size": LETTERS,
        "text.color": INK,
        "axes.labelcolor": QUIET,
        "axes.edgecolor": LINE,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "grid.color": LINE,
    }
)

SUPERFLUOUS = (
    re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL),
    re.compile(r"<metadata>.*?</metadata>", re.DOTALL),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r'(?<=<g) id="[^"]*"'),
)
FONT = re.compile(r'font-family: [^;"]*;? ?')


@dataclass(frozen=True, slots=True)
class Line:
    """Points in their order, and how they are drawn."""

    name: str  # written above, in its colour; "" = not named
    xs: Sequence[float]
    ys: Sequence[float]
    ink: str = ONE
    dots: bool = False
    dashed: bool = False
    thin: bool = False
    band: tuple[Sequence[float], Sequence[float]] | None = None  # below and above, what is uncertain


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines on a pair of axes."""

    title: str  # what a reader who cannot see it is told
    x: str
    y: str
    lines: tuple[Line, ...]
    across: tuple[float, float] | None = None  # limits of x
    up: tuple[float, float] | None = None
    percent: str = ""  # axes in hundredths: "x", "y", "xy"
    whole: bool = False  # x counts things
    log: bool = False  # x by powers of ten
    falls: bool = False  # its lines leave more room above than below
    marks: tuple[tuple[float, str], ...] = ()  # places on x, and what is there


def svg(chart: Chart) -> str:
    """The chart as an element for a page."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context({**SETTINGS, "svg.hashsalt": chart.title}):
        figure = Figure(figsize=(WIDE, HIGH), layout="constrained")
        draw(figure.add_subplot(), chart)
        file = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        FigureCanvasSVG(figure).print_svg(file, metadata=nothing)  # type: ignore[no-untyped-call]
    return bare(file.getvalue(), chart.title)


def draw(axes: Axes, chart: Chart) -> None:
    """Everything of it."""
    for line in chart.lines:
        trace(axes, line)
    frame(axes, chart)
    if any(line.name for line in chart.lines):
        where: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2}
        axes.legend(frameon=False, ncols=len(chart.lines), labelcolor="linecolor", handlelength=1, **where)
    level, side = (1, "top") if chart.falls else (0, "bottom")
    for place, name in chart.marks:
        axes.axvline(place, color=QUIET, lw=0.8, ls=(0, (2, 3)))
        axes.annotate(name, (place, level), (3, 0), ("data", "axes fraction"), "offset points", va=side, color=QUIET)


def trace(axes: Axes, line: Line) -> None:
    """One line, and what is uncertain of it."""
    if line.band:
        axes.fill_between(line.xs, *line.band, color=line.ink, alpha=0.15, lw=0)
    style = (0, (4, 3)) if line.dashed else "-"
    dots = "o" if line.dots or len(line.xs) == 1 else ""
    how: dict[str, Any] = {"color": line.ink, "lw": 0.7 if line.thin else 1.6, "ls": style, "marker": dots}
    axes.plot(line.xs, line.ys, markersize=3.5, label=line.name or None, **how)


def frame(axes: Axes, chart: Chart) -> None:
    """The axes around the lines."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    axes.set_xlabel(chart.x)
    axes.set_ylabel(chart.y)
    if chart.log:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
    if chart.across:
        axes.set_xlim(chart.across)
    if chart.up:
        axes.set_ylim(chart.up)
    for letter, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        if letter in chart.percent:
            axis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    if chart.whole:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", lw=0.6)
    axes.spines[:].set_visible(False)
    axes.tick_params(which="both", length=0)


def bare(drawn: str, title: str) -> str:
    """The element alone: no prologue, no ids but those it uses itself, the page's colours and letters."""
    head, _, body = drawn[drawn.index("<svg") :].partition(">")
    box = re.search(r'viewBox="[^"]*"', head)
    for pattern in SUPERFLUOUS:
        body = pattern.sub("", body)
    body = FONT.sub("", body)
    for painted, shown in THEME.items():
        body = body.replace(painted, shown)
    return f'<svg role="img" aria-label="{escape(title)}" {box[0] if box else ""}>{body}'


def alone(drawn: str) -> str:
    """An element as a file of its own."""
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return drawn.replace("<svg", f'<svg {spaces} font-family="system-ui, sans-serif"', 1)
