"""Recall against wrong pairs, drawn as an SVG without a plotting library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from pathlib import Path

Point = tuple[float, float, int]  # threshold, recall, wrong pairs

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 340, 60, 40, 20, 46
MOST = 10_000  # wrong pairs at the right end; the axis is logarithmic and begins with none
DOT, RING = 2.5, 6.0  # radius of a threshold, and of the one chosen
COLOURS = ("#d97706", "#0f766e", "#2563eb", "#9333ea")


def place(recall: float, wrong: int) -> tuple[float, float]:
    """On the page."""
    across = log10(wrong + 1) / log10(MOST)
    x = LEFT + across * (WIDTH - LEFT - RIGHT)
    return x, HEIGHT - BOTTOM - recall * (HEIGHT - TOP - BOTTOM)


def axes() -> list[str]:
    """The frame, with its numbers."""
    marks = []
    for wrong in (0, 10, 100, 1000, MOST):
        x, y = place(0, wrong)
        marks.append(f'<line x1="{x:.0f}" y1="{y}" x2="{x:.0f}" y2="{TOP}"/>')
        marks.append(f'<text x="{x:.0f}" y="{y + 18}">{wrong:,}</text>')
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = place(share, 0)
        marks.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        marks.append(f'<text x="{x - 20}" y="{y + 4}">{share:g}</text>')
    return [f'<g class="axis">{"".join(marks)}</g>', f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}">wrong pairs</text>']


def line(name: str, points: Sequence[Point], chosen: float | None, number: int) -> str:
    """One curve, its thresholds beside it, the chosen one ringed."""
    colour = COLOURS[number]
    places = [place(recall, wrong) for _, recall, wrong in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RING if at == chosen else DOT}"><title>{name} {at:g}</title></circle>'
        for (at, _, _), (x, y) in zip(points, places, strict=True)
    ]
    x, y = WIDTH - RIGHT - 90, HEIGHT - BOTTOM - 60 + 18 * number
    label = f'<text x="{x}" y="{y}" style="fill:{colour}">{name}</text>'
    return f'<g fill="{colour}"><polyline points="{path}" fill="none" stroke="{colour}"/>{"".join(dots)}{label}</g>'


def draw(curves: Mapping[str, Sequence[Point]], chosen: Mapping[str, float], to: Path) -> None:
    """All curves into one file."""
    style = "text{font:12px sans-serif;text-anchor:middle;fill:#64748b}.axis line{stroke:#cbd5e1;stroke-width:.5}"
    body = [*axes(), *(line(name, points, chosen.get(name), n) for n, (name, points) in enumerate(curves.items()))]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    title = "<title>Recall against wrong pairs as the thresholds move</title>"
    heading = f'<text x="{WIDTH / 2}" y="20">recall of upright variants</text>'
    to.write_text(f"{head}{title}<style>{style}</style>{heading}{''.join(body)}</svg>\n")
