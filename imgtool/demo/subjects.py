"""What the pictures show: three things that can be drawn in a few strokes and told apart at a glance."""

from __future__ import annotations

import math

from imgtool.demo.canvas import Canvas, Pen, Point, mixed
from imgtool.demo.look import Colour
from imgtool.demo.scenes import INK, WHITE

PAINT: tuple[Colour, ...] = (
    *((196, 38, 44), (28, 78, 150), (240, 240, 236), (34, 110, 84), (235, 176, 36)),
    *((40, 42, 52), (214, 110, 40), (120, 60, 130), (150, 96, 60), (90, 170, 190)),
)
LEAF: tuple[Colour, ...] = ((62, 122, 66), (88, 142, 82), (44, 96, 72), (118, 150, 84), (96, 138, 122))


def paint(canvas: Canvas, choices: tuple[Colour, ...] = PAINT) -> Colour:
    """One of the colours."""
    return choices[int(canvas.rng.integers(len(choices)))]


def sailboat(pen: Pen) -> None:
    """A hull, one mast or two, sails."""
    canvas = pen.canvas
    hull, sail = paint(canvas), mixed(WHITE, paint(canvas), canvas.between(0.0, 0.9) ** 2)
    long = canvas.between(0.3, 0.48)
    _reflection(pen, long, hull)
    _hull(pen, long, hull)
    masts = [(-0.22, 0.72), (0.08, 1.0)] if canvas.chance(0.2) else [(canvas.between(-0.05, 0.08), 1.0)]
    rig = (_triangle, _gaff, _striped)[int(canvas.rng.integers(3))]
    for foot, top in masts:
        pen.line([(foot, 0.12), (foot, top)], mixed(INK, (120, 80, 50), 0.6), 0.016)
        rig(pen, foot, top, long, sail)
    foot, top = masts[-1]
    if canvas.chance(0.75):
        jib = sail if canvas.chance(0.6) else paint(canvas)
        pen.poly([(foot + 0.02, top * 0.92), (long * 0.98, 0.2), (foot + 0.03, 0.21)], mixed(jib, WHITE, 0.1))
    if canvas.chance(0.4):
        pen.poly([(foot, top), (foot - 0.1, top + 0.02), (foot, top + 0.045)], paint(canvas))


def _hull(pen: Pen, long: float, colour: Colour) -> None:
    bow = pen.canvas.between(1.0, 1.25)
    pen.poly([(-long, 0.17), (long * bow, 0.19), (long * 0.72, 0.0), (-long * 0.85, 0.0)], colour)
    pen.poly(
        [(-long, 0.17), (long * bow, 0.19), (long * bow * 0.97, 0.15), (-long * 0.98, 0.135)], mixed(colour, WHITE, 0.6)
    )
    if pen.canvas.chance(0.5):
        pen.bar(-long * 0.5, long * 0.2, 0.16, 0.23, mixed(colour, WHITE, 0.8))


def _reflection(pen: Pen, long: float, colour: Colour) -> None:
    for row in range(1, 7):
        half = long * (1.1 - row * 0.12)
        down, sway = -0.035 * row, pen.canvas.between(-0.06, 0.06)
        pen.line([(sway - half, down), (sway + half, down)], mixed(colour, INK, 0.35), 0.012)


def _triangle(pen: Pen, foot: float, top: float, long: float, colour: Colour) -> None:
    pen.poly([(foot - 0.015, top * 0.98), (foot - 0.015, 0.24), (foot - long * 0.95, 0.24)], colour)


def _gaff(pen: Pen, foot: float, top: float, long: float, colour: Colour) -> None:
    points = [(foot - 0.015, top * 0.8), (foot - 0.015, 0.24), (foot - long, 0.24), (foot - long * 0.6, top * 0.97)]
    pen.poly(points, colour)
    pen.line([points[0], points[-1]], INK, 0.012)


def _striped(pen: Pen, foot: float, top: float, long: float, colour: Colour) -> None:
    other, bands = paint(pen.canvas), 7
    low, high = 0.24, top * 0.98
    for band in range(bands):
        start, end = (low + (high - low) * (band + side) / bands for side in (0, 1))
        wide, narrow = (long * 0.95 * (high - level) / (high - low) for level in (start, end))
        edge = foot - 0.015
        shape: list[Point] = [(edge, start), (edge - wide, start), (edge - narrow, end), (edge, end)]
        pen.poly(shape, other if band % 2 else colour)


def cactus(pen: Pen) -> None:
    """Columns with arms, a ribbed ball, or pads; at times in a pot."""
    canvas = pen.canvas
    leaf = mixed(paint(canvas, LEAF), INK, canvas.between(0.0, 0.3))
    base = _pot(pen) if canvas.chance(0.35) else 0.0
    (_saguaro, _saguaro, _barrel, _pads)[int(canvas.rng.integers(4))](pen, base, leaf)


def _pot(pen: Pen) -> float:
    clay = mixed((176, 92, 58), paint(pen.canvas), pen.canvas.between(0.0, 0.7))
    pen.poly([(-0.15, 0.0), (0.15, 0.0), (0.21, 0.24), (-0.21, 0.24)], clay)
    pen.bar(-0.235, 0.235, 0.22, 0.29, mixed(clay, WHITE, 0.2))
    return 0.28


def _saguaro(pen: Pen, base: float, leaf: Colour) -> None:
    canvas, thick = pen.canvas, pen.canvas.between(0.07, 0.12)
    for side in (-1, 1):
        for _ in range(int(canvas.rng.integers(0, 3))):
            out, knee = side * canvas.between(0.2, 0.36), base + canvas.between(0.2, 0.5) * (1 - base)
            tip = min(0.98, knee + canvas.between(0.15, 0.4))
            _column(pen, [(0.0, knee - 0.03), (out * 0.8, knee), (out, knee + 0.08), (out, tip)], thick * 0.75, leaf)
    _column(pen, [(0.0, base), (0.0, 1.0 - thick)], thick, leaf)
    if canvas.chance(0.35):
        pen.ellipse((0.0, 1.0), 0.05, 0.04, paint(canvas))


def _column(pen: Pen, way: list[Point], half: float, leaf: Colour) -> None:
    pen.line(way, mixed(leaf, INK, 0.35), 2 * half + 0.015)
    pen.line(way, leaf, 2 * half)
    for rib in (-0.5, 0.0, 0.5):
        shifted = [(x + rib * half, y) for x, y in way]
        pen.line(shifted, mixed(leaf, WHITE if rib < 0 else INK, 0.25), 0.012)
    (x, top), steps = way[-1], 6
    for step in range(steps):
        level = top - (top - way[-2][1]) * step / steps
        pen.line([(x - half * 1.3, level + 0.01), (x - half * 0.9, level)], mixed(leaf, WHITE, 0.7), 0.006)
        pen.line([(x + half * 1.3, level + 0.01), (x + half * 0.9, level)], mixed(leaf, WHITE, 0.7), 0.006)


def _barrel(pen: Pen, base: float, leaf: Colour) -> None:
    half, high = pen.canvas.between(0.28, 0.4), (1 - base) * 0.46
    middle = base + high * 0.95
    pen.ellipse((0.0, middle), half, high, mixed(leaf, INK, 0.3))
    for rib in range(-4, 5):
        out = half * math.sin(rib * math.pi / 10)
        pen.ellipse(
            (out, middle), half * 0.09, high * math.cos(rib * math.pi / 11), mixed(leaf, WHITE, 0.08 * (4 - rib))
        )
    for spine in range(40):
        turn = spine * 2.4
        x, y = half * 0.9 * math.cos(turn) * (spine / 40) ** 0.5, high * 0.9 * math.sin(turn) * (spine / 40) ** 0.5
        pen.line([(x, middle + y), (x + 0.03 * math.cos(turn), middle + y + 0.03)], mixed(leaf, WHITE, 0.75), 0.006)
    if pen.canvas.chance(0.5):
        pen.ellipse((0.0, base + high * 1.92), 0.09, 0.06, paint(pen.canvas))


def _pads(pen: Pen, base: float, leaf: Colour) -> None:
    canvas = pen.canvas
    shapes = [(0.0, base + 0.2, 0.0)]
    shapes += [
        (canvas.between(-0.3, 0.3), canvas.between(base + 0.35, 0.82), canvas.between(-40, 40))
        for _ in range(int(canvas.rng.integers(3, 7)))
    ]
    for x, y, turn in shapes:
        half, high = canvas.between(0.1, 0.15), canvas.between(0.17, 0.22)
        pen.ellipse((x, y), half + 0.012, high + 0.012, mixed(leaf, INK, 0.4), turn)
        pen.ellipse((x, y), half, high, mixed(leaf, WHITE, canvas.between(0, 0.25)), turn)
        for dot in range(9):
            spot = (x + half * 0.6 * ((dot % 3) - 1), y + high * 0.6 * ((dot // 3) - 1))
            pen.ellipse(spot, 0.008, 0.008, mixed(leaf, WHITE, 0.8))
        if canvas.chance(0.4):
            pen.ellipse((x, y + high), 0.035, 0.035, paint(canvas))


def lighthouse(pen: Pen) -> None:
    """A tapering tower with bands, a gallery, a lantern that may shine, a house beside."""
    canvas = pen.canvas
    wall, band = mixed(WHITE, (230, 220, 200), canvas.between(0, 1)), paint(canvas)
    low, high = canvas.between(0.13, 0.19), canvas.between(0.075, 0.11)
    if canvas.chance(0.45):
        _house(pen, low, band)
    _tower(pen, low, high, wall, band)
    _lantern(pen, high, band)


def _tower(pen: Pen, low: float, high: float, wall: Colour, band: Colour) -> None:
    bands = int(pen.canvas.rng.integers(1, 8))
    slant = pen.canvas.between(0.04, 0.1) if pen.canvas.chance(0.3) else 0.0
    for part in range(bands):
        start, end = (0.76 * (part + side) / bands for side in (0, 1))
        wide, narrow = (low + (high - low) * level / 0.76 for level in (start, end))
        colour = band if part % 2 else wall
        lift = slant if part else 0.0
        pen.poly([(-wide, start), (wide, start + lift), (narrow, end + slant), (-narrow, end)], colour)
    pen.poly(
        [(low * 0.35, 0.0), (low, 0.0), (high, 0.76), (high * 0.35, 0.76)],
        mixed(wall, INK, 0.22) if bands == 1 else mixed(band, INK, 0.12),
    )
    for window in range(int(pen.canvas.rng.integers(1, 4))):
        level = 0.2 + 0.17 * window
        pen.bar(-0.025, 0.02, level, level + 0.065, INK)
    pen.bar(-0.04, 0.035, 0.0, 0.11, mixed(INK, (110, 60, 40), 0.5))


def _lantern(pen: Pen, high: float, roof: Colour) -> None:
    canvas = pen.canvas
    if canvas.chance(0.4):
        x, y = pen.at(0.0, 0.86)
        canvas.soft([(x, y, 0.16 * pen.size, 0.16 * pen.size)], (255, 240, 180), 0.8)
        if canvas.chance(0.5):
            pen.poly([(0.0, 0.87), (1.8, 1.05), (1.8, 0.72), (0.0, 0.85)], (255, 246, 200))
    pen.bar(-high * 1.5, high * 1.5, 0.76, 0.795, INK)
    pen.bar(-high * 0.75, high * 0.75, 0.795, 0.91, (255, 236, 170))
    for bar in (-0.75, -0.25, 0.25, 0.75):
        pen.line([(high * bar, 0.79), (high * bar, 0.91)], INK, 0.012)
    pen.poly([(-high, 0.905), (high, 0.905), (0.0, 1.0)], roof)


def _house(pen: Pen, low: float, roof: Colour) -> None:
    left, right = low * 0.8, low * 0.8 + pen.canvas.between(0.2, 0.4)
    pen.bar(left, right, 0.0, 0.17, (232, 228, 218))
    pen.poly([(left - 0.03, 0.165), (right + 0.03, 0.165), (right - 0.05, 0.27), (left + 0.05, 0.27)], roof)
    pen.bar(left + 0.09, left + 0.15, 0.06, 0.12, INK)
