"""Where things stand: sky, sea, desert, coast, room, studio. Each returns where a subject's foot may be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from imgtool.demo.canvas import Canvas, mixed
from imgtool.demo.look import Colour, Tint

WHITE: Colour = (255, 255, 255)
INK: Colour = (25, 25, 32)
Scene = Callable[[Canvas, Tint], float]


def sky(canvas: Canvas, tint: Tint, horizon: float) -> None:
    """A sky down to the horizon, with a sun or moon, clouds and birds as it comes."""
    top, bottom = (tint.top, tint.bottom) if canvas.chance(0.75) else (tint.bottom, tint.top)
    canvas.gradient(top, bottom, 0.0, horizon)
    if canvas.chance(0.45):
        sun(canvas, tint, horizon)
    if canvas.chance(0.7):
        clouds(canvas, tint, horizon)
    if canvas.chance(0.25):
        birds(canvas, horizon)


def sun(canvas: Canvas, tint: Tint, horizon: float) -> None:
    """A bright disc with a glow."""
    x, y, radius = canvas.between(0.05, 0.95), canvas.between(0.05, horizon), canvas.between(0.03, 0.11)
    light = mixed(WHITE, tint.bottom, 0.25)
    canvas.soft([(x, y, radius * 2.5, radius * 2.5)], light, 0.55)
    canvas.ellipse((x, y), radius, radius, light)


def clouds(canvas: Canvas, tint: Tint, horizon: float) -> None:
    """Banks of soft heaps, lighter or darker than the sky."""
    spots = []
    for _ in range(int(canvas.rng.integers(1, 6))):
        x, y, size = canvas.between(-0.1, 1.1), canvas.between(0.0, horizon), canvas.between(0.04, 0.16)
        places = ((x + canvas.between(-0.14, 0.14), y + canvas.between(-0.03, 0.03)) for _ in range(5))
        spots += [(*place, size, size * 0.45) for place in places]
    colour = WHITE if canvas.chance(0.7) else mixed(tint.far, INK, 0.3)
    canvas.soft(spots, colour, canvas.between(0.5, 0.95))


def birds(canvas: Canvas, horizon: float) -> None:
    """A few far wings."""
    for _ in range(int(canvas.rng.integers(2, 7))):
        x, y, size = canvas.between(0.1, 0.9), canvas.between(0.05, horizon), canvas.between(0.01, 0.025)
        canvas.line([(x - size, y - size / 2), (x, y), (x + size, y - size / 2)], INK, 0.004)


def water(canvas: Canvas, tint: Tint, horizon: float) -> None:
    """A sea from the horizon down, with waves that grow towards us."""
    deep = mixed(tint.near, (20, 60, 110), canvas.between(0.1, 0.7))
    canvas.gradient(mixed(deep, tint.bottom, canvas.between(0.1, 0.5)), deep, horizon, 1.0)
    crest = mixed(deep, WHITE, canvas.between(0.2, 0.5))
    trough = mixed(deep, INK, 0.25)
    for near in np.sort(canvas.rng.random(int(canvas.rng.integers(25, 90)))):
        y, x = horizon + (1 - horizon) * float(near) ** 1.4, canvas.between(-0.1, 1.0)
        long = (0.02 + 0.12 * float(near)) * canvas.between(0.5, 1.5)
        colour = crest if canvas.chance(0.6) else trough
        dip = 0.004 + 0.01 * float(near)
        canvas.line([(x, y), (x + long / 2, y - dip), (x + long, y)], colour, 0.003 + 0.006 * float(near))


def sea(canvas: Canvas, tint: Tint) -> float:
    """Open water, at times with islands."""
    horizon = canvas.between(0.3, 0.72)
    sky(canvas, tint, horizon)
    if canvas.chance(0.5):
        canvas.ridge(horizon - canvas.between(0.0, 0.08), canvas.between(0.01, 0.035), tint.far)
    water(canvas, tint, horizon)
    return canvas.between(min(0.92, horizon + 0.08), 0.95)


def coast(canvas: Canvas, tint: Tint) -> float:
    """A sea behind, rock in front."""
    horizon = canvas.between(0.4, 0.7)
    sky(canvas, tint, horizon)
    water(canvas, tint, horizon)
    foot = canvas.between(horizon, 0.9)
    rock = mixed(tint.near, (70, 66, 62), 0.6)
    left, slope = canvas.between(-0.3, 0.25), canvas.between(0.05, 0.3)
    right = left + canvas.between(0.6, 1.1)
    brow = [(left + (right - left) * k / 8, foot + canvas.between(-0.01, 0.03)) for k in range(9)]
    canvas.poly([(left - slope, 1.1), *brow, (right + slope, 1.1)], rock)
    stones(canvas, mixed(rock, INK, 0.3), foot + 0.03)
    return foot + 0.02


def meadow(canvas: Canvas, tint: Tint) -> float:
    """Hills and grass."""
    horizon = canvas.between(0.35, 0.75)
    sky(canvas, tint, horizon)
    canvas.gradient(mixed(tint.near, (90, 140, 60), 0.5), mixed(tint.near, (40, 80, 40), 0.5), horizon, 1.0)
    for depth in (0.15, 0.4):
        hill = mixed(mixed(tint.far, (80, 120, 70), 0.5), tint.near, depth)
        canvas.ridge(horizon + depth * canvas.between(-0.1, 0.2), canvas.between(0.01, 0.03), hill)
    grass = mixed(tint.near, (60, 110, 50), 0.6)
    for _ in range(60):
        x, y = canvas.between(0, 1), canvas.between(horizon + 0.05, 1.0)
        canvas.line([(x, y), (x + canvas.between(-0.01, 0.01), y - 0.02)], mixed(grass, WHITE, 0.2), 0.003)
    return canvas.between(min(0.9, horizon + 0.1), 0.95)


def desert(canvas: Canvas, tint: Tint) -> float:
    """Sand, mesas, stones."""
    horizon = canvas.between(0.35, 0.78)
    sky(canvas, tint, horizon)
    sand = mixed(tint.near, (205, 165, 110), canvas.between(0.3, 0.8))
    canvas.gradient(mixed(sand, tint.bottom, 0.3), mixed(sand, INK, canvas.between(0.0, 0.35)), horizon, 1.0)
    if canvas.chance(0.6):
        x, wide, high = canvas.between(-0.1, 0.9), canvas.between(0.15, 0.5), canvas.between(0.05, 0.2)
        mesa = [(x - 0.05, horizon), (x, horizon - high), (x + wide, horizon - high), (x + wide + 0.05, horizon)]
        canvas.poly(mesa, mixed(tint.far, (140, 80, 60), 0.5))
    stones(canvas, mixed(sand, INK, 0.45), horizon + 0.04)
    return canvas.between(min(0.9, horizon + 0.08), 0.96)


def room(canvas: Canvas, tint: Tint) -> float:
    """A wall and a table or a window sill."""
    table = canvas.between(0.6, 0.88)
    canvas.gradient(tint.bottom, tint.top, 0.0, table)
    if canvas.chance(0.5):
        x, wide = canvas.between(0.0, 0.6), canvas.between(0.25, 0.5)
        high = canvas.between(0.4, 0.9) * table
        frame = mixed(WHITE, tint.far, 0.2)
        canvas.poly([(x, 0), (x + wide, 0), (x + wide, high), (x, high)], frame)
        for pane in (0.04, 0.52):
            left, right = x + wide * pane, x + wide * (pane + 0.44)
            canvas.poly([(left, 0), (right, 0), (right, high * 0.95), (left, high * 0.95)], tint.top)
    canvas.gradient(mixed(tint.near, (150, 110, 80), 0.5), mixed(tint.near, (80, 55, 40), 0.6), table, 1.0)
    return canvas.between(table + 0.02, min(0.97, table + 0.15))


def studio(canvas: Canvas, tint: Tint) -> float:
    """A plain backdrop with a soft light."""
    canvas.gradient(tint.bottom, mixed(tint.bottom, tint.near, canvas.between(0.2, 0.9)))
    canvas.soft([(canvas.between(0, 1), canvas.between(0, 1), 0.4, 0.4)], WHITE, 0.5)
    return canvas.between(0.8, 0.95)


def stones(canvas: Canvas, colour: Colour, level: float) -> None:
    """Stones on the ground, larger towards us."""
    for _ in range(int(canvas.rng.integers(4, 18))):
        y = canvas.between(level, 1.02)
        size = 0.008 + 0.06 * max(0.0, y - level) * canvas.between(0.3, 1.5)
        canvas.ellipse((canvas.between(0, 1), y), size * 1.6, size, mixed(colour, WHITE, canvas.between(0, 0.3)))
