"""Lesson 2: convolution. A small matrix, the kernel, slides over a picture and asks the same question everywhere.

    python examples/lessons/lesson2_convolution.py [FOLDER]

Prints one step of it by hand, and draws what ten kernels see into FOLDER (lesson2 if none is named).
Before: lesson1_pixels.py. Next: lesson3_layers.py.
"""

import sys
from pathlib import Path

import numpy as np
from drawing import Numbers, heat, row
from lesson1_pixels import grey, owl

# What each kernel asks of a pixel and its neighbours.
KERNELS: dict[str, list[list[float]]] = {
    "nothing": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "shift": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
    "blur": [[1 / 25] * 5] * 5,
    "soft blur": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "left to right": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],  # Sobel's
    "top to bottom": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "any edge": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "slanted line": [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]],
}


# 1. The whole idea: two loops.


def slide(picture: Numbers, kernel: Numbers) -> Numbers:
    """At every place: the numbers under the kernel times the kernel's, added up."""
    height, width = kernel.shape
    rows, columns = picture.shape[0] - height + 1, picture.shape[1] - width + 1
    seen = np.zeros((rows, columns))
    for down in range(rows):
        for across in range(columns):
            patch = picture[down : down + height, across : across + width]
            seen[down, across] = (patch * kernel).sum()
    return seen


# 2. The same for many pictures, colours and kernels at once, with stride and padding.


def conv2d(x: Numbers, kernels: Numbers, stride: int = 1, padding: int = 0) -> Numbers:
    """What every kernel sees at every place.

    x is pictures × rows × columns × channels, kernels are rows × columns × channels × how many; what comes out is
    pictures × rows × columns × how many. The kernel moves `stride` pixels a step, over `padding` zeros at each side.
    """
    height, width = kernels.shape[:2]
    seen: Numbers = np.tensordot(windows(x, height, width, stride, padding), kernels, axes=([3, 4, 5], [2, 0, 1]))
    return seen


def windows(x: Numbers, height: int, width: int, stride: int, padding: int) -> Numbers:
    """Every patch that a kernel comes to lie on: pictures × rows × columns × channels × height × width."""
    margins = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    every: Numbers = np.lib.stride_tricks.sliding_window_view(np.pad(x, margins), (height, width), axis=(1, 2))
    return every[:, ::stride, ::stride]


def size_after(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """How many places a kernel finds along a side."""
    return (size + 2 * padding - kernel) // stride + 1


# 3. What kernels see.


def seen_by(picture: Numbers, kernel: list[list[float]], stride: int = 1, padding: int = 0) -> Numbers:
    """One grey picture through one kernel: conv2d with a single picture, a single channel and a single kernel."""
    return conv2d(picture[None, :, :, None], np.array(kernel, float)[:, :, None, None], stride, padding)[0, :, :, 0]


def draw(room: Path, picture: Numbers) -> None:
    """One step, the gallery, and what strides and padding do."""
    step = ("left to right", picture[43:46, 76:79])
    heat(room / "step-pixels.svg", step[1].astype(np.uint8), "nine pixels")
    heat(room / "step-kernel.svg", KERNELS[step[0]], "the kernel")
    heat(room / "step-products.svg", step[1] * KERNELS[step[0]], "multiplied")
    row(room / "kernels.svg", [(name, np.array(kernel, float)) for name, kernel in KERNELS.items()], size=96, columns=5)
    row(room / "gallery.svg", [(name, shown(name, picture)) for name in KERNELS], size=160, columns=4)
    strides = {f"stride {stride}": seen_by(picture, KERNELS["any edge"], stride) for stride in (1, 2, 4)}
    row(room / "strides.svg", strides, size=200)
    row(room / "colours.svg", [("the picture", owl()), *colour_questions()], size=200)


def shown(name: str, picture: Numbers) -> Numbers:
    """What a kernel sees, as grey where its answers are pixels again, else blue and red."""
    seen = seen_by(picture, KERNELS[name], padding=len(KERNELS[name]) // 2)
    pixels = np.sum(KERNELS[name]) > 0.5
    return seen.clip(0, 255).astype(np.uint8) if pixels else seen


def colour_questions() -> list[tuple[str, Numbers]]:
    """Two kernels of 5 × 5 × 3: each weighs red, green and blue differently."""
    orange, blue = np.ones((5, 5, 1)) * (1, -0.2, -0.8), np.ones((5, 5, 1)) * (-0.5, -0.5, 1)
    seen = conv2d(owl()[None].astype(float), np.stack([orange, blue], axis=-1), padding=2)[0]
    return [("how orange?", seen[..., 0]), ("how blue?", seen[..., 1])]


def main(folder: str = "lesson2") -> None:
    """Convolve by hand once, then show what kernels see."""
    room, picture = Path(folder), grey(owl()).astype(float)
    patch, kernel = picture[43:46, 76:79], np.array(KERNELS["left to right"], float)
    print(f"Nine pixels:\n{patch}\n\ntimes a kernel that asks 'does it grow brighter from left to right?':\n{kernel}")
    print(f"\nnumber by number:\n{patch * kernel}\n\nadded up: {(patch * kernel).sum():g}\n")
    equal = np.allclose(slide(picture, kernel), seen_by(picture, KERNELS["left to right"]))
    print(f"Two plain loops and conv2d say the same: {equal}\n")
    for stride, padding in ((1, 0), (1, 1), (2, 1), (4, 0)):
        rows, columns = seen_by(picture, KERNELS["any edge"], stride, padding).shape
        print(f"stride {stride}, padding {padding}: 96 × 128 pixels become {rows} × {columns} answers")
    draw(room, picture)
    print(f"\nDrawn into {room}/")


if __name__ == "__main__":
    main(*sys.argv[1:])
