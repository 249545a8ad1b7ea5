"""Lesson 1: a picture is a block of numbers.

    python examples/lessons/lesson1_pixels.py [FOLDER]

Prints what a picture is made of, and draws it into FOLDER (lesson1 if none is named). Nothing is needed but numpy.
Next: lesson2_convolution.py.
"""

import sys
from pathlib import Path
from typing import TypeAlias

import numpy as np
from drawing import Bytes, Numbers, heat, png, row
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]  # true or false for each pixel
EYE = (slice(37, 45), slice(66, 74))  # rows and columns of the patch that is looked at closely


# 1. A picture, made of nothing but numbers.


def owl(height: int = 96, width: int = 128) -> Bytes:
    """An owl before an evening sky: height × width × 3 whole numbers from 0 to 255."""
    down, across = np.mgrid[0:height, 0:width] * 96 / height  # where each pixel is, on a paper 96 high
    picture = np.empty((height, width, 3))
    picture[:] = (250, 190, 120)
    picture -= down[..., None] * (1.6, 1.2, 0.2)  # the sky loses red and green on its way down

    def paint(inside: Mask, red: int, green: int, blue: int) -> None:
        picture[inside] = (red, green, blue)

    paint(disc(down, across, 16, 108, 9), 255, 244, 200)  # the moon
    paint((down > 84) & (down < 89), 70, 45, 30)  # the branch
    paint(disc(down, across, 62, 64, 28, 22), 96, 66, 48)  # the body
    paint(disc(down, across, 68, 64, 18, 12) & ((down + across) % 8 < 5), 205, 175, 135)  # feathers of the breast
    for side in (-1, 1):
        paint(disc(down, across, 44, 64 + 9 * side, 9), 240, 225, 190)  # the face
        paint(disc(down, across, 44, 64 + 9 * side, 6), 255, 190, 20)  # an eye
        paint(disc(down, across, 44, 64 + 9 * side, 3), 20, 15, 15)  # its pupil
    paint((abs(across - 64) * 2 < 56 - down) & (down > 48), 225, 130, 40)  # the beak
    return picture.round().clip(0, 255).astype(np.uint8)


def disc(down: Numbers, across: Numbers, top: float, left: float, tall: float, wide: float = 0) -> Mask:
    """Which pixels lie in an ellipse: true or false for each."""
    inside: Mask = ((down - top) / (tall + 0.5)) ** 2 + ((across - left) / ((wide or tall) + 0.5)) ** 2 <= 1
    return inside


# 2. What can be done with numbers.


def grey(picture: Bytes) -> Bytes:
    """One number a pixel: how bright it looks. Eyes see green best and blue least, hence the weights."""
    brightness: Numbers = picture @ np.array([0.299, 0.587, 0.114])  # the weights of television since 1953
    return brightness.round().astype(np.uint8)


def brighter(picture: Bytes, by: int) -> Bytes:
    """Every number raised. Counted wider first: in 8 bits 250 + 10 is 4."""
    return (picture.astype(int) + by).clip(0, 255).astype(np.uint8)


def smaller(picture: Bytes, times: int) -> Bytes:
    """Squares of pixels, each replaced by its mean."""
    height, width, channels = picture.shape
    squares = picture.reshape(height // times, times, width // times, times, channels)
    means: Numbers = squares.mean(axis=(1, 3))
    return means.round().astype(np.uint8)


def only(picture: Bytes, channel: int) -> Bytes:
    """The picture with one of its three colours, the others dark."""
    kept = np.zeros_like(picture)
    kept[:, :, channel] = picture[:, :, channel]
    return kept


def main(folder: str = "lesson1") -> None:
    """Tell what a picture is, and draw it."""
    room, picture = Path(folder), owl()
    print(f"A picture: {picture.shape} = rows, columns, colours; {picture.size:,} numbers of type {picture.dtype}.")
    print(f"The pixel in row 44, column 73: red, green, blue = {picture[44, 73]}.")
    print(f"All its red numbers are one matrix of {picture[:, :, 0].shape}, and so are the green and the blue ones.\n")

    print("A patch of 8 × 8 pixels around an eye, as grey:\n")
    print(grey(picture)[EYE])
    print("\nTo a program this is all there is. Flipping is reading backwards, cutting is choosing rows and columns.")

    png(room / "owl.png", picture, scale=4)
    red, green, blue = (only(picture, channel) for channel in range(3))
    row(room / "channels.svg", {"red": red, "green": green, "blue": blue, "grey": grey(picture)}, size=160)
    heat(room / "patch.svg", grey(picture)[EYE])
    changed = {
        "brighter by 60": brighter(picture, 60),
        "backwards": picture[:, ::-1],
        "cut out": picture[30:60, 44:84],
        "negative": 255 - picture,
    }
    row(room / "changed.svg", changed, size=160)
    row(room / "smaller.svg", {f"{96 // times} rows": smaller(picture, times) for times in (1, 4, 8, 16)}, size=160)
    print(f"\nDrawn into {room}/")


if __name__ == "__main__":
    main(*sys.argv[1:])
