"""Paint and brushes: a picture as an array, drawn on in fractions of its own width and height."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from imgtool.demo.look import Colour

Pixels = NDArray[np.uint8]
Point = tuple[float, float]

FINE = 4  # bits after the point in coordinates: edges move by a sixteenth of a pixel
COARSE = 8  # soft things are drawn that much smaller, then enlarged


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two; 0 is the first."""
    red, green, blue = (round(a + (b - a) * min(1.0, max(0.0, share))) for a, b in zip(one, other, strict=True))
    return red, green, blue


class Canvas:
    """An RGB picture and the dice it is drawn with. (0, 0) is the upper left corner, (1, 1) the lower right."""

    def __init__(self, width: int, height: int, rng: np.random.Generator) -> None:
        self.rng = rng
        self.width = width
        self.height = height
        self.pixels: Pixels = np.zeros((height, width, 3), np.uint8)

    def between(self, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        return float(self.rng.uniform(low, high))

    def chance(self, odds: float) -> bool:
        """True as often as `odds` says."""
        return bool(self.rng.random() < odds)

    def gradient(self, top: Colour, bottom: Colour, start: float = 0.0, end: float = 1.0) -> None:
        """Fill from row `start` to row `end`, one colour flowing into the other."""
        first, last = round(start * self.height), round(end * self.height)
        share = np.linspace(0, 1, max(last - first, 1), dtype=np.float32)[:, None]
        high, low = np.array(top, np.float32), np.array(bottom, np.float32)
        rows = high + (low - high) * share
        self.pixels[first:last] = rows[: last - first, None, :].astype(np.uint8)

    def poly(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled shape."""
        cv2.fillPoly(self.pixels, [self._fixed(points)], colour, cv2.LINE_AA, FINE)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A stroke; its width is a fraction of the picture's height."""
        thick = max(1, round(width * self.height))
        cv2.polylines(self.pixels, [self._fixed(points)], False, colour, thick, cv2.LINE_AA, FINE)

    def ellipse(self, centre: Point, across: float, down: float, colour: Colour, turn: float = 0.0) -> None:
        """A filled ellipse; its half-axes are fractions of the picture's height."""
        axes = (max(1, round(across * self.height)), max(1, round(down * self.height)))
        middle = (round(centre[0] * self.width), round(centre[1] * self.height))
        cv2.ellipse(self.pixels, middle, axes, turn, 0, 360, colour, -1, cv2.LINE_AA)

    def soft(self, spots: Sequence[tuple[float, float, float, float]], colour: Colour, strength: float) -> None:
        """Blurred ellipses (x, y, across, down): clouds, glows, fog."""
        wide, high = max(8, self.width // COARSE), max(8, self.height // COARSE)
        mask = np.zeros((high, wide), np.float32)
        for x, y, across, down in spots:
            axes = (max(1, round(across * high)), max(1, round(down * high)))
            cv2.ellipse(mask, (round(x * wide), round(y * high)), axes, 0, 0, 360, strength, -1)
        blurred = cv2.GaussianBlur(mask, (0, 0), max(1.0, high / 30))
        spread = cv2.resize(blurred, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        self._blend(np.asarray(spread, np.float32), colour)

    def shade(self, cells: int, strength: float) -> None:
        """Large soft patches of light and shadow: what tells two pictures of one scene apart at a glance."""
        field = self.rng.normal(1.0, strength, (cells, cells)).clip(0.35, 1.7).astype(np.float32)
        size = (self.width, self.height)
        light = cv2.resize(field, size, interpolation=cv2.INTER_CUBIC)
        self.pixels = _bytes(cv2.multiply(self.pixels, cv2.merge([light] * 3), dtype=cv2.CV_8U))

    def grain(self, bits: int) -> None:
        """The noise of a sensor: up to 2 ** bits steps from dark to light."""
        count = self.width * self.height
        noise = np.frombuffer(self.rng.bytes(count), np.uint8).reshape(self.height, self.width)
        small = (noise >> (8 - bits)).astype(np.int16) - (1 << (bits - 1))
        self.pixels = _bytes(cv2.add(self.pixels, cv2.merge([small] * 3), dtype=cv2.CV_8U))

    def ridge(self, level: float, rough: float, colour: Colour, steps: int = 24) -> None:
        """Hills against the sky, filled down to the lower edge."""
        walk = np.cumsum(self.rng.normal(0, rough, steps + 1))
        walk -= np.linspace(walk[0], walk[-1], steps + 1)  # ends on the level it began on
        top = [(k / steps, level + float(lift)) for k, lift in enumerate(walk)]
        self.poly([(0.0, 1.1), *top, (1.0, 1.1)], colour)

    def _fixed(self, points: Sequence[Point]) -> NDArray[np.int32]:
        scale = np.array([self.width, self.height]) * (1 << FINE)
        return np.asarray(np.round(np.array(points) * scale), np.int32)

    def _blend(self, mask: NDArray[np.float32], colour: Colour) -> None:
        share = cv2.merge([mask] * 3)
        paint = np.full_like(self.pixels, colour)
        over = cv2.multiply(paint, share, dtype=cv2.CV_8U)
        under = cv2.multiply(self.pixels, 1.0 - share, dtype=cv2.CV_8U)
        self.pixels = _bytes(cv2.add(under, over))


def _bytes(array: object) -> Pixels:
    return np.asarray(array, np.uint8)


@dataclass(frozen=True, slots=True)
class Pen:
    """A canvas seen from a subject: the origin is its foot, 1 is its height, up is up, perhaps leaning or mirrored."""

    canvas: Canvas
    foot: Point
    size: float  # the subject's height as a fraction of the picture's
    lean: float = 0.0  # radians
    flip: int = 1  # -1 mirrors

    def at(self, right: float, up: float) -> Point:
        """A place on the canvas."""
        turned = right * self.flip * math.cos(self.lean) + up * math.sin(self.lean)
        raised = up * math.cos(self.lean) - right * self.flip * math.sin(self.lean)
        narrow = self.canvas.height / self.canvas.width
        return self.foot[0] + turned * self.size * narrow, self.foot[1] - raised * self.size

    def poly(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled shape."""
        self.canvas.poly([self.at(*point) for point in points], colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A stroke; its width is a fraction of the subject's height."""
        self.canvas.line([self.at(*point) for point in points], colour, width * self.size)

    def ellipse(self, centre: Point, across: float, down: float, colour: Colour, turn: float = 0.0) -> None:
        """A filled ellipse in the subject's measure."""
        degrees = math.degrees(self.lean) + turn * self.flip
        self.canvas.ellipse(self.at(*centre), across * self.size, down * self.size, colour, degrees)

    def bar(self, left: float, right: float, low: float, high: float, colour: Colour) -> None:
        """An upright rectangle."""
        self.poly([(left, low), (right, low), (right, high), (left, high)], colour)
